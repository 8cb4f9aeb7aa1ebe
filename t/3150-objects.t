#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-unpack --objects: trees that share their files, by hard links here and by
# reflinks where a file system has them.  The tree is that of oci-unpack alone.
. "${0%/*}/lib.sh"
. "$top/t/unpack.sh"
need setpriv unshare python3
need_root

layer base <<'E2'
dir ./ mode=751 uid=3 mtime=9
dir usr mode=751 uid=7 gid=8 mtime=100 xattr.user.colour=blue
file usr/one one mode=640 uid=5 gid=6 mtime=102 xattr.user.x=y
link usr/two usr/one
file usr/mode one mode=644 uid=5 gid=6 mtime=102 xattr.user.x=y
file usr/owner one mode=640 uid=6 gid=6 mtime=102 xattr.user.x=y
file usr/group one mode=640 uid=5 gid=7 mtime=102 xattr.user.x=y
file usr/time one mode=640 uid=5 gid=6 mtime=103 xattr.user.x=y
file usr/other one mode=640 uid=5 gid=6 mtime=102 xattr.user.x=z
file usr/more one mode=640 uid=5 gid=6 mtime=102 xattr.user.x=y xattr.user.y=y
file usr/equal one mode=640 uid=5 gid=6 mtime=102 xattr.user.x=y
file usr/su su mode=6755 uid=5 gid=6
file usr/none none mode=0
file usr/large size=3000000
file usr/empty
file usr/empty2
symlink lib usr/lib
fifo pipe
E2
layer upper <<'E2'
file usr/one other mode=600
file usr/.wh.su
file usr/su2 su mode=6755 uid=5 gid=6
E2
layer late <<'E2'
file late late mtime=99999999999
E2
image late.tar
mv img late
image base.tar upper.tar
oci-unpack img plain || bail "oci-unpack"
# text TREE: what there is to know but which names are links of one file.
text() {
	"$top/t/tree" "$1" | sed 's/ =[^ ]* n[0-9]*//
		s/ user.oci-unpack.shared=[0-9a-f]*//'
}
text plain >plain.text
# differs TREE: what of it isn't as in the plain one.
differs() {
	text "$1" | diff "${2-../plain.text}" -
}
inode() {
	stat -c %i "$@" | tr '\n' ' '
}
objects() {
	find o -type f | wc -l
}

mkdir links
cd links || bail "cd"
ok "the first tree" oci-unpack --objects o ../img a
is "is the plain one" "$(differs a)" ""
ok "the second" oci-unpack --objects o ../img b
is "is the plain one" "$(differs b)" ""
if [ -e o/inode ]; then
	shared() {
		(cd "$1/usr" && inode two mode owner large su2 none)
	}
	is "it has the same files" "$(shared b)" "$(shared a)"
	is "also the second time in a tree" "$(inode b/usr/equal)" \
		"$(inode a/usr/two)"
	is "files that differ in anything are others" "$(cd a/usr &&
		inode two mode owner group time other more | tr ' ' '\n' |
		sort -u | grep -c .)" 7
	is "empty ones are not shared" "$(stat -c %h a/usr/empty b/usr/empty2 |
		tr '\n' ' ')" "1 1 "
	is "their trees are marked" "$(getfattr --only-values \
		-n user.oci-unpack.shared a)" "hard links"
fi
is "nobody else may enter the directory" "$(stat -c %a o)" 700
is "it has nothing but objects" "$(find o -type f ! -path 'o/inode/??/*' \
	! -path 'o/sha256/??/*')" ""
n=$(objects)
oci-unpack --remove a
is "a tree is removed" "$(differs b)" ""
ok "and comes again" oci-unpack --objects o ../img a
is "with no new object" "$(objects)" "$n"

# What the file system makes of an entry is no change.
oci-unpack --objects l ../late c
ok "a time past the file system's last" oci-unpack --objects l ../late d
is "is no change" "$(cat "$err")" ""
[ ! -e o/inode ] || is "and the file is shared" "$(inode d/late)" \
	"$(inode c/late)"
oci-unpack --remove c d

