#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-layout-write --cache: what neither the stream nor the layout has is taken
# from another layout, verified, and not written again where that can be.
. "${0%/*}/lib.sh"
. "$top/t/badregistry.sh"
need python3 jq strace

for i in 1 2 3; do
	head -c 300000 /dev/urandom >"f$i" && tar -cf "$i.tar" "f$i"
done
"$top/t/mkimage" img:v1 plain=1.tar plain=2.tar >/dev/null || bail "no image"
"$top/t/mkimage" img:v2 plain=1.tar plain=3.tar >/dev/null
blob() { # TAG N: the path of its N-th layer in a layout, or of its config
	jq -r --arg tag "$1" '.manifests[] | select(.annotations[
		"org.opencontainers.image.ref.name"] == $tag).digest' \
		img/index.json >digest
	jq -r "if $2 then .layers[$2] else .config end | .digest" \
		"img/blobs/sha256/$(cut -d: -f2 digest)" |
		sed 's,sha256:,blobs/sha256/,'
}
config=$(blob v1 null) base=$(blob v1 0) top2=$(blob v1 1)
cp -a img thin
rm "thin/$base" "thin/$top2" "thin/$config"
tar -C thin -cf thin.tar .
inode() {
	stat -c %d:%i "$1"
}
write() { # DIR OPTION...
	write_to=$1
	shift
	oci-layout-write "$@" "$write_to:v1" <one.tar
}
# v1 alone, without its layers and config.
jq -c 'del(.manifests[1])' img/index.json >one.json
mkdir one && cp thin/oci-layout one/ && cp one.json one/index.json
cp -a thin/blobs one/
tar -C one -cf one.tar .

fails "without the other layout it isn't whole" write l
cp -a img cache
touch -d '2001-01-01 UTC' "cache/$base"
ok "with it it is" write l --cache cache
ok "it is whole" oci-layout-check l
is "a blob of it is the other's" "$(inode "l/$base")" "$(inode "cache/$base")"
is "which is of use" "$(find "cache/$base" -newermt 2002-01-01)" "cache/$base"
ok "again" write l --cache cache
rm -r l
ok "beside a directory that isn't there, and an empty one" sh -c \
	"mkdir empty && oci-layout-write --cache none --cache empty \
	--cache cache l:v1 <one.tar"
ok "it is whole" oci-layout-check l
rm "l/$base"
ok "what a layout has lost" write l --cache cache
is "comes from there, too" "$(inode "l/$base")" "$(inode "cache/$base")"
mkdir -p flat/blobs flat/refs
for f in cache/blobs/sha256/*; do
	cp "$f" "flat/blobs/sha256-${f##*/}"
done
ok "of image-spec 0.3" write old --cache flat
ok "it is whole" oci-layout-check old
oci-layout-tag -d v1 cache && oci-layout-tag -d v2 cache
ok "what one layout removes" oci-layout-gc --age=0 cache
ok "the other has" oci-layout-check l
rm -r cache && cp -a img cache

# Files that somebody else can change are copied, and so are those that those
# who may read the layout couldn't.
for mode in 620 602 600 400; do
	rm -rf l
	chmod $mode "cache/$base"
	ok "a file of mode $mode" write l --cache cache
	is "is copied" "$(stat -c %a "l/$base") $(test "$(inode "l/$base")" \
		= "$(inode "cache/$base")" && echo old)" "644 "
done
rm -r l
ok "of a user who lets nobody read" sh -c \
	"umask 077; oci-layout-write --cache cache l:v1 <one.tar"
is "it needn't be copied" "$(inode "l/$base")" "$(inode "cache/$base")"
chmod 444 "cache/$base"
rm -r l
ok "nor one that nobody writes to" write l --cache cache
is "is copied" "$(inode "l/$base")" "$(inode "cache/$base")"
chmod 644 "cache/$base"
mv "cache/$base" elsewhere && ln -s "$tmp/elsewhere" "cache/$base"
rm -r l
ok "what a link leads to" write l --cache cache
is "is copied" "$(find "l/$base" -type f -links 1)" "l/$base"
ok "a layout of such links" write cache
ok "is whole" oci-layout-check cache
is "and still one" "$(readlink "cache/$base")" "$tmp/elsewhere"
rm "cache/$base" && mv elsewhere "cache/$base"
if [ "$(id -u)" = 0 ]; then
	chown 65534 "cache/$base"
	rm -r l
	ok "another user's file" write l --cache cache
	is "is copied" "$(stat -c %u "l/$base")" 0
	chown 0 "cache/$base"
else
	skip 2 "not root"
fi
far=$(mktemp -d /dev/shm/oci-test.XXXXXX 2>/dev/null) || far=$tmp/far
at_exit "rm -rf '$far'"
ok "another file system" write "$far/l" --cache cache
ok "has it whole" oci-layout-check "$far/l"

