#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-fetch of an index that names more than images of layers: what is of an
# unknown type comes as it is, what the registry needn't have may be missing.
. "${0%/*}/lib.sh"
. "$top/t/badregistry.sh"
need python3 jq

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

cp -r img owner
rm "img/blobs/sha256/$gone"
ok "a layer that isn't kept" sh -c "oci-fetch -a $bad/open/img:both >x.tar"
said "is told of" "$gone: a layer that the registry doesn't keep is left out"
has "and left out" "$gone" 0
is "all else is there" "$(tar -tf x.tar | grep -c 'blobs/sha256/.')" 8
ok "oci-layout-write takes it" sh -c "oci-layout-write less:x <x.tar"
fails "for its platform alone" sh -c \
	"oci-fetch -p windows/amd64 $bad/open/img:both >x.tar"
said "it is an error" "a layer that the registry doesn't keep"

publish() { # TAG FILE: under that name
	keep "$2"
	jq -c --arg t "$1" --arg d "$digest" --argjson s "$size" '.manifests +=
		[{mediaType: "x", digest: $d, size: $s, annotations:
		{"org.opencontainers.image.ref.name": $t}}]' \
		img/index.json >index && cp index img/index.json
}
# From its owner, who is another server here.
registry=$bad asked=$requests
badregistry_start owner
owner=$bad bad=$registry
urls() { # TAG URL...: the image with those of its layer
	tag=$1
	shift
	printf '%s\n' "$@" | jq -Rn '[inputs]' >urls
	jq -cj --arg d "sha256:$gone" --slurpfile u urls \
		'(.layers[] | select(.digest == $d)).urls = $u[0]' \
		"img/blobs/sha256/${there#*:}" >manifest
	publish "$tag" manifest
}
foreign() { # TAG OPTION...
	tag=$1
	shift
	oci-fetch --foreign -p windows/amd64 "$@" "$bad/basic/img:$tag" >x.tar
}
right=http://$owner/v2/open/img/blobs/sha256:$gone
urls urls http://192.0.2.1/x ftp://127.0.0.1/x "http://$owner/none" "$right"
ok "--foreign" foreign urls --creds user:pass:word
said "an address that others could read is passed over" \
	"http://192.0.2.1/x isn't asked for it: it is neither https nor on this"
said "and what is no http" "ftp://127.0.0.1/x isn't asked"
has "the layer is there" "$gone" 1
is "the owner gets no credentials" "$(cut -d' ' -f1,4 "$requests" | sort -u |
	sed '/^[0-9]*$/d' | xargs)" "GET - HEAD -"
is "the registry gets them" "$(grep -c "manifests/urls.*Basic" "$asked")" 1
ok "oci-layout-write takes it" sh -c "oci-layout-write owned <x.tar"
for again in 0 1; do
	ok "into a cache ($again)" foreign urls --creds user:pass:word \
		--cache cache
	has "the layer is there" "$gone" 1
done
is "of which it is once" "$(grep -c "GET.*$gone" "$requests")" 2
for mode in headless undigested; do
	urls $mode "http://$owner/v2/headless/img/blobs/sha256:$gone"
	ok "an owner who knows no HEAD" foreign $mode --creds user:pass:word
done
there_at() {
	echo "http://$owner/v2/$1/img/blobs/sha256:$gone"
}
urls second "$(there_at bodiless)" "http://$owner/none" "$right"
ok "an owner who has it for HEAD alone" foreign second --creds user:pass:word
said "is named" "not had from http://$owner/v2/bodiless/.*: HTTP status 403"
has "the next one has it" "$gone" 1
ok "also for a cache" foreign second --creds user:pass:word --cache cache2
has "that one has it" "$gone" 1
urls last "$(there_at bodiless)" "$(there_at bodiless)?again"
fails "owners who all have it for HEAD alone" \
	foreign last --creds user:pass:word
said "are an error, by the last" "^oci-fetch: sha256:$gone: HTTP status 403"
urls other "http://$owner/v2/open/img/blobs/$(jq -r .layers[1].digest manifest)"
fails "an owner who has another layer" foreign other --creds user:pass:word
said "is not believed" "http://.*sent something else, of digest"
another=http://$owner/v2/open/img/blobs/$(jq -r .layers[1].digest manifest)
urls page "$another?" "$another" "$(there_at goes)" "$right"
for cache in '' '--cache cache3'; do
	# shellcheck disable=SC2086
	ok "one who has it behind those ($cache)" \
		foreign page --creds user:pass:word $cache
	said "is asked at last" "^oci-fetch: sha256:$gone: $another sent something"
	has "for the layer" "$gone" 1
	ok "which is whole" sh -c "oci-layout-write owned <x.tar"
done
# Of these two parts make a whole.
urls parts "$(there_at spoils)" "$right"
for cache in '' '--cache cache4'; do
	# shellcheck disable=SC2086
	ok "a part that is wrong, and the rest ($cache)" \
		foreign parts --creds user:pass:word $cache
	said "are told of" "/spoils/.* or $right sent something else, of"
	has "and all of it is asked for" "$gone" 1
	ok "which is whole" sh -c "oci-layout-write owned <x.tar"
