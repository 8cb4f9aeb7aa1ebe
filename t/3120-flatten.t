#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-flatten: an image as one archive.  That it is oci-unpack's tree is seen
# of each layer that t/unpack.sh's unpacks and refuses get; here are the cases
# that other programs are known to get wrong, and the archive itself.
. "${0%/*}/lib.sh"
. "$top/t/unpack.sh"

# flat LAYER...: the image of these layers, as flat.tar, and what is in it.
flat() {
	image "$@"
	ok "$*" sh -c 'oci-flatten img >archive.tar'
	tar -tf archive.tar >names
}

# content NAME PATH WANTED: of a file, when the archive was extracted.
content() {
	rm -rf x && mkdir x && tar -C x -xf archive.tar 2>"$err"
	is "$1" "$(cat "x/$2" 2>&1)" "$3"
}

# A hard link, and the name that it was made to changed, or gone, above.
layer three <<'E'
file t2 123
link t1 t2
link t3 t2
E
layer changed <<'E'
file t1 456
E
layer gone <<'E'
file .wh.t2
E
flat three.tar changed.tar
content "a name that was changed" t1 456
content "the file that it was linked to" t2 123
content "another name of that" t3 123
is "they are still one" "$(stat -c %h x/t3)" 2
flat three.tar gone.tar
content "the first name is gone" t1 123
is "the others are one file" "$(stat -c '%h' x/t1) $(cd x && echo *)" \
	"2 t1 t3"
layer all <<'E'
file .wh.t1
file .wh.t2
E
flat three.tar all.tar
is "two are gone" "$(cat names)" "t3
./"
content "the third is a file" t3 123

# Links to lower layers' files, each to the one before, and to links.
layer chain <<'E'
link d/t4 t3
link d/t5 d/t4
link d/t6 d/t5
symlink s nowhere
link d/s s
E
flat three.tar chain.tar gone.tar
content "a chain of links over layers" d/t6 123
is "is one file" "$(stat -c %h x/t1)" 5
is "a hard link to a symbolic link" \
	"$(readlink x/d/s) $(stat -c %h x/s)" "nowhere 2"
is "a target comes before its links" "$(python3 - <<'E'
import tarfile
seen = set()
for m in tarfile.open("archive.tar"):
    if m.islnk() and m.linkname not in seen:
        print(m.name, m.linkname)
    seen.add(m.name)
E
)" ""

# Links that GNU tar puts off without -P, and times of their directories.
layer links <<'E'
dir d mtime=1000
symlink d/absolute /etc/passwd mtime=2000
dir e mtime=3000
symlink e/up ../d/absolute mtime=2000
E
layer late <<'E'
file d/late text
dir d mtime=1000
E
flat links.tar late.tar
rm -rf x && mkdir x
ok "tar -xP, as the manual has it" tar -C x -xPf archive.tar
is "keeps links and times" "$(cd x && stat -c '%N %Y' d d/* e e/up)" \
	"'d' 1000
'd/absolute' -> '/etc/passwd' 2000
'd/late' 1000000000
'e' 3000
'e/up' -> '../d/absolute' 2000"
# Marks of a layer that is alone, of names that begin alike, as hard links.
layer marks <<'E'
dir root
file root/.wh..wh..opq
file root/.wh.x
file root/y y
E
flat marks.tar
is "there is no mark in the base" "$(cat names)" "root/
root/y
./"
layer alike <<'E'
file foo foo
file foobar foobar
file foo.d/x x
dir test
file test/hello hello
E
layer over <<'E'
link .wh.foo foobar
file .wh.test
dir test
file test/hello2 hello2
E
flat alike.tar over.tar
is "names that begin like a hidden one stay" "$(sort names | tr '\n' ' ')" \
	"./ foo.d/ foo.d/x foobar test/ test/hello2 "
layer opaque <<'E'
dir test
file test/.wh..wh..opq
file test/new new
E
flat alike.tar opaque.tar
is "an opaque directory" "$(grep test/. names)" test/new
layer again <<'E'
file test/hello again
E
flat alike.tar over.tar again.tar
content "a file that is made again" test/hello again

# Links are what they are, wherever they lead.
layer links <<'E'
symlink absolute /etc/passwd
symlink up ../../../tmp/x
symlink rel ../lib/ld.so
E
flat links.tar
is "symbolic links that leave the root" \
	"$(tar -tvf archive.tar | sed -n 's/.* \([a-z]* -> \)/\1/p')" \
	"absolute -> /etc/passwd
