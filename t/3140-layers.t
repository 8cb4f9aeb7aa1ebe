#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-unpack --layers: each layer once, for all images that have it; what has
# its name is whole.  That a mount of them is the tree that oci-unpack makes is
# seen by unpacks, here and in the tests before.
. "${0%/*}/lib.sh"
. "$top/t/unpack.sh"
need setpriv unshare setsid
need_root
overlay_try
[ "$unpack_overlay" = yes ] || skip_all "no overlay mounts here"

layer base <<'E2'
dir usr mode=751 uid=7 gid=8 mtime=100 xattr.user.colour=blue
dir usr/lib mode=700 uid=9 mtime=101
file usr/lib/one one mode=640 uid=5 gid=6 mtime=102 xattr.user.x=y
link usr/lib/two usr/lib/one
symlink lib usr/lib
dir etc
dir etc/d
file etc/d/f f
file etc/d/g g
file hole size=9
E2
layer upper <<'E2'
file lib/three three
link far lib/one
file etc/d/.wh..wh..opq
file etc/d/new n
E2
layer other <<'E2'
file .wh.etc
dir etc mode=711
file etc/h h
E2
"$top/t/mkimage" two base.tar upper.tar >"$out" || bail mkimage
"$top/t/mkimage" two:other base.tar other.tar >"$out" || bail mkimage
"$top/t/mkimage" none:empty >"$out" || bail mkimage

# The names, as the specification has them, without a program of ours.
diff_ids() {
	python3 - "$1" "$2" <<'E2'
import hashlib, json, sys
def blob(d):
    return json.load(open(sys.argv[1] + "/blobs/" + d["digest"].replace(":", "/")))
for m in json.load(open(sys.argv[1] + "/index.json"))["manifests"]:
    if m["annotations"]["org.opencontainers.image.ref.name"] == sys.argv[2]:
        ids = blob(blob(m)["config"])["rootfs"]["diff_ids"]
names = []
for i in ids:
    text = "sha256:%s %s" % (names[-1], i) if names else i
    names.append(hashlib.sha256(text.encode()).hexdigest() if names
                 else i.split(":")[1])
for n in reversed(names):
    print("sha256/" + n)
E2
}
tag=$(sed -n 's/.*ref.name": *"\([^"]*\)".*/\1/p' two/index.json | head -n 1)
ok "two layers" oci-unpack --layers s two:"$tag"
cp "$out" names
is "are named by their chains, the topmost first" "$(cat names)" \
	"$(diff_ids two "$tag")"
top_layer=$(sed -n 1p names) base_layer=$(sed -n 2p names)
is "nobody else may enter the directory" "$(stat -c %a s)" 700
is "nothing else is there" "$(cd s && find . -maxdepth 2 -type d | sort |
	tr '\n' ' ')" "$(printf '%s\n' . ./sha256 "./$top_layer" "./$base_layer" |
	sort | tr '\n' ' ')"
is "directories that it passes are as they are below" \
	"$(stat -c '%a %u %g %Y' "s/$top_layer/usr" "s/$top_layer/usr/lib" |
		tr '\n' ' ')" "751 7 8 100 700 9 0 101 "
is "also their attributes" \
	"$(getfattr --only-values -n user.colour "s/$top_layer/usr")" blue
is "a file behind a lower link is where that leads" \
	"$(cat "s/$top_layer/usr/lib/three")" three
is "a link to a lower file is that file" "$(stat -c %i "s/$top_layer/far")" \
	"$(stat -c %i "s/$base_layer/usr/lib/two")"
is "an opaque directory is marked" "$(getfattr --only-values \
	-n trusted.overlay.opaque "s/$top_layer/etc/d")" y
inodes=$(cd s && find . | sort | xargs stat -c '%n %i %z')
ok "once more" oci-unpack --layers s two:"$tag"
is "changes nothing" "$(cd s && find . | sort | xargs stat -c '%n %i %z')" \
	"$inodes"
ok "another image" oci-unpack --layers s two:other
is "shares the base" "$(sed -n 2p "$out")" "$base_layer"
other_layer=$(sed -n 1p "$out")
is "what is whited out and made again is opaque" "$(getfattr --only-values \
	-n trusted.overlay.opaque "s/$other_layer/etc")" y
is "and has no marks in it" "$(ls -A "s/$other_layer/etc")" h
ok "an image without layers" oci-unpack --layers s none:empty
is "prints nothing" "$(cat "$out")" ""
rm -rf s/sha256

