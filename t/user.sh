# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2154
# An ordinary user for tests that root runs: who has no name and no range of
# ids, a home of his own with what he needs in it, and the programs.  Below a
# home of mode 0700, where the sources may be, he would find none.
need setpriv
need_root

mkdir home bin
chmod 755 "$tmp_base" "$tmp"
chown 65534:65534 home
cp "$B"/bin/oci-* bin
PATH=$tmp/bin:$PATH

# as_user COMMAND...: run it as he, in his home, where his state directory is.
as_user() {
	(cd home && setpriv --reuid=65534 --regid=65534 --clear-groups \
		env HOME="$tmp/home" TMPDIR="$tmp/home" \
		XDG_RUNTIME_DIR="$tmp/home" "$@")
}
