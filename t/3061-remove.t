#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-unpack --remove: what was unpacked is taken away, and nothing else.
. "${0%/*}/lib.sh"

mkdir -p a/b/c d outside
: >outside/stays
ln -s "$tmp/outside" a/link
ln -s ../outside a/b/link
: >a/b/c/file
chmod 0 a/b/c
ok "trees are removed" oci-unpack --remove a d/ missing missing/below
is "and nothing behind their links" "$(ls . outside)" ".:
outside

outside:
stays"
ln -s outside link
fails "a link" oci-unpack --remove link
said "is no directory" "link: not a directory"
: >file
fails "nor is a file" oci-unpack --remove file
fails "a place without a name" oci-unpack --remove outside/.
exits 2 "nothing to remove" oci-unpack --remove
is "it is all there" "$(ls . outside)" ".:
file
link
outside

outside:
stays"

[ "$(id -u)" = 0 ] || {
	skip 4 "not root"
	done_testing
}
mkdir -p his/r/etc/deep mine/etc
: >his/r/etc/deep/file
chown -R 65534:65534 his
chmod 555 his/r/etc his/r/etc/deep
chmod 0 his/r/etc/deep
chmod 755 "$tmp_base" "$tmp"
cp "$B/bin/oci-unpack" .
nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}
ok "an ordinary user's that he had closed to himself" \
	nobody ./oci-unpack --remove his/r
ok "is gone" test ! -e his/r
fails "another's" nobody ./oci-unpack --remove mine
ok "stays" test -d mine/etc

done_testing
