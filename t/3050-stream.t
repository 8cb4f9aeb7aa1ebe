#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-unpack -: the image stream, whole, cut, damaged and in another order.
. "${0%/*}/lib.sh"
. "$top/t/unpack.sh"

layer base <<'E'
dir d
file d/f one
E
layer upper <<'E'
file d/g two
file .wh.x
E
image base.tar zstd=upper.tar base.tar

# stream PROGRAM: the names of img's files, what order() prints, as a tar.
# order gets the lists of oci-layout and index.json, manifests, configs, layers.
stream() {
	# shellcheck disable=SC2046
	tar -C img --format=ustar --owner=0 --group=0 -b1 -cf "$2" \
		$(python3 - "$1" <<'E'
import json, sys
def path(d):
    return "blobs/" + d["digest"].replace(":", "/")
index = json.load(open("img/index.json"))
manifests = [path(d) for d in index["manifests"]]
m = json.load(open("img/" + manifests[0]))
head, config = ["oci-layout", "index.json"], [path(m["config"])]
layers = list(dict.fromkeys(path(l) for l in m["layers"]))
print(*eval(sys.argv[1]))
E
)
}
stream 'head + manifests + config + layers' s.tar
cat >unpack <<'E'
#!/bin/sh
exec oci-unpack - r <"$1"
E
chmod +x unpack
ok "from a file" ./unpack s.tar
lists "has the files" . './d ./d/f ./d/g '
unpack_clean
(cat s.tar) | oci-unpack - r 2>"$err"
is "from a pipe" $? 0
unpack_clean
(cat s.tar; echo behind) >behind.tar
ok "and something behind it" ./unpack behind.tar
unpack_clean
cat >slowly <<'E'
#!/usr/bin/env python3
import os, sys
data = open(sys.argv[1], "rb").read()
for i in range(0, len(data), 333):
    os.write(1, data[i:i + 333])
E
chmod +x slowly
./slowly s.tar | oci-unpack - r 2>"$err"
is "in small pieces" $? 0
unpack_clean

{ cat s.tar && head -c 3000000 /dev/zero && echo all >written; } |
	oci-unpack - r 2>"$err"
is "with a lot of zeros behind it" "$?" 0
is "which are read, so that their writer doesn't fail" "$(cat written)" all
unpack_clean
# shellcheck disable=SC2046
tar -C img --format=ustar -b1 -cf dots.tar $(tar -tf s.tar | sed 's,^,./,')
ok "its names with ./ before them" ./unpack dots.tar
unpack_clean
mkdir odd
{ cat img/oci-layout && head -c 65536 /dev/zero | tr '\0' ' '; } >odd/oci-layout
tar -C odd --format=ustar -cf odd.tar oci-layout
fails "a first file of more than 64 KiB" ./unpack odd.tar
said "is said" 'bytes are more than 65536'
: >odd/oci-layout && truncate -s 60K odd/oci-layout
tar -C odd --sparse --format=gnu -cf odd.tar oci-layout
fails "one with holes" ./unpack odd.tar
said "is said, too" 'something other than files'

# What index.json calls it is what it is, as in a layout.
cp img/index.json whole.json
for type in application/vnd.example.v1+json ''; do
	jq -c --arg t "$type" '.manifests[].mediaType = $t' whole.json \
		>img/index.json
	stream 'head + manifests + config + layers' typed.tar
	fails "an image that is called '$type'" ./unpack typed.tar
	said "is said to be none" ': a .*, not an image'
done
mv whole.json img/index.json

gzip -n <s.tar >s.gz
fails "a stream that is compressed" ./unpack s.gz
said "is called so" 'is compressed: .* gzip -dc$'
echo '<html>' >page
fails "a stream that is none" ./unpack page
said "is called so" 'not a tar archive: it looks like HTML'