# Objects that aren't what they were: by way of a tree, or by a power failure.
damage() { # NAME WHAT COMMAND...
	damage_name=$1 damage_what=$2
	shift 2
	"$@"
	oci-unpack --remove b
	ok "an object $damage_name" oci-unpack --objects o ../img b
	said "is found" "o/[a-z0-9]*/../[0-9a-f]*: its $damage_what has changed"
	is "the tree is right" "$(differs b)" ""
	oci-unpack --remove b
	ok "the next" oci-unpack --objects o ../img b
	is "finds nothing" "$(cat "$err")" ""
}
write() {
	printf x | dd of=a/usr/large bs=1 seek=77777 conv=notrunc 2>/dev/null
	touch -r ../plain/usr/large a/usr/large
}
# of an object whose file in the tree a is that.
object() {
	find o -samefile "a/usr/$1"
}
if [ -e o/inode ]; then
	damage "that was written to" content write
	oci-unpack --remove a && oci-unpack --objects o ../img a
	damage "that was cut" size sh -c ': >a/usr/su2
		chmod 6755 a/usr/su2; touch -r ../plain/usr/su2 a/usr/su2'
	oci-unpack --remove a && oci-unpack --objects o ../img a
	damage "with another mode" mode chmod 777 a/usr/two
	oci-unpack --remove a && oci-unpack --objects o ../img a
	damage "with another owner" owner sh -c 'chown 9 a/usr/su2
		chmod 6755 a/usr/su2'
	oci-unpack --remove a && oci-unpack --objects o ../img a
	damage "with another attribute" "set of extended attributes" \
		setfattr -n user.new -v x a/usr/two
	oci-unpack --remove a && oci-unpack --objects o ../img a
	damage "with another value of one" "set of extended attributes" \
		setfattr -n user.x -v x a/usr/two
	oci-unpack --remove a && oci-unpack --objects o ../img a
	damage "that lacks one" "set of extended attributes" \
		setfattr -x user.x a/usr/two
	oci-unpack --remove a && oci-unpack --objects o ../img a
	damage "of another time" time touch -d @5 a/usr/su2
	oci-unpack --remove a && oci-unpack --objects o ../img a
	damage "of another part of a second" time \
		touch -d @1000000000.5 a/usr/su2
	oci-unpack --remove a && oci-unpack --objects o ../img a
	name=$(object large)
	rm "$name"
	mkfifo "$name"
	damage "that is a FIFO" type true
	oci-unpack --remove a && oci-unpack --objects o ../img a
	name=$(object large)
	rm "$name"
	ln -s /etc/passwd "$name"
	oci-unpack --remove b
	ok "one that is a link" oci-unpack --objects o ../img b
	is "is not followed" "$(differs b)" ""
	ok "but replaced" test -f "$name"

	# As many links as a file may have, of which some are left.
	name=$(find o -samefile a/usr/su2)
	python3 - "$name" <<-'E2'
	import os, sys
	os.mkdir("many")
	try:
	    for i in range(60000):
	        os.link(sys.argv[1], "many/%d" % i)
	except OSError:
	    pass
	E2
	oci-unpack --remove b
	ok "an object with as many links as there may be" \
		oci-unpack --objects o ../img b
	is "is made anew" "$(inode b/usr/su2)" "$(inode "$name")"
	is "the tree is right" "$(differs b)" ""
	rm -r many
fi

# What no tree has goes.
if [ -e o/inode ]; then
	oci-unpack --remove a b
	oci-unpack --objects o ../img a
	ok "a tree has all objects there are but some" oci-unpack --gc o
	ok "none is left" oci-unpack --gc o
	is "to be removed" "$(cat "$out")" ""
	n=$(objects)
	rm a/usr/large
	ok "of one no tree has a link" oci-unpack --gc --dry-run o
	printed "which is printed" \
		'^{"object":"inode/../[0-9a-f]{62}","size":3000000}$'
	is "--dry-run leaves it" "$(objects)" "$n"
	ok "without" oci-unpack --gc o
	printed "it is printed" '^{"object":"inode/../[0-9a-f]{62}","size":30'
	is "and goes" "$(objects)" $((n - 1))
	ok "what goes" oci-unpack --objects o ../img b
	is "comes again" "$(objects)" "$n"
fi

oci-unpack --remove a b
cd ..

# Who may put something there, and how else it isn't used.
mkdir other
chmod 777 other
fails "a directory that others may write to" oci-unpack --objects other img r
said "is refused" 'other: others may write'
chmod 755 other
chown 65534 other
fails "another user's" oci-unpack --objects other img r
said "is refused" 'other: belongs to another user'
fails "what isn't there" oci-unpack --gc nothing
said "has no garbage" '^oci-unpack: nothing: No such file'
for i in "w/sha256/photos" "w/inode/a" "w/sha256/$(printf %064d 1)" w/blobs; do
	mkdir -p "$i" && echo kept >"$i/cat"
	fails "objects in the place of ${i#w/}" oci-unpack --objects w img r
	said "are refused" "w: neither a directory of shared files, for it has"
	fails "nor is that garbage" oci-unpack --gc w
	is "and stays" "$(find w -type f)" "$i/cat"
	rm -r w
done
fails "objects in a layout" oci-unpack --objects img img r
said "are refused" 'img: neither a directory of shared files, for it has'
mkdir kept
fails "--keep without layers" oci-unpack --gc --keep img kept
said "is refused" 'kept: no directory of layers'
for o in --include=a --exclude=a --max-size=1 --max-files=1 \
	--platform=linux/arm64 --format=json; do
	exits 2 "--gc with $o" oci-unpack --gc $o kept
	said "says so" "oci-unpack: --(gc|format) .*${o%%=*}|--format needs"
	exits 2 "--remove with $o" oci-unpack --remove $o kept
	ok "which removes nothing" test -d kept