done
ok "that cache" oci-layout-check cache4
urls mixed "$(there_at goes)" "$another"
fails "a part of the one, and of another layer" \
	foreign mixed --creds user:pass:word
said "are two that may be wrong" \
	"http://$owner/v2/goes/.* or http://$owner/v2/open/.* sent something else, of"
said "and then one that is" \
	"^oci-fetch: sha256:$gone: http://$owner/v2/open/.* sent something else, of"
echo http://192.0.2.1/ >owner/back
urls sent "http://$owner/v2/back/img/blobs/sha256:$gone"
fails "an owner who sends on to anywhere" foreign sent --creds user:pass:word
said "isn't followed" "192.0.2.1.*neither https nor on this machine"
elsewhere() { # TAG: of a registry that is met through a proxy
	env http_proxy="http://$bad" https_proxy="http://$bad" no_proxy= \
		oci-fetch --tls-verify=false --foreign -p windows/amd64 \
		"192.0.2.2:6201/open/img:$1" >x.tar
}
urls inner "$right" "https://$owner/x" https://169.254.169.254/x
: >"$requests"
fails "a registry elsewhere" elsewhere inner
said "can't have this machine asked" \
	"$right isn't asked for it: it is a server of this machine or its link"
is "and nothing is" "$(cat "$requests")" ""
is "nor its link" "$(grep -c "169.254" "$asked")" 0
urls none
fails "no urls" foreign none --creds user:pass:word
said "are said to be none" "$gone: a layer that neither the registry nor its urls"
cp "owner/blobs/sha256/$gone" img/blobs/sha256/
: >"$requests"
ok "what the registry has" foreign urls --creds user:pass:word
is "is never asked of the owner" "$(cat "$requests")" ""
rm "img/blobs/sha256/$gone"
requests=$asked

count() { # of the requests for a blob or a manifest
	grep -c ":${1#*:} " "$requests"
}

# A manifest of a kind that nobody here knows comes with what it names.
echo one >one && keep one && one=$digest
printf '{"mediaType":"application/vnd.oci.artifact.manifest.v1+json","blobs":[{"mediaType":"a/b","digest":"%s","size":4}],"subject":null}' \
	"$one" >manifest
publish draft manifest && draft=$digest
for mode in open plaintype; do
	ok "$mode: an artifact manifest" \
		sh -c "oci-fetch $bad/$mode/img:draft >x.tar"
	has "comes" "$draft" 1
	has "with its blob" "$one" 1
	ok "oci-layout-write takes it" \
		sh -c "oci-layout-write draft:$mode <x.tar"
	ok "oci-layout-gc leaves it" oci-layout-gc --age 0 draft
	ok "and its blob" test -e "draft/blobs/sha256/${one#*:}"
done
ok "--manifest of it" oci-fetch -m "$bad/open/img:draft"
is "prints it" "sha256:$(sha256sum <"$out" | cut -c1-64)" "$draft"
fails "for a platform" oci-fetch -p linux/amd64 "$bad/open/img:draft"
said "it is none" "a application/vnd.oci.artifact.* is for no platform"
ok "a manifest that only the registry names" \
	sh -c "oci-fetch $bad/novelty/img:here >x.tar"
ok "comes with config and layer" test "$(tar -tf x.tar |
	grep -c 'blobs/sha256/.')" = 3
: >nothing && keep nothing
printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.chart","digest":"%s","size":0},"layers":[{"mediaType":"a/b","digest":"%s","size":4}]}' \
	"$digest" "$one" >manifest
publish chart manifest
ok "an artifact with an empty config" \
	sh -c "oci-fetch $bad/open/img:chart | oci-layout-write chart"
fails "for a platform" oci-fetch -p linux/amd64 "$bad/open/img:chart"
said "it is none" "an artifact, whose config is a application/vnd.chart"

# What a descriptor has in it isn't asked for.
with_data() { # FILE DIGEST DATA: the file with that in the descriptor
	jq -cj --arg d "$2" --arg data "$3" \
		'walk(if type == "object" and .digest == $d
		then .data = $data else . end)' "$1"
}
here=$(jq -r '.manifests[0].digest' index.both)
config=$(jq -r .config.digest "img/blobs/sha256/${here#*:}")
with_data "img/blobs/sha256/${here#*:}" "$config" \
	"$(base64 -w0 "img/blobs/sha256/${config#*:}")" >inner
keep inner && inner=$digest
sed "s/$here\",\"size\":[0-9]*/$inner\",\"size\":$size/" index.both >outer
with_data outer "$inner" "$(base64 -w0 inner)" >outer.right
publish right outer.right
: >"$requests"
ok "descriptors with data" sh -c "oci-fetch -a $bad/open/img:right >x.tar"
is "the manifest isn't asked for" "$(count "$inner")" 0
is "nor its config" "$(count "$config")" 0
has "but it is in the stream" "$inner" 1
ok "oci-layout-write takes it" sh -c "oci-layout-write right <x.tar"
with_data outer "$inner" "$(echo other | base64)" >outer.wrong
publish wrong outer.wrong
ok "data that is another's" sh -c "oci-fetch -a $bad/open/img:wrong >x.tar"
said "is told of" "$inner: its descriptor has data that isn't it"
is "it is asked for then" "$(count "$inner")" 1

done_testing
