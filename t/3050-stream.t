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

gzip -n <s.tar >s.gz
fails "a stream that is compressed" ./unpack s.gz
said "is called so" 'compressed by gzip'

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
	'head + manifests + config + layers[::-1]' \
	'head[::-1] + manifests + config + layers'; do
	stream "$order" o.tar
	fails "in the order $order" ./unpack o.tar
	said "names the way round" 'oci-layout-write'
done
ok "leaves nothing" nothing_left

"$top/t/mkimage" img:other upper.tar >/dev/null
stream 'head + manifests + config + layers' two.tar
fails "two images" ./unpack two.tar
said "names the way round" 'oci-layout-write'

# A layer that comes twice is in the stream once; a large one isn't kept.
head -c 1100000 /dev/urandom >random
tar -cf big.tar random
layer small <<'E'
file .wh.random
E
image plain=big.tar small.tar plain=big.tar
stream 'head + manifests + config + layers' big2.tar
fails "a large layer twice" ./unpack big2.tar
said "names the way round" 'oci-layout-write'
image small.tar base.tar small.tar
stream 'head + manifests + config + layers' small2.tar
ok "a small one" ./unpack small2.tar

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
done_testing