done
exits 2 "--gc with --progress" oci-unpack --gc --progress kept
exits 2 "--remove with --progress" oci-unpack --remove --progress=json kept
exits 2 "--remove with --spool" oci-unpack --remove --spool=. kept
exits 2 "--list with --rootless" oci-unpack --list --rootless=single img
exits 2 "--gc with --remove" oci-unpack --gc --remove r
exits 2 "--dry-run without --gc" oci-unpack --dry-run img r
for o in --list --remove --gc "--layers s"; do
	# shellcheck disable=SC2086
	exits 2 "--objects with $o" oci-unpack --objects o $o img r
done
mkdir tmpfs
mount -t tmpfs tmpfs tmpfs || bail "no tmpfs"
at_exit "umount '$tmp/tmpfs'"
oci-unpack --objects tmpfs/o img tmpfs/r
n=$(find tmpfs/o -type f | wc -l)
fails "a directory in another file system" oci-unpack --objects tmpfs/o img r
said "is refused" 'tmpfs/o: not in the file system'
is "and loses nothing" "$(find tmpfs/o -type f | wc -l)" "$n"
ok "nothing is left" nothing_left
mount --bind tmpfs/o tmpfs/o
mount -o remount,bind,ro tmpfs/o || bail "no read-only mount"
fails "one that is read-only" oci-unpack --objects tmpfs/o img tmpfs/r2
said "is refused, though all objects are there" \
	'tmpfs/o: Read-only file system'
umount tmpfs/o

# An ordinary user, whose files are all his, and who may read none of mode 0.
mkdir -m 777 user
chmod 755 "$tmp_base" "$tmp"
chmod -R a+rX img
cd user || bail "cd"
as_user() {
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}
as_user oci-unpack ../img plain || bail "oci-unpack"
text plain >plain.text
ok "an ordinary user" as_user oci-unpack --objects o ../img a
ok "twice" as_user oci-unpack --objects o ../img b
is "has the tree" "$(differs b plain.text)" ""
[ ! -e o/inode ] || is "in which owners keep files apart" "$(cd a/usr &&
	inode two owner | tr ' ' '\n' | sort -u | grep -c .)" 2
[ ! -e o/inode ] || is "and trees share them" "$(inode a/usr/owner)" \
	"$(inode b/usr/owner)"
if [ -e o/inode ] && as_user unshare -U true; then
	is "also those that he may not read" "$(inode a/usr/none)" \
		"$(inode b/usr/none)"
else
	skip 1 "no hard links, or no user namespaces"
fi
as_user setfattr -x user.rootlesscontainers a/usr/owner
as_user oci-unpack --remove b
ok "one of another owner" as_user oci-unpack --objects o ../img b
is "is not taken" "$(differs b plain.text)" ""
cd ..

# Reflinks, on a file system that is made for that.
reflinks() {
	command -v mkfs.btrfs && truncate -s 256M disk && mkfs.btrfs -q disk &&
		mkdir btrfs && mount -o loop disk btrfs
} >/dev/null 2>&1
if [ -e links/o/sha256 ] || ! reflinks; then
	skip 12 "no btrfs to mount here"
else
	at_exit "umount '$tmp/btrfs'"
	cd btrfs || bail "cd"
	ok "reflinks" oci-unpack --objects o ../img a
	ok "and again" oci-unpack --objects o ../img b
	is "it is the plain tree, link by link" "$("$top/t/tree" ../plain >p
		"$top/t/tree" b | diff p -)" ""
	is "its files are its own" "$(stat -c %h b/usr/large)" 1
	sync -f b
	# shellcheck disable=SC2016
	is "and their blocks are shared" "$(filefrag -v b/usr/large |
		grep -c shared)" "$(filefrag -v b/usr/large | grep -c '^ *[0-9]*:')"
	is "contents are objects, however many files have them" "$(objects)" 5
	ok "which gc sees" oci-unpack --gc o
	is "of what has blocks" "$(grep -c 3000000 "$out")" 0
	n=$(objects)
	oci-unpack --remove a b
	sync -f o
	btrfs subvolume sync . >"$out" 2>&1
	ok "when no tree has them" oci-unpack --gc o
	is "they go" "$(objects)" 0
	oci-unpack --objects o ../img a
	echo changed >>a/usr/large
	ok "a tree was written to" oci-unpack --objects o ../img c
	is "the next is right, with nothing to say" \
		"$(cat "$err"; differs c)" ""
	cd ..
fi
unpack_clean
done_testing
