#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-unpack: entries of each kind, and layers over layers.
. "${0%/*}/lib.sh"
. "$top/t/unpack.sh"
need_root

layer kinds <<'E'
dir ./ mode=750 uid=5 gid=6
dir d mode=3775 uid=3000000 gid=42 mtime=-1.25
file d/f hello mode=4751 uid=7 gid=8 mtime=1234567890.5
link d/hard d/f
symlink d/sym /etc/passwd uid=9 gid=10 mtime=5
link d/symhard d/sym
char dev/null 1 3 mode=666
block dev/disk 8 17 mode=660 gid=6
fifo d/fifo mode=600
file /abs/olute absolute
file none mode=0
file atime read pax.atime=77.5
file type7 seven type=7
file x xattr.user.a=b 'xattr.user.bin=\x01\xff\x00\x02'
file cap xattr.security.capability='\x01\x00\x00\x02\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00' uid=4
dir xd xattr.user.dir=yes mode=555
file "sp ace\nline" odd
E
unpacks "entries of all kinds" kinds.tar
has "the root's own entry" '%a %u:%g' . '750 5:6'
has "a directory" '%F %a %u:%g' d 'directory 3775 3000000:42'
is "a time before 1970, with a fraction" \
	"$(python3 -c 'import os; print(os.stat("r/d").st_mtime_ns)')" -1250000000
has "a file with set-user-ID after chown" '%F %a %u:%g %s %.1Y' d/f \
	'regular file 4751 7:8 5 1234567890.5'
is "its contents" "$(cat r/d/f)" hello
is "a hard link" "$(stat -c %i r/d/hard)" "$(stat -c %i r/d/f)"
has "a symbolic link" '%F %u:%g %Y' d/sym 'symbolic link 9:10 5'
is "its target" "$(readlink r/d/sym)" /etc/passwd
is "a hard link to the link itself" "$(stat -c %i r/d/symhard)" \
	"$(stat -c %i r/d/sym)"
has "a character device" '%F %a %t:%T' dev/null \
	'character special file 666 1:3'
has "a block device" '%F %a %g %t:%T' dev/disk 'block special file 660 6 8:11'
has "a FIFO" '%F %a' d/fifo 'fifo 600'
is "an absolute name" "$(cat r/abs/olute)" absolute
has "its directory, that no entry speaks of" '%a %u:%g %Y' abs \
	'755 0:0 1000000000'
has "mode 0" %a none 0
has "the time of access" '%.1X %Y' atime '77.5 1000000000'
is "type 7 is a file" "$(cat r/type7)" seven
xattrs() {
	python3 -c 'import os, sys
for a in sorted(os.listxattr(sys.argv[1])):
	print(a, os.getxattr(sys.argv[1], a).hex())' "$1"
}
is "extended attributes" "$(xattrs r/x)" "user.a 62
user.bin 01ff0002"
is "capabilities outlast the change of owner" "$(xattrs r/cap)" \
	"security.capability 0100000200040000000000000000000000000000"
is "of a directory" "$(xattrs r/xd)" "user.dir 796573"
has "of mode 555" %a xd 555

