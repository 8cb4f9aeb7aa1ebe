#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-unpack and another reader of tar: what both take is one tree.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm
. "${0%/*}/lib.sh"
. "$top/t/unpack.sh"
need_root

ok "some hundred layers with odd headers" "$top/t/oddheaders"
cp "$out" odd
diag "$(cut -f2 odd | sort | uniq -c | tr -s ' \n' ' ')"
ok "many are read by both alike" test "$(grep -c '	same' odd)" -gt 150

# Those that are not the same tree, and why.
cat >explained <<'E'
type 'D'	a directory with a list of what was in it, as GNU tar has it
type 'V'	the label of a volume, no file
type '3' pax size	device 0:0 is left out
magic b''	without the magic of ustar there is no prefix, see GNU's header
magic b'ustar  \x00'	the same: this is GNU's, with times in that place
magic b'USTAR'	the same
E
cut -f1 explained >names
grep '	DIFFERENT' odd | grep -vFf names >unexplained
is "another tree is a thing that is explained" "$(cut -c1-300 unexplained)" ""

# Where readers differ, the layer is refused: by name of the header.
for name in "global path" "global size" "global uid" "global mtime" \
	"global SCHILY.xattr.user.a" "global GNU.sparse.size" "global uname" \
	"x x" "L L" "L x" "K x" "L empty" "path empty" "sparse name only" \
	"sparse map only" "sparse 2.0" "pax size=b''" "pax uid=b'-5'" \
	"pax type0 2" "records b'6 a=b\\n\\x00\\x00'" \
	"field mode b'\\x000017\\x00\\x00'"; do
	grep -qF "$name	refused" odd || echo "$name"
done >taken
is "where readers are known to differ it is refused" "$(cat taken)" ""
is "a global comment is no matter" "$(grep -c '^global comment	same' odd)" 1
done_testing
