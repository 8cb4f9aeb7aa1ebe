#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-unpack as root where others may rename: what it removes and changes is
# what it made, and nothing that somebody puts in its place.
. "${0%/*}/lib.sh"
. "$top/t/unpack.sh"
need setpriv cc
need_root

compile swap.so swap.c -shared -fPIC -O2
chmod 755 "$tmp_base" "$tmp"
enemy() {
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

layer one <<'E'
file f one
file f one
E
image one.tar

# In a directory that others may write to, a name says nothing.
mkdir -m 777 shared
mkdir shared/important
echo x >shared/important/precious
ok "somebody renames a directory of root's" \
	enemy mv shared/important shared/.r.1.tmp
ok "root unpacks there" oci-unpack img shared/r
is "the directory is whole" "$(cat shared/.r.1.tmp/precious)" x
said "root is told" '\.r\.1\.tmp: .*not removed'
rm -r shared/r
fails "a failure there" oci-unpack --max-size=0 img shared/r
is "still leaves nothing" "$(ls -A shared)" .r.1.tmp
mkdir shared/empty
other=$(stat -c %i shared/empty)
run env LD_PRELOAD="$tmp/swap.so" MOVE_AT=scratch MOVE_IN=shared \
	MOVE=.r.PID.tmp MOVE_TO=empty \
	ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0" \
	oci-unpack --max-size=0 img shared/r
said "a directory takes the place of what is unpacked" 'tmp has gone$'
is "it isn't removed in place of that" \
	"$(find shared -inum "$other" | wc -l)" 1
said "and that is said" '\.r\.[0-9]+\.tmp: Stale'
find shared -mindepth 1 -empty -delete
chmod 1777 shared
ok "where only their owner may rename files" oci-unpack img shared/r
is "what killed runs have left is removed" "$(ls -A shared)" r
rm -r shared/r
chown 65534 shared
mkdir shared/.r.1.tmp
ok "in somebody else's directory" oci-unpack img shared/r
is "it stays" "$(ls -A shared)" ".r.1.tmp
r"
rm -r shared

# Somebody is at work in the rest of a killed run, which had its modes already:
# a directory is moved out of the tree while what is in it is removed.  Its
# parent is now one where he may write, but not remove.
mkdir parent
mkdir -m 1777 sticky
for i in $(seq 20); do
	mkdir -p "sticky/$i.d" "parent/.r.1.tmp/his/1/2/3/$i.d"
	echo x >"sticky/$i.d/precious"
done
deep=parent/.r.1.tmp/his
for i in $(seq 24); do
	deep=$deep/$i
done
mkdir -p "$deep"
python3 -c 'import os, sys
os.chdir(sys.argv[1])
for i in range(1000):
    os.symlink("x", str(i))' "$deep"
chown -R 65534 parent/.r.1.tmp/his
run env LD_PRELOAD="$tmp/swap.so" MOVE_AT=500 MOVE_IN=parent/.r.1.tmp/his \
	MOVE=1/2/3/4 MOVE_TO="$tmp/sticky/4" \
	ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0" \
	oci-unpack img parent/r
said "a directory escapes" '^1/2/3/4 has gone$'
is "where it went nothing is removed" "$(cat sticky/*/precious | wc -l)" 20
said "that it failed is said" '\.r\.1\.tmp: '
ok "and the image is there" test -f parent/r/f

# Another run is in time to see what isn't locked yet, and takes it away.
quick() {
	LD_PRELOAD="$tmp/swap.so" "$@"
}
mkdir -m 700 s
export ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0"
rm -r parent/r
ok "what was made is taken for a leftover" quick env SWAP=.r. \
	oci-unpack img parent/r
ok "the image is there" test -f parent/r/f
ok "a layer's" quick env SWAP=sha256/. oci-unpack --layers s/1 img
cp "$out" names
ok "is there" test -f "s/1/$(cat names)/f"
mkdir -p s/rest/half
ok "another's, which was killed, stands in its place" quick env \
	SWAP=sha256/. SWAP_BY=s/rest oci-unpack --layers s/2 img
is "the layer has nothing of that" "$(ls -A "s/2/$(cat names)")" \
	"$(ls -A "s/1/$(cat names)")"
done_testing
