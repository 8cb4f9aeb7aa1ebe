#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-fetch --have: what the reader's layout has is neither asked for nor in
# the stream, and only that layout takes the stream.
. "${0%/*}/lib.sh"
. "$top/t/badregistry.sh"
need python3 jq

for i in 1 2 3; do
	head -c 100000 /dev/urandom >"f$i" && tar -cf "$i.tar" "f$i"
done
"$top/t/mkimage" img:old plain=1.tar plain=2.tar >/dev/null || bail "no image"
"$top/t/mkimage" img:new plain=1.tar plain=2.tar plain=3.tar >new
"$top/t/mkimage" --platform linux/s390x img:s plain=1.tar plain=3.tar >s
"$top/t/mkindex" img:multi new s >/dev/null
badregistry_start img
image=$bad/open/img

fetch() { # REF OPTION...: into x.tar; the requests of that alone
	: >"$requests"
	oci-fetch "$@" >x.tar
}
asked() { # KIND: of how many were there requests
	grep -c "/$1/" "$requests"
}
to() { # LAYOUT OPTION... REF: through a pipe
	: >"$requests"
	layout=$1
	shift
	oci-fetch --have "$layout" "$@" | oci-layout-write "$layout"
}
same() { # LAYOUT: no blob differs from that of the registry's
	(cd "$1/blobs/sha256" && find . -type f) >list &&
		while read -r name; do
			cmp "$1/blobs/sha256/$name" "img/blobs/sha256/$name" ||
				return
		done <list
}

ok "a layout that isn't there yet" to l "$image:old"
is "all is asked for" "$(asked manifests) $(asked blobs)" "1 3"
ok "another image of the same layers" to l "$image:new"
is "only what is new is asked for" "$(asked manifests) $(asked blobs)" "1 2"
ok "the layout is whole" oci-layout-check l
ok "it has the registry's bytes" same l
is "and the names" "$(oci-layout-ls l | jq -r .name | tr '\n' ' ')" "old new "
touch -d '2001-01-01 UTC' l/index.json
ok "what is all there" to l "$image:new"
is "is asked for by name alone" "$(asked manifests) $(asked blobs)" "1 0"
is "and changes nothing" "$(stat -c %y l/index.json | cut -c1-4)" 2001
ok "by its digest" fetch --have l "$image@$(cat new)"
is "it isn't asked for at all" "$(cat "$requests")" ""
is "its stream has the manifest alone" "$(tar -tf x.tar | grep -v '/$')" \
	"oci-layout
index.json
manifest.json
blobs/sha256/$(cut -d: -f2 new)"
mkdir empty && mkdir -p begun/blobs
ok "an empty directory has nothing" fetch --have empty "$image:new"
cp x.tar whole.tar
ok "nor has one that is being written to" fetch --have begun "$image:new"
ok "the stream is whole" cmp x.tar whole.tar
ok "two layouts" fetch --have empty --have l "$image:new"
is "have what either has" "$(asked blobs)" 0

# Whoever else reads it.
read_by() { # COMMAND...
	"$@" <x.tar
}
fails "another layout" read_by oci-layout-write other
said "doesn't take it" "neither the stream nor the layout has it"
ok "and is not begun" test ! -e other
fails "a root file system" read_by oci-unpack - rootfs
said "isn't made of it" "missing, or"
ok "and is not begun" test ! -e rootfs
fails "nor is an archive" read_by oci-flatten -

# Blobs that are not as they were.
layer=$(jq -r '.layers[0].digest' "img/blobs/sha256/$(cut -d: -f2 new)")
blob=l/blobs/sha256/${layer#*:}
cp "$blob" kept
printf "not these" | dd of="$blob" bs=1 seek=5000 conv=notrunc 2>/dev/null
fails "a blob that was damaged" to l "$image:new"
said "is found by who publishes it" "$layer.* is damaged"
head -c 70000 kept >"$blob"
ok "one that is too short" to l "$image:new"
is "is asked for" "$(asked blobs)" 1
ok "and made good" cmp kept "$blob"
rm "$blob" && mkfifo "$blob"
ok "a FIFO in its place" fetch --have l "$image:new"
is "is none" "$(asked blobs)" 1
rm "$blob"
ok "one that is gone" to l "$image:new"
is "is asked for, too" "$(asked blobs)" 1
ok "the layout is whole again" oci-layout-check l
fetch --have l "$image:new"
mv "$blob" gone
fails "one that goes meanwhile" read_by oci-layout-write l
said "is missed" "${layer#*:}.*neither the stream nor the layout"
mv gone "$blob"
manifest=l/blobs/sha256/$(cut -d: -f2 new)
cp "$manifest" kept
sed 's/schemaVersion/schemaversion/' kept >"$manifest"
ok "a manifest that was damaged" fetch --have l "$image@$(cat new)"
is "is asked for" "$(asked manifests) $(asked blobs)" "1 0"
cp kept "$manifest"

# Indexes, and layouts of old.
ok "an index of which the layout has one image" to l -a "$image:multi"
is "only the rest is asked for" "$(asked manifests) $(asked blobs)" "2 1"
ok "the layout is whole" oci-layout-check l
ok "again" to l -a "$image:multi"
is "nothing of it is asked for" "$(asked manifests) $(asked blobs)" "1 0"
ok "one platform of it" fetch --have l -p linux/s390x "$image:multi"
is "is known by its index" "$(asked manifests) $(asked blobs)" "1 0"
mkdir -p flat/blobs flat/refs
for f in l/blobs/sha256/*; do
	cp "$f" "flat/blobs/sha256-${f##*/}"
done
ok "a layout of image-spec 0.3" to flat "$image:new"
is "nothing is asked for" "$(asked manifests) $(asked blobs)" "1 0"
ok "and it is whole then" oci-layout-check flat

# A layer that its owner alone may give away is never missed by a reader.
sed "s/layer\.v1\.tar/layer.nondistributable.v1.tar/" "img/blobs/sha256/$(
	cut -d: -f2 new)" >manifest
new=$(sha256sum <manifest | cut -d' ' -f1)
cp manifest "img/blobs/sha256/$new" && cp manifest "l/blobs/sha256/$new"
ok "restricted layers" fetch --have l "$image@sha256:$new"
is "are in the stream" "$(tar -tf x.tar | grep -c "${layer#*:}")" 1

mkdir none && touch none/file
fails "a directory of something else" fetch --have none "$image:new"
said "is no layout" "not an image layout"
fails "a file" fetch --have whole.tar "$image:new"
said "isn't either" "Not a directory"
exits 2 "--have doesn't go with -m" fetch -m --have l "$image:new"
exits 2 "nor with -t" fetch -t --have l "$image:new"

done_testing