# Cut anywhere, nothing is published.
size=$(stat -c %s s.tar)
step=$((size / 220))
wrong='' i=0 n=0
while [ "$i" -lt "$size" ]; do
	head -c "$i" s.tar >cut.tar
	run ./unpack cut.tar
	[ "$status" = 1 ] && [ -s "$err" ] && nothing_left || wrong="$wrong $i"
	i=$((i + step)) n=$((n + 1))
done
is "$n places to cut it" "$wrong" ""
# Between two members, and between the two blocks at the end.
wrong=''
for i in 512 1024 $((size - 512)) $((size - 1024)); do
	head -c "$i" s.tar >cut.tar
	run ./unpack cut.tar
	[ "$status" = 1 ] && nothing_left || wrong="$wrong $i"
done
is "at the ends of members" "$wrong" ""

# A flipped bit: where it matters it is noticed.
python3 - <<'E'
import os, subprocess, sys
data = open("s.tar", "rb").read()
import tarfile
wrong = []
for m in tarfile.open("s.tar"):
    if not m.isfile() or not m.name.startswith("blobs"):
        continue
    for at in range(m.offset_data, m.offset_data + m.size,
                    max(1, m.size // 12)):
        bad = bytearray(data)
        bad[at] ^= 1
        r = subprocess.run(["oci-unpack", "-", "r"], input=bytes(bad),
                           capture_output=True)
        if r.returncode != 1 or os.path.exists("r"):
            wrong.append(at)
open("wrong", "w").write(" ".join(map(str, wrong)))
E
is "a flipped bit in any blob" "$(cat wrong)" ""
ok "leaves nothing" nothing_left

for order in 'manifests + head + config + layers' \
	'head + config + manifests + layers' \
	'head + manifests + layers + config' \
	'head[::-1] + manifests + config + layers'; do
	stream "$order" o.tar
	fails "in the order $order" ./unpack o.tar
	said "names the ways round" '--spool.*oci-layout-write'
done
ok "leaves nothing" nothing_left

"$top/t/mkimage" img:other upper.tar >/dev/null
stream 'head + manifests + config + layers' two.tar
fails "two images" ./unpack two.tar
said "names the way round" 'oci-layout-write'

# A layer that is in the stream before its turn waits for it, on the disk.
image base.tar zstd=upper.tar
ok "from a layout" oci-unpack img r
"$top/t/tree" r >wanted
unpack_clean
stream 'head + manifests + config + layers[::-1]' o.tar
ok "layers in reverse" ./unpack o.tar
is "are the same tree" "$("$top/t/tree" r | diff - wanted)" ""
lists "and that is all there is" . './d ./d/f ./d/g '
unpack_clean
python3 - <<'E'
import tarfile
members = [m for m in tarfile.open("o.tar")]
m = members[-2] # upper's, which is kept
data = bytearray(open("o.tar", "rb").read())
data[m.offset_data + m.size // 2] ^= 1
open("bad.tar", "wb").write(data)
E
fails "a bit of one that waits is flipped" ./unpack bad.tar
ok "leaves nothing" nothing_left
case $B in
*sanitize*) skip 1 "a sanitizer wants all the addresses there are" ;;
*)
	run sh -c 'ulimit -v 300000; ulimit -f 1; exec oci-unpack - r <o.tar'
	is "a small file is enough for a small layer" "$status" 0
	;;
esac
unpack_clean

# A layer that comes twice is in the stream once.
head -c 1100000 /dev/urandom >random
tar -cf big.tar random
layer small <<'E'
file .wh.random
E
image plain=big.tar small.tar plain=big.tar
stream 'head + manifests + config + layers' big2.tar
ok "a large layer twice" ./unpack big2.tar
ok "is read again" cmp r/random random
unpack_clean
run sh -c 'ulimit -f 1000; exec oci-unpack - r <big2.tar'
is "where it can't be kept" "$status" 1
said "is said" ': File too large'
ok "and leaves nothing" nothing_left
image small.tar base.tar small.tar
stream 'head + manifests + config + layers' small2.tar
ok "a small one" ./unpack small2.tar
unpack_clean

# An index in between.
rm -rf img
unpack_clean
"$top/t/mkimage" --platform linux/s390x img:a base.tar >/dev/null
"$top/t/mkimage" img:b upper.tar >/dev/null
"$top/t/mkindex" img:both a b >/dev/null
ok "an index, this machine's image" oci-unpack img:both r
lists "is taken" . './d ./d/g '
unpack_clean
ok "another's" oci-unpack --platform=linux/s390x img:both r
lists "when it's asked for" . './d ./d/f '
unpack_clean
fails "one that isn't there" oci-unpack --platform=linux/mips img:both r
exits 2 "one that is none" oci-unpack --platform=x img:both r

# The stream of all platforms, which share layers: manifests and configs come
# first, so it is known what is needed of the layers.
rm -rf img
unpack_clean
layer third <<'T'
file d/h three
T
"$top/t/mkimage" --platform linux/s390x img:a base.tar upper.tar \
	third.tar >/dev/null
"$top/t/mkimage" --platform linux/arm64 img:b third.tar base.tar >/dev/null
"$top/t/mkimage" --platform linux/ppc64le img:c upper.tar >/dev/null
"$top/t/mkindex" img:both a b c >both
cat >platforms <<'T'
import json
def path(d):
    return "blobs/" + d["digest"].replace(":", "/")
def load(name):
    return json.load(open("img/" + name))
index = load("index.json")
index["manifests"] = [d for d in index["manifests"]
                      if d["digest"] == open("both").read().strip()]
json.dump(index, open("img/index.json", "w"))
top = path(index["manifests"][0])
manifests = [path(d) for d in load(top)["manifests"]]
loaded = [load(m) for m in manifests]
configs = [path(m["config"]) for m in loaded]
layers = [path(l) for m in loaded for l in m["layers"]]
print(*dict.fromkeys(["oci-layout", "index.json", top] + manifests +
                     configs + layers))
T
# shellcheck disable=SC2046
tar -C img --format=ustar -b1 -cf all.tar $(python3 platforms)
for p in s390x arm64 ppc64le; do
	ok "$p of all platforms" sh -c \
		"oci-unpack --platform=linux/$p - r <all.tar"
	"$top/t/tree" r >got
	unpack_clean
	run oci-unpack --platform=linux/$p img:both r
	is "is the tree of its layers" "$("$top/t/tree" r | diff - got)" ""
	unpack_clean
done
fails "no such platform" sh -c "oci-unpack --platform=linux/mips - r <all.tar"

# Indexes in one another.
rm -rf img
"$top/t/mkimage" img:depth0 base.tar >/dev/null
for depth in 1 2 3 4 5 6 7 8 9; do
	"$top/t/mkindex" img:depth$depth depth$((depth - 1)) >depth$depth
done
nested() { # DEPTH: the stream of that index
	jq -c --arg d "$(cat "depth$1")" \
		'.manifests |= map(select(.digest == $d))' img/index.json >x
	cp img/index.json whole && mv x img/index.json
	files="oci-layout index.json" next=$(cat "depth$1")
	while [ "$next" ]; do
		json=blobs/sha256/${next#*:}
		files="$files $json"
		next=$(jq -r '.manifests[0].digest // ""' "img/$json")
	done
	# shellcheck disable=SC2046,SC2086
	tar -C img --format=ustar -b1 -cf nested.tar $files $(jq -r \
		'.config, .layers[] | .digest | "blobs/" + sub(":"; "/")' \
		"img/$json")
	mv whole img/index.json
}
nested 8
ok "eight indexes" sh -c "oci-unpack - r <nested.tar"
unpack_clean
nested 9
fails "nine" sh -c "oci-unpack - r <nested.tar"
said "are too many" "more than 8 indexes inside one another"
done_testing
