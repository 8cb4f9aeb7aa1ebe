#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-unpack: compression, media types, what archives and gzip may have behind
# their end, formats of tar, limits.
. "${0%/*}/lib.sh"
. "$top/t/unpack.sh"
need zstd gzip

layer one <<'E'
file f one
E
for how in gzip zstd plain; do
	unpacks "$how" "$how=one.tar"
	is "is unpacked" "$(cat r/f)" one
done
unpack_clean
rm -rf img
"$top/t/mkimage" --docker img one.tar >/dev/null
ok "Docker's media types" oci-unpack img r
unpack_clean
rm -rf img

# An image of nothing, as Go writes it: no list is null, or left out.
scratch() { # ROOTFS
	unpack_clean
	rm -rf img
	"$top/t/mkimage" img one.tar >/dev/null
	python3 - "$1" <<-'E'
	import hashlib, json, sys
	index = json.load(open("img/index.json"))
	def put(value):
	    text = json.dumps(value).encode()
	    digest = hashlib.sha256(text).hexdigest()
	    open("img/blobs/sha256/" + digest, "wb").write(text)
	    return {"digest": "sha256:" + digest, "size": len(text)}
	d = index["manifests"][0]
	m = json.load(open("img/blobs/" + d["digest"].replace(":", "/")))
	config = json.load(open("img/blobs/" +
	    m["config"]["digest"].replace(":", "/")))
	config["rootfs"] = json.loads(sys.argv[1])
	m["config"].update(put(config))
	m["layers"] = None
	d.update(put(m))
	json.dump(index, open("img/index.json", "w"))
	E
}
for rootfs in '{"type": "layers", "diff_ids": null}' '{"type": "layers"}' null; do
	scratch "$rootfs"
	ok "no layers, and rootfs $rootfs" oci-unpack img r
	is "is an empty tree" "$(ls -A r)" ""
done
unpack_clean
rm -rf img

# raw BLOB SUFFIX ID: the image of a layer's blob just as it is.
raw() {
	unpack_clean
	rm -rf img
	image_id=sha256:$(sha256sum <"$3" | cut -d' ' -f1)
	"$top/t/mkimage" --diff-id "$image_id" img plain="$1" >/dev/null
	python3 - "$2" <<-'E'
	import glob, hashlib, json, os, sys
	index = json.load(open("img/index.json"))
	d = index["manifests"][0]
	path = "img/blobs/" + d["digest"].replace(":", "/")
	m = json.load(open(path))
	for l in m["layers"]:
	    l["mediaType"] += sys.argv[1]
	text = json.dumps(m).encode()
	os.unlink(path)
	digest = hashlib.sha256(text).hexdigest()
	open("img/blobs/sha256/" + digest, "wb").write(text)
	d["digest"], d["size"] = "sha256:" + digest, len(text)
	json.dump(index, open("img/index.json", "w"))
	E
}

head -c 700 one.tar | gzip -n >two.gz
tail -c +701 one.tar | gzip -n >>two.gz
raw two.gz +gzip one.tar
ok "two members in one blob" oci-unpack img r
is "are one layer" "$(cat r/f)" one
cp two.gz zeros.gz
head -c 1000 /dev/zero >>zeros.gz
raw zeros.gz +gzip one.tar
ok "zeros behind the gzip data" oci-unpack img r
cp two.gz junk.gz
echo junk >>junk.gz
raw junk.gz +gzip one.tar
fails "something else behind it" oci-unpack img r
gzip -n <one.tar | head -c -9 >cut.gz
raw cut.gz +gzip one.tar
fails "gzip without its end" oci-unpack img r
said "is said" 'cut off'
: >empty
raw empty +gzip empty
fails "gzip of nothing at all" oci-unpack img r
raw empty "" empty
ok "an empty plain layer" oci-unpack img r
zstd -q <one.tar >one.zst
head -c -3 one.zst >cut.zst
raw cut.zst +zstd one.tar
fails "zstd without its end" oci-unpack img r
said "is said" 'cut off'
(cat one.zst && : | zstd -q) >two.zst
raw two.zst +zstd one.tar
ok "two frames" oci-unpack img r
raw one.zst +gzip one.tar
fails "zstd that says it is gzip" oci-unpack img r
said "is said" 'like zstd, .*gzip'
raw two.gz +zstd one.tar
fails "gzip that says it is zstd" oci-unpack img r
said "is said" 'like gzip, .*zstd'
raw two.gz "" two.gz
fails "gzip that says it is plain" oci-unpack img r
said "is said" 'like gzip, '
raw one.tar +gzip one.tar
fails "a plain archive that says it is gzip" oci-unpack img r
said "is said" 'like a plain archive, '
raw one.tar +bzip2 one.tar
fails "an unknown media type" oci-unpack img r
said "is said" 'not a media type of layers'
ok "nothing is left" nothing_left

layer noend <<'E'
file f x
noend
E
unpacks "an archive without its end" noend.tar
# Some writers don't fill the last block; its data has to be there.
short() { # LENGTH
	layer tail <<-E
	dir d
	file d/f 'some data of a file'
	cut $1
	E
}
for how in gzip zstd plain; do
	for len in 1043 1044 1535; do
		short "$len"
		unpacks "$how of $len bytes, the data of a file complete" \
			"$how=tail.tar"
		is "it is there" "$(cat r/d/f)" 'some data of a file'
	done
	short 1042
	refuses "$how that ends before the last byte of it" "$how=tail.tar"
	said "is said" 'cut off'
done

layer behind <<'E'
file f x
raw 'junk behind the end'
pad 100000
E
unpacks "one with junk behind it" behind.tar
layer half <<'E'
file f x
cut 500
E
refuses "one that ends in a header" half.tar
layer glob <<'E'
global comment=0123456789abcdef
file f x
E
unpacks "a global header" glob.tar

# Sparse files as GNU tar writes them.
mkdir s
truncate -s 3M s/holes
printf begin | dd of=s/holes conv=notrunc status=none
printf middle | dd of=s/holes bs=1 seek=1000000 conv=notrunc status=none
truncate -s 1M s/nothing
for f in gnu "posix --sparse-version=0.0" "posix --sparse-version=0.1" \
	"posix --sparse-version=1.0"; do
	# shellcheck disable=SC2086
	tar --sparse --format=$f -C s -cf sparse.tar holes nothing
	unpacks "sparse, $f" sparse.tar
	ok "has the contents" cmp s/holes r/holes
	ok "and is a hole" cmp s/nothing r/nothing
	ok "with few blocks" test "$(stat -c %b r/holes)" -lt 2000
done

# Long names in three formats.
name=$(printf 'n%.0s' $(seq 1 240))
mkdir -p "l/$name"
echo long >"l/$name/$name"
ln -s "$name$name" l/link
for f in gnu posix; do
	tar --format=$f -C l -cf long.tar .
	unpacks "long names, $f" long.tar
	is "the file" "$(cat "r/$name/$name")" long
	is "the link" "$(readlink r/link)" "$name$name"
done

# A bomb is bounded by the pipe, not by memory.
head -c 300M /dev/zero >zero
tar -cf zero.tar --sparse=no zero 2>/dev/null || tar -cf zero.tar zero
rm zero
image zero.tar
rm zero.tar
unpack_clean
if [ "$B" != "$top/.build-sanitize" ]; then
	run sh -c 'ulimit -v 400000; oci-unpack --max-size=100M img r'
	is "300 MB of zeros are refused early" "$status" 1
	said "by --max-size" max-size
fi
unpack_clean
done_testing