up -> ../../../tmp/x
rel -> ../lib/ld.so"

# A directory gets files from several layers: its time and mode are its own.
layer low <<'E'
dir ro mode=555 mtime=100
dir ro/sub mode=500 mtime=200
file ro/sub/a a
file ro/a a
dir rw mtime=300
file rw/a a
dir empty mode=500 mtime=400
E
layer high <<'E'
file ro/b b
file ro/sub/b b
E
flat low.tar high.tar
rm -rf x && mkdir x
if [ "$(id -u)" = 0 ]; then
	chown 65534 x
	chmod 711 "$tmp_base" "$tmp"
	as='setpriv --reuid=65534 --regid=65534 --clear-groups'
else
	as=
fi
ok "a user extracts it" sh -c "cat archive.tar | $as tar -C x -xpf -"
is "modes and times" "$(cd x && stat -c '%n %a %Y' ro ro/sub rw empty)" \
	"ro 555 100
ro/sub 500 200
rw 755 300
empty 500 400"
is "no name comes twice" "$(sort names | uniq -d)" ""
is "those that get more come behind all files" "$(tail -n 3 names)" "ro/sub/
ro/
./"
is "the others before theirs" "$(grep rw names)" "rw/
rw/a"
chmod -R u+w x

# Engines take it; some refuse a name that comes twice.
if [ "$(id -u)" = 0 ] && command -v podman >/dev/null; then
	at_podman() {
		podman --root "$tmp/pod" --runroot "$tmp/podrun" \
			--storage-driver vfs "$@"
	}
	oci-unpack img r || bail "oci-unpack"
	ok "podman import" at_podman import archive.tar flat
	mounted=$(at_podman image mount flat 2>"$err")
	"$top/t/tree" r | sed 1d >r.tree
	is "makes the same tree of it" "$("$top/t/tree" "${mounted:-.}" |
		sed 1d | diff r.tree -)" ""
	run at_podman image umount flat
	unpack_clean
else
	skip 2 "no podman, or not root"
fi

# What a header has no room for.
long=$(printf 'n%.0s' $(seq 240))
layer odd <<E
file $long/$long x
link hard $long/$long
symlink sym $long$long
file huge x uid=3000000 gid=4000000 mtime=-1.25
file late x mtime=9000000000.5
file accessed x pax.atime=77.5
file bytes\\\\x x
file attr x 'xattr.user.b=\x00\xff\n=' xattr.user.c=
dir $(printf 'd/%.0s' $(seq 70))
E
image odd.tar
oci-unpack img r || bail "oci-unpack"
[ "$(id -u)" != 0 ] || flattens "odd entries"
flat odd.tar
is "times have all their digits, or none" "$(python3 -c '
import tarfile
for m in tarfile.open("archive.tar"):
    for key in "mtime", "atime":
        if key in m.pax_headers:
            print(m.name, key, m.pax_headers[key])')" "huge mtime -1.250000000
late mtime 9000000000.500000000
accessed atime 77.500000000"
unpack_clean

# Holes of any size.
layer hole <<'E'
pax GNU.sparse.size=9000000000000 GNU.sparse.map=4,3,8000000000000,2
header name=hole data=abcde
pax GNU.sparse.size=100 GNU.sparse.map=100,0
header name=nothing
E
flat hole.tar
ok "a file of holes is small" test "$(stat -c %s archive.tar)" -lt 8192
rm -rf x && mkdir x
# Where files may be as large.
if truncate -s 9000000000000 x/hole 2>"$err"; then
	ok "is extracted" tar -C x -xf archive.tar
	is "as large as it was" "$(stat -c %s x/hole x/nothing)" "9000000000000
100"
	is "with its data" "$(dd if=x/hole bs=1 skip=8000000000000 count=2 \
		2>"$err")" de
else
	skip 3 "no such file can be"
fi
rm -rf x

# Segments that are no whole blocks, and near one another; at the end.
python3 - <<'E' | layer near
print("pax GNU.sparse.size=5000 "
      "GNU.sparse.map=1,2,4,3,510,5,1020,4,3000,600,4999,1")
print("header name=near data=abcdefghijklmn" + "p" * 600 + "q")
print("pax GNU.sparse.size=5000 GNU.sparse.map=0,0,700,3,703,0,4000,1000")
print("header name=end data=abc" + "r" * 1000)
E
image near.tar
oci-unpack img r || bail "oci-unpack"
flat near.tar
rm -rf x && mkdir x && tar -C x -xf archive.tar
ok "GNU tar reads segments of any size" cmp x/near r/near
ok "up to the end" cmp x/end r/end
is "others too" "$(python3 -c '
import tarfile
t = tarfile.open("archive.tar")
for name in "near", "end":
    data = t.extractfile(name).read()
    print(data == open("r/" + name, "rb").read())')" "True
