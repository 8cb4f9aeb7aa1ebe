#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-fetch of an index that names more than images of layers: what is of an
# unknown type comes as it is, what the registry needn't have may be missing.
. "${0%/*}/lib.sh"
. "$top/t/badregistry.sh"
need python3

echo hello >file && tar -cf a.tar file
echo there >file && tar -cf b.tar file
"$top/t/mkimage" img:here a.tar >/dev/null
"$top/t/mkimage" --platform windows/amd64 img:there plain=b.tar plain=a.tar \
	>there || bail "no image"

# keep FILE: into the layout as another blob; sets $digest and $size.
keep() {
	digest=sha256:$(sha256sum <"$1" | cut -d' ' -f1)
	size=$(stat -c %s "$1")
	cp "$1" "img/blobs/sha256/${digest#*:}"
}
# Its first layer is one that is kept by its owner.
gone=$(sha256sum <b.tar | cut -d' ' -f1)
type=application/vnd.oci.image.layer
sed "s|$type.v1.tar\"|$type.nondistributable.v1.tar\"|" \
	"img/blobs/sha256/$(cut -d: -f2 there)" >manifest
keep manifest && there=$digest
sed "s/$(cat there)/$there/;s/\"size\":[0-9]*\(,\"platform\":{\"os\":\"win\)/\"size\":$size\1/
	s/\"size\":[0-9]*\(,\"platform\":{[^}]*windows\)/\"size\":$size\1/" \
	img/index.json >index && cp index img/index.json
"$top/t/mkindex" img:both here there >both || bail "no index"
echo '{"a":"thing"}' >thing && keep thing && thing=$digest
sed "s|]}\$|,{\"mediaType\":\"application/vnd.example.thing+json\",\
\"digest\":\"$thing\",\"size\":$size}]}|" \
	"img/blobs/sha256/$(cut -d: -f2 both)" >index.both
keep index.both
sed "s/$(cat both)\",\"size\":[0-9]*/$digest\",\"size\":$size/" \
	img/index.json >index && cp index img/index.json
badregistry_start img

has() { # NAME DIGEST NUMBER: so often it is in the stream
	is "$1" "$(tar -tf x.tar | grep -c "${2#*:}")" "$3"
}
for mode in open apart; do
	ok "$mode: all of it" sh -c "oci-fetch -a $bad/$mode/img:both >x.tar"
	is "without a word" "$(cat "$err")" ""
	has "the thing too" "$thing" 1
	has "and the layer, where there is one" "$gone" 1
	ok "oci-layout-write takes it" sh -c \
		"oci-layout-write layout:$mode <x.tar"
done
is "it is asked for as a manifest, then as a blob" "$(grep -o \
	"^[A-Z]* /v2/apart/img/.*/$thing" "$requests" | tr '\n' ' ')" \
	"HEAD /v2/apart/img/manifests/$thing GET /v2/apart/img/blobs/$thing "

rm "img/blobs/sha256/$gone"
ok "a layer that isn't kept" sh -c "oci-fetch -a $bad/open/img:both >x.tar"
said "is told of" "$gone: a layer that the registry doesn't keep is left out"
has "and left out" "$gone" 0
is "all else is there" "$(tar -tf x.tar | grep -c 'blobs/sha256/.')" 8
ok "oci-layout-write takes it" sh -c "oci-layout-write less:x <x.tar"
fails "for its platform alone" sh -c \
	"oci-fetch -p windows/amd64 $bad/open/img:both >x.tar"
said "it is an error" "a layer that the registry doesn't keep"

done_testing