# Where extents can be shared.  A kernel that says it did, and didn't, is found
# out, which also tells that it was asked.
rm -r l
cloned() { # STATUS
	strace -qq -o trace -e trace=ioctl -e inject=ioctl:"$1" \
		oci-layout-write --cache cache l:v1 <one.tar
}
if strace -qq -o trace -e inject=ioctl:retval=0 true 2>/dev/null; then
	ok "where there can be none" cloned error=EOPNOTSUPP
	is "it is asked for once" "$(grep -c FICLONE trace)" 1
	rm -r l
	fails "a clone is verified" cloned \
		"retval=0:when=$(grep -n FICLONE trace | cut -d: -f1)"
	said "and is none" "damaged"
	ok "nothing is there" test ! -e l
else
	skip 5 "strace can't inject here"
fi
if command -v mkfs.btrfs >/dev/null && truncate -s 200M disk &&
	mkfs.btrfs -q disk >"$out" 2>&1 && mkdir btr && mount -o loop disk btr; then
	at_exit "umount '$tmp/btr'"
	cp -a img btr/cache
	ok "on btrfs" write btr/l --cache btr/cache
	is "the file is a new one" "$(test "$(inode "btr/l/$base")" = \
		"$(inode "btr/cache/$base")" && echo old)" ""
	is "of the same extents" "$(filefrag -v "btr/l/$base" | grep -c shared)" 1
	ok "it is whole" oci-layout-check btr/l
else
	skip 4 "no btrfs here"
fi

# What is wrong with the other layout.
rm -rf l
printf x | dd of="cache/$base" bs=1 seek=777 conv=notrunc 2>/dev/null
fails "a damaged blob" write l --cache cache
said "is none" "--cache cache: sha256:${base##*/}: the blob is damaged"
chmod 600 "cache/$base"
fails "nor is it when it is copied" write l --cache cache
said "which says the same" "--cache cache: sha256:${base##*/}: .*damaged"
ok "nothing was begun of it" test ! -e l
cp -a img cache2
for mode in 600 644; do
	chmod $mode "cache/$base"
	ok "the next one's is taken" write l --cache cache --cache cache2
	said "with a word about that" "cache: sha256:${base##*/}: .*damaged"
	ok "it is whole" oci-layout-check l
	rm -r l
done
cp "cache/$base" "cache2/$base"
fails "where that is damaged, too" write l --cache cache --cache cache2
said "it says where" "--cache cache2: sha256:${base##*/}: .*damaged"
said "and who misses it" "names this blob, but.*nor has --cache"
cp "img/$base" "cache2/$base"
tar -C img -cf img.tar .
ok "what the stream has" sh -c \
	"oci-layout-write --cache cache l <img.tar && oci-layout-check l"
is "is not looked for" "$(cat "$err")" ""
damage() { # in the layout itself: of other bytes, then of another size
	cp --remove-destination "cache/$base" "l/$base"
	[ $# = 0 ] || truncate -s "$1" "l/$base"
}
for size in '' 1000; do
	damage $size
	fails "a layout's own damage" write l --cache cache
	ok "is mended" write l --cache cache2
	said "and told of" "l: sha256:${base##*/}: the layout's copy"
	ok "it is whole" oci-layout-check l
done
rm -r l
rm "cache/$base"
fails "one that is gone" write l --cache cache
said "is missed" "neither the stream nor the layout has it, nor has --cache"
head -c 1000 "img/$base" >"cache/$base"
fails "one that is too short isn't it" write l --cache cache
rm "cache/$base" && mkfifo "cache/$base"
fails "nor is a FIFO" write l --cache cache
ok "nothing was begun" test ! -e l
mkdir other && touch other/file
fails "a directory of something else" write l --cache other
said "is no layout" "not an image layout"

# Filled by the very pipe that takes from it.
badregistry_start img
pull() { # LAYOUT TAG
	: >"$requests"
	oci-fetch -q --cache stock --have stock "$bad/open/img:$2" |
		oci-layout-write --cache stock "$1"
}
ok "a first image" pull a v1
ok "is whole" oci-layout-check a
ok "and kept" oci-layout-check stock
ok "the next in another layout" pull b v2
is "only what is new is asked for" "$(grep -c /blobs/ "$requests")" 2
is "what isn't is shared" "$(inode "b/$base")" "$(inode "stock/$base")"
ok "the first in yet another" pull c v1
is "is not asked for" "$(grep -c /blobs/ "$requests")" 0
ok "and whole" oci-layout-check c
is "for nothing of it is written" "$(inode "c/$top2")" "$(inode "stock/$top2")"
cat >eight <<'E2'
for i in 1 2 3 4 5 6 7 8; do
	oci-fetch -q --cache many --have many "$1:v$((i % 2 + 1))" |
		oci-layout-write --cache many all:t$i >/dev/null &
	pids="${pids-} $!"
done
for i in $pids; do wait $i || exit 1; done
E2
ok "eight at once, from nothing" sh eight "$bad/open/img"
is "are eight" "$(oci-layout-ls all | wc -l)" 8
ok "and whole" oci-layout-check all
done_testing
