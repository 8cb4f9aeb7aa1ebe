# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2034
# A private directory $tmp, and what is to be undone at the end of a script,
# however it ends.  What is found mounted below $tmp then is somebody's error:
# it is named, the script fails, and nothing behind the mount is touched.

tmp_base=$(mktemp -d "${TMPDIR:-/tmp}/oci-test.XXXXXX") || exit 1
tmp=$tmp_base/tmp tmp_at_exit=
mkdir "$tmp"

# at_exit COMMAND: a line of shell, run at the end, the last one first.
at_exit() {
	tmp_at_exit="$1
$tmp_at_exit"
}

tmp_clean() {
	tmp_status=$?
	set +e
	trap '' HUP INT PIPE TERM
	cd /
	eval "$tmp_at_exit"
	if grep -F " $tmp_base/" /proc/self/mountinfo >&2; then
		echo "$0: the above is still mounted" >&2
		[ "$tmp_status" != 0 ] || tmp_status=1
	fi
	[ "$(id -u)" = 0 ] || chmod -R u+rwX "$tmp_base" 2>/dev/null
	rm -rf --one-file-system "$tmp_base"
	trap - EXIT
	exit "$tmp_status"
}

trap tmp_clean EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 141' PIPE
trap 'exit 143' TERM