# Layers over layers.
layer base <<'E'
dir dir mode=700 uid=1 mtime=100 xattr.user.old=1
file dir/kept kept
dir gone mtime=100
file gone/deep x
file names one
link other names
symlink lib usr/lib
dir usr mtime=200
dir usr/lib mtime=200
file usr/lib/low low
symlink dangling nowhere/at/all
symlink up ../../../up
dir up
file file 'a file'
dir passed mtime=300
file passed/a a
dir setgid mode=2775 gid=50
symlink abs /usr
E
layer upper <<'E'
dir dir mode=755 gid=2 mtime=150 xattr.user.new=2
file gone 'a file now'
file names two
file lib/high 'through the link'
file dangling/x y
file file/child c
file passed/b b
file setgid/new n
dir setgid/sub
file abs/absfile z
link lowlink usr/lib/low
E
unpacks "a layer over a layer" base.tar upper.tar
has "a directory takes the new attributes" '%a %u:%g %Y' dir '755 0:2 150'
is "and only them" "$(xattrs r/dir)" "user.new 32"
is "and keeps what is in it" "$(cat r/dir/kept)" kept
is "a file replaces a directory" "$(cat r/gone)" 'a file now'
is "a file is made anew" "$(cat r/names)" two
is "its other name has the old text" "$(cat r/other)" one
has "a link on the way is followed" %F lib 'symbolic link'
is "inside" "$(cat r/usr/lib/high)" 'through the link'
is "one that points nowhere gets its target" "$(cat r/nowhere/at/all/x)" y
is "below a lower layer's file" "$(cat r/file/child)" c
has "what was passed through has its time" %Y passed 300
has "so has what a link led through" %Y usr/lib 200
has "nothing inherits a group" '%g %a' setgid/new '0 644'
has "nor set-group-ID" '%g %a' setgid/sub '0 755'
is "an absolute link stays inside" "$(cat r/usr/absfile)" z
is "a link to a lower layer's file" "$(stat -c %i r/lowlink)" \
	"$(stat -c %i r/usr/lib/low)"

layer replace <<'E'
dir lib mode=700
file lib/own o
symlink dir elsewhere
link other other
E
unpacks "a directory replaces a link" base.tar replace.tar
has "it is one" '%F %a' lib 'directory 700'
lists "with its own" lib './own '
lists "and the old target is as it was" usr/lib './low '
is "a link replaces a directory" "$(readlink r/dir)" elsewhere
is "a link to itself changes nothing" "$(cat r/other)" one

layer parents <<'E'
file bin/app app
link bin/app.runfiles/_main/app_/app bin/app
symlink etc/links/app ../../bin/app
fifo run/pipes/one
symlink bin2 bin
link bin2/again bin/app
E
unpacks "entries whose directories have none" parents.tar
is "a hard link" "$(stat -c %h r/bin/again \
	r/bin/app.runfiles/_main/app_/app | tr '\n' ' ')" "3 3 "
has "its directory" '%F %a' bin/app.runfiles/_main 'directory 755'

layer twice <<'E'
dir d
file d/f first
file d/f second
dir d/f
dir d/f/g
symlink d/f e
file e/x x
E
unpacks "an entry twice: the last one counts" twice.tar
is "also after a tree" "$(readlink r/d/f)" e

# Odd names.
layer odd <<'E'
file ././a//b/./c abc
dir trailing/
E
unpacks "slashes and dots" odd.tar
is "are left out" "$(cat r/a/b/c)" abc
long=$(printf '%0255d' 0)
deep=$(printf 'd/%.0s' $(seq 1 1000))
{
	echo "file $long long"
	echo "file $long/../x" | sed s,/../x,y, | cut -c1-120
	echo "file $deep/end deep"
} | layer long
unpacks "names of 255 bytes, 1000 directories deep" long.tar
is "the long one" "$(cat "r/$long")" long
is "the deep one" "$(cd r && cat "$deep/end")" deep
layer top <<'E'
file d top
E
unpacks "such a tree is replaced" long.tar top.tar
is "by a file" "$(cat r/d)" top
# As rules_img writes them, and layers whose directories are links to others.
layer below <<'E'
dir run
dir var
symlink var/run /run
dir a
dir a/b
file a/b/old old
E
layer above <<'E'
file bin/app app
link bin/app.runfiles/_main/app bin/app
file var/run/x x
link var/run/y var/run/x
symlink up ../../a/b
file a/.wh.b
file a/b/c/d new
E
unpacks "links and files in directories without entries" below.tar above.tar
has "a hard link" %h bin/app.runfiles/_main/app 2
lists "behind a link that is absolute" run './x ./y '
lists "in a directory that was hidden" a './b ./b/c ./b/c/d '
is "a link that leads above the root is what it was" "$(readlink r/up)" \
	../../a/b
unpack_clean
done_testing