# What a mount can't be told from the tree, beside the other tests' cases.
mv base.tar first.tar
unpacks "passing through, links, opaque" first.tar upper.tar
unpacks "a directory made again" first.tar other.tar
layer swap <<'E2'
file usr now a file
dir lib mode=700
file lib/x x
E2
layer back <<'E2'
dir usr mode=711
file usr/new n
file lib/.wh.x
E2
unpacks "a directory, a file, a directory" first.tar swap.tar back.tar
layer both <<'E2'
file usr a file
dir usr mode=700
file usr/y y
E2
unpacks "both in one layer" first.tar both.tar
layer all <<'E2'
file .wh..wh..opq mtime=26
dir usr/new/x mtime=63
file .wh.usr mtime=59
E2
unpacks "all of the root, and once more what is made in it" first.tar all.tar
layer lost <<'E2'
char etc/d/f 0 0
char hole 0 0
link hole2 hole
dir etc/d/g mode=700 xattr.trusted.overlay.opaque=y xattr.trusted.overlay.redirect=/usr
E2
unpacks "devices 0:0 and attributes of overlay in the image" \
	first.tar lost.tar
layer gone <<'E2'
file etc/d/.wh.f
file etc/d/.wh.nothing
file usr/lib/.wh.one
E2
layer again <<'E2'
link three usr/lib/two
file etc/d/f again
E2
unpacks "a whiteout, what it hid made again, its other link linked" \
	first.tar gone.tar again.tar

# What isn't as it was made.
fails "other owners" oci-unpack --layers s --rootless=single two:"$tag"
said "are refused" 's: its layers were made with --rootless=no'
cp s/layers.json noted
echo '{"overlay":"trusted"}' >s/layers.json
fails "a directory that doesn't say enough" oci-unpack --layers s two:"$tag"
said "is refused" "layers.json: it doesn't say how its layers were made"
cp -r two layout
fails "a layout for a directory of layers" oci-unpack --layers layout two:"$tag"
said "is refused" "^oci-unpack: layout: neither a directory of layers, for it has"
is "and is as it was" "$(ls -A layout)" "$(ls -A two)"
mkdir begun && : >begun/.layers.json.1.tmp
ok "one where a run was killed at once" oci-unpack --layers begun two:"$tag"
is "has nothing else" "$(ls -A begun)" ".lock
layers.json
sha256"
cp noted s/layers.json
chmod 777 s
fails "a directory that others may write to" oci-unpack --layers s two:"$tag"
said "is refused" 's: others may write'
chmod 700 s
if unshare -Ur true; then
	fails "a user namespace" unshare -Ur oci-unpack --layers s two:other
	said "in which opaque directories would not be seen" \
		's: trusted.overlay.opaque.* user namespace'
fi
for o in --list --remove -v --include=x --exclude=x; do
	exits 2 "--layers with $o" oci-unpack --layers s "$o" two:"$tag"
done
exits 2 "with a second operand" oci-unpack --layers s two:"$tag" r
printf '%s\n' "file sound" "link broken none" | layer broken
"$top/t/mkimage" two:broken first.tar broken.tar >"$out"
rm -rf s
fails "the second layer is at fault" oci-unpack --layers s two:broken
is "the first is there, and only that" "$(cd s/sha256 && ls -A)" \
	"${base_layer#*/}"

# As an ordinary user, whose mounts are those of a user namespace.
mkdir -m 777 user
chmod 755 "$tmp_base" "$tmp"
chmod -R a+rX two
as_user() {
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}
ok "an ordinary user" as_user oci-unpack --layers user/s two:other
cp "$out" names
is "marks as such mounts want it" "$(getfattr --only-values \
	-n user.overlay.opaque "user/s/$(sed -n 1p names)/etc")" y
ok "layers without owners" as_user oci-unpack --layers user/s two:"$tag"
owners() {
	(cd "$1" && for i in . usr usr/lib etc; do
		echo "$i $(getfattr --only-values -n user.rootlesscontainers \
			"$i" 2>/dev/null | od -An -tx1)"
	done)
}
is "keep those of directories that they pass" \
	"$(owners "user/s/$top_layer")" ". 