True"
"$top/t/mkimage" img2 archive.tar >"$out"
ok "and oci-unpack" oci-unpack img2 r2
ok "the same file" cmp r2/near r/near
unpack_clean

# A stream: read once, its layers are kept; whatever their order.
# stream ORDER: img's as s.tar; ORDER is of its layers, base first.
stream() {
	# shellcheck disable=SC2046
	tar -C img --format=ustar -b1 -cf s.tar \
		$(members "dict.fromkeys($1)")
}
image three.tar zstd=changed.tar plain=chain.tar
stream layers
is "a stream gives what its layout does" \
	"$(oci-flatten - <s.tar | sha256sum)" "$(oci-flatten img | sha256sum)"
image three.tar zstd=changed.tar three.tar plain=chain.tar
flat_sum=$(oci-flatten img | sha256sum)
is "twice the same bytes" "$(oci-flatten img | sha256sum)" "$flat_sum"
stream 'layers[::-1]'
mkdir waiting
is "a stream in another order gives them, too" \
	"$(TMPDIR=$tmp/waiting oci-flatten - <s.tar | sha256sum)" \
	"$flat_sum"
is "and leaves nothing" "$(ls -A waiting)" ""
run sh -c 'TMPDIR=/nowhere oci-flatten - <s.tar >archive.tar'
is "where nothing can wait it fails" "$status" 1

# What isn't verified has no end.  whole: whether a reader that looks for it
# finds one.
whole() {
	python3 - <<'E'
import sys
data = open("archive.tar", "rb").read()
sys.exit(0 if len(data) >= 1024 and not any(data[-1024:]) else 1)
E
}
flat three.tar chain.tar
ok "an archive has its end" whole
size=$(stat -c %s s.tar)
wrong=''
for i in $(seq 0 $((size / 40)) $((size - 1))) $((size - 512)); do
	head -c "$i" s.tar | oci-flatten - >archive.tar 2>"$err"
	[ $? = 1 ] && [ -s "$err" ] && ! whole || wrong="$wrong $i"
done
is "a stream that is cut" "$wrong" ""
wrong=''
for blob in img/blobs/sha256/*; do
	cp "$blob" saved
	printf x | dd of="$blob" bs=1 seek=15 conv=notrunc 2>"$err"
	oci-flatten img >archive.tar 2>"$err"
	[ $? = 1 ] && [ -s "$err" ] && ! whole || wrong="$wrong $blob"
	cp saved "$blob"
done
is "a blob that is damaged" "$wrong" ""

# A blob that is damaged between the two readings: the second has begun when
# the first bytes come, and can't go on until they are taken.
head -c 12000000 /dev/urandom >random && tar -cf first.tar random
layer last <<'E'
file last last
E
image plain=first.tar plain=last.tar
mkfifo pipe
oci-flatten img >pipe 2>said &
flattener=$!
exec 7<pipe
head -c 100000 <&7 >archive.tar
printf x | dd of="img/blobs/sha256/$(sha256sum <last.tar | cut -d' ' -f1)" \
	bs=1 seek=512 conv=notrunc 2>"$err"
cat <&7 >>archive.tar
exec 7<&-
wait "$flattener"
is "a blob that is damaged meanwhile" "$?" 1
is "has no end either" "$(whole && echo end)" ""
is "and that is said" "$(grep -c damaged said)" 1

fails "a full disk" sh -c 'oci-flatten img >/dev/full'
run sh -c 'oci-flatten img:nothing >archive.tar'
is "no such image" "$status $(stat -c %s archive.tar)" "1 0"
fails "more than --max-size" sh -c 'oci-flatten --max-size=1K img >archive.tar'
exits 2 "no image" oci-flatten
exits 2 "two" oci-flatten img img
layer devices <<'E'
char dev/null 1 3
char dev/hidden 0 0
file f x xattr.user.overlay.opaque=y
E
flat devices.tar
is "a device needs no privilege" "$(cat names)" "dev/
dev/null
f
./"
rm -rf img && "$top/t/mkimage" img >"$out" 2>"$err"
ok "an image without layers" sh -c 'oci-flatten img >archive.tar'
is "has a root" "$(tar -tf archive.tar)" ./
done_testing