usr  08 07 10 08
usr/lib  08 09 10 ff ff ff ff 0f
etc "
layer shut <<'E2'
dir ./ mode=311
file shut s
E2
"$top/t/mkimage" two:shut shut.tar other.tar >"$out" || bail mkimage
chmod -R a+rX two
ok "a root that can't be read" as_user oci-unpack --layers user/s two:shut
oci-unpack --remove "user/s/$(sed -n 1p "$out")"
ok "has a layer on top" as_user oci-unpack --layers user/s two:shut
layer dark <<'E2'
dir dark mode=0 xattr.user.colour=black uid=5
dir dark/in mode=311
file dark/in/f f
file dark/in/g g mode=0
file dark/h h
dir open
E2
layer lit <<'E2'
file dark/in/new n
file dark/in/.wh.f
link open/g dark/in/g
E2
"$top/t/mkimage" two:dark dark.tar lit.tar >"$out" || bail mkimage
chmod -R a+rX two
if as_user unshare -U true; then
	ok "directories of mode 0" as_user oci-unpack --layers user/s two:dark
	dark=user/s/$(sed -n 1p "$out")
	is "have their modes where they are passed" \
		"$(stat -c %a "$dark/dark" "$dark/dark/in" | tr '\n' ' ')" \
		"0 311 "
	is "and their attributes" "$(getfattr --only-values -n user.colour \
		"$dark/dark") $(getfattr --only-values \
		-n user.rootlesscontainers "$dark/dark" | od -An -tx1)" \
		"black  08 05 10 ff ff ff ff 0f"
	is "and whiteouts and links" "$(stat -c '%F %t,%T' "$dark/dark/in/f"
		stat -c %i "$dark/open/g")" "character special file 0,0
$(stat -c %i "user/s/$(sed -n 2p "$out")/dark/in/g")"
	is "and are the user's" "$(find "$dark" ! -user 65534)" ""
	as_user cp -a user/s/layers.json user/killed.json
	as_user mkdir -p user/killed/sha256
	as_user mv user/killed.json user/killed/layers.json
	as_user mkdir -m 0 "user/killed/sha256/.$(printf %064d 0).tmp"
	ok "what a killed run has left" as_user oci-unpack --gc user/killed
	is "goes, whatever its mode" "$(ls -A user/killed/sha256)" ""
else
	skip 7 "no user namespaces here"
fi
fails "root" oci-unpack --layers user/s two:other
said "doesn't put layers there" 'belongs to another user'

# One that hangs in the middle of its second layer.
layer large <<E2
$(for i in $(seq 1 300); do echo "file d$((i / 50))/f$i size=20000"; done)
E2
rm -rf img
"$top/t/mkimage" img plain=first.tar plain=large.tar >"$out" || bail mkimage
oci-unpack --layers whole img >names || bail "oci-unpack --layers"
# shellcheck disable=SC2046
tar -C img -cf whole.tar $(members)
size=$(stat -c %s whole.tar)
mkfifo fifo
second=$(sed -n 's,.*/,,;1p' names)
# hung: the feeder goes on when there is a file go.
hung() {
	rm -f go
	(head -c $((size * 2 / 3)) whole.tar
	until [ -e go ]; do sleep 0.05; done
	tail -c +$((size * 2 / 3 + 1)) whole.tar) >fifo &
	feeder=$!
	oci-unpack --layers s - <fifo >hung.out 2>hung.err &
	unpacker=$!
	wait_for test -e "s/sha256/.$second.tmp/d2"
}
waits() {
	grep -e "-> FLOCK" /proc/locks | grep -q ":$inode "
}
rm -rf s
hung
is "what isn't complete hasn't its name" "$(cd s/sha256 && ls)" \
	"${base_layer#*/}"
inode=$(stat -c %i "s/sha256/.$second.tmp")
oci-unpack --layers s img >second.out 2>second.err &
waiter=$!
wait_for waits || fail "another doesn't wait for the lock" \
	"$(cat second.err /proc/locks)"
: >go
wait "$unpacker"
is "the one that was first makes it" $? 0
wait "$waiter"
is "the other gets it" "$? $(cat second.out)" "0 $(cat names)"
is "it was made once" "$(stat -c %i "s/sha256/$second")" "$inode"
wait "$feeder"
rm -rf s
hung
kill -9 "$unpacker"
wait "$unpacker" 2>/dev/null
: >go
wait "$feeder" 2>/dev/null
ok "kill -9 leaves a temporary directory" test -d "s/sha256/.$second.tmp"
ok "another image" oci-unpack --layers s two:other
ok "takes it away" test ! -e "s/sha256/.$second.tmp"
hung
kill "$unpacker"
wait "$unpacker"
is "a signal ends it" $? 1
ok "and nothing is left" test ! -e "s/sha256/.$second.tmp"
: >go
wait "$feeder" 2>/dev/null

mkdir full
mount -t tmpfs -o size=3m tmpfs full || bail "no tmpfs"
at_exit "umount '$tmp/full'"
fails "a file system that is full" oci-unpack --layers full/s img
said "is said" 'No space left'
is "has the layer that fits" "$(ls -A full/s/sha256)" "${base_layer#*/}"
unpack_clean
done_testing
