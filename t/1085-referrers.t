#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-fetch --referrers: what is about an image comes along with it, by the
# registry's list or by the tag that stands in for one, and stays with it in a
# layout.
. "${0%/*}/lib.sh"
. "$top/t/badregistry.sh"
need docker-registry curl jq python3

echo hello >file && tar -cf a.tar file
"$top/t/mkimage" img:v1 a.tar >v1 || bail "no image"
"$top/t/mkimage" --platform linux/s390x img:z a.tar >z
"$top/t/mkindex" img:both v1 z >both
v1=$(cat v1)
size_of() {
	stat -c %s "img/blobs/sha256/${1#*:}"
}
keep() { # FILE: as a blob; sets $digest
	digest=sha256:$(sha256sum <"$1" | cut -c1-64)
	cp "$1" "img/blobs/sha256/${digest#*:}"
}
manifest=application/vnd.oci.image.manifest.v1+json
empty=sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a
printf '{}' >empty && keep empty
# about TYPE DIGEST: an artifact about that; sets $digest.
about() {
	echo "$1 of $2" >content && keep content
	jq -cnj --arg m $manifest --arg t "$1" --arg s "$2" \
		--argjson n "$(size_of "$2")" --arg e $empty --arg l "$digest" \
		--argjson k "$(size_of "$digest")" '{schemaVersion: 2,
		mediaType: $m, artifactType: $t, config: {mediaType:
		"application/vnd.oci.empty.v1+json", digest: $e, size: 2,
		data: "e30="}, layers: [{mediaType: "text/plain", digest: $l,
		size: $k}], subject: {mediaType: $m, digest: $s, size: $n},
		annotations: {"org.opencontainers.image.ref.name": "v1"}}' \
		>artifact
	keep artifact
}
about application/sbom+x "$v1" && sbom=$digest
about application/signature "$v1" && signature=$digest
about application/signature "$sbom" && countersigned=$digest
about application/signature "$(cat both)" && whole=$digest
badregistry_start img

stream() { # MODE TAG OPTION...
	mode=$1 tag=$2
	shift 2
	oci-fetch "$@" "$bad/$mode/img:$tag" >x.tar
}
place() { # DIGEST: the number of the member
	tar -tf x.tar | grep -n "${1#*:}" | cut -d: -f1
}
named() { # the digests of index.json, sorted
	tar -xOf x.tar index.json | jq -r '.manifests[].digest' | sort | xargs
}
sorted() {
	printf '%s\n' "$@" | sort | xargs
}

# By the interface, one on each page.
ok "--referrers" stream refers v1 --referrers
is "index.json names the image and what is about it, and about that" \
	"$(named)" "$(sorted "$v1" "$sbom" "$signature" "$countersigned")"
is "the image first, alone with a name" "$(tar -xOf x.tar index.json |
	jq -c '[.manifests[].annotations."org.opencontainers.image.ref.name"]')" \
	'["v1",null,null,null]'
ok "what is about it comes before it" test "$(place "$signature")" -lt \
	"$(place "$v1")"
cp x.tar all.tar
ok "again" stream refers v1 --referrers -j 1
ok "it is the same, byte for byte" cmp x.tar all.tar
ok "oci-layout-write takes it" sh -c "oci-layout-write l <all.tar"
ok "under a name of one's own, too" sh -c "oci-layout-write n:mine <all.tar"
is "which the image has" "$(jq -r '.manifests[] | select(.annotations.
	"org.opencontainers.image.ref.name") | .digest' n/index.json)" "$v1"
ok "oci-layout-check finds nothing" oci-layout-check l
ok "oci-layout-gc" oci-layout-gc --age 0 l
is "removes nothing" "$(cat "$out")" ""
ok "twice is once" sh -c "oci-layout-write l <all.tar"
is "in the layout" "$(jq '.manifests | length' l/index.json)" 4
ok "the layout's image needs no name" oci-unpack l root
ok "nor does the stream's" sh -c "oci-unpack - stream <all.tar"
is "and is the image" "$(cat root/file stream/file | xargs)" "hello hello"
for mode in refers unfiltered; do
	ok "$mode: of one type" stream $mode v1 --referrers \
		--artifact-type application/sbom+x
	is "only these" "$(named)" "$(sorted "$v1" "$sbom")"
done
asked() { # REGEX: how often
	grep -cE "$1" "$requests"
}

# What is there already.
blobs() { # the blobs of the stream that are no manifests
	tar -tf x.tar | grep -c "blobs/sha256/." | {
		read -r n
		echo $((n - $(named | wc -w)))
	}
}
ok "--have of what is there" stream refers v1 --referrers --have l
is "leaves out all but manifests" "$(blobs)" 0
ok "into the layout" sh -c "oci-layout-write l <x.tar"
ok "the image alone" sh -c "oci-fetch $bad/refers/img:v1 | oci-layout-write have"
ok "--have of the image" stream refers v1 --referrers --have have
is "has what is about it: three contents, and the empty config" "$(blobs)" 4
ok "and completes it" sh -c "oci-layout-write have <x.tar"
for layout in l have; do
	is "all is in $layout" "$(jq '.manifests | length' $layout/index.json)" 4
	ok "  and whole" oci-layout-check $layout
done
ok "--cache" stream refers v1 --referrers --cache cache
ok "gives the same" cmp x.tar all.tar
: >"$requests"
ok "again" stream refers v1 --referrers --cache cache
ok "it is the same" cmp x.tar all.tar
is "and no blob was asked for" "$(asked /blobs/)" 0
is "but what is about it was" "$(asked "/referrers/.*$v1")" 2

# Mirrors have manifests and blobs; what is about an image the registry knows.
printf '%s\n' "[[registry]]" "location='$bad/refers'" "[[registry.mirror]]" \
	"location='$bad/open'" >conf
: >"$requests"
ok "a mirror" stream refers v1 --referrers --registries-conf conf
ok "gives the same" cmp x.tar all.tar
is "has all that is of a digest or a tag" "$(asked "/refers/img/(man|blobs)")" 0
is "and isn't asked for more" "$(asked "/open/img/referrers")" 0
rm -r have cache
jq -cnj --arg m $manifest --arg d "$v1" --argjson n "$(size_of "$v1")" \
	'{schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json",
	artifactType: "application/ring", manifests: [{mediaType: $m, digest:
	$d, size: $n}], subject: {mediaType: $m, digest: $d, size: $n}}' >ring
keep ring
ok "an index about an image that is in it" \
	stream refers v1 --referrers --artifact-type application/ring
is "is no ring" "$(named)" "$(sorted "$v1" "$digest")"
ok "oci-layout-write takes it" sh -c "oci-layout-write ringed <x.tar"
rm "img/blobs/sha256/${digest#*:}"
ok "of an index and its images" stream refers both --referrers -a
is "all" "$(named)" "$(sorted "$(cat both)" "$whole" "$sbom" "$signature" \
	"$countersigned")"

# The list.
list() { # MODE [OPTION...]
	mode=$1
	shift
	oci-fetch --referrers --list "$@" "$bad/$mode/img:v1" >list
}
ok "--list" list refers
is "has all of the image" "$(jq -r .digest list | sort | xargs)" \
	"$(sorted "$sbom" "$signature")"
is "as they are listed" "$(jq -r '.artifactType' list | sort | xargs)" \
	"application/sbom+x application/signature"
ok "--list of a type" list refers --artifact-type application/signature
is "has that" "$(jq -r .digest list)" "$signature"
ok "--list of nothing" oci-fetch --referrers --list "$bad/refers/img:z"
is "is empty" "$(cat "$out")" ""
fails "pages without an end" list reround
said "are found out" "the pages of referrers go round in circles"
fails "a page that is missing" list retail
said "is an error" "left off in the middle of the referrers"
fails "a list that is none" list badlist
said "is an error" "the list of referrers has "
fails "a registry that can't answer" list badref
said "isn't one without referrers" "HTTP status 503"
ok "what is listed and isn't about it" stream reall v1 --referrers
said "is left out" "$v1: left out, for it is listed as about $sbom|it is listed as about $v1 and says nothing of it"
is "the rest is there" "$(named | wc -w)" 4

# By the tag.
ok "without the interface and the tag" stream open v1 --referrers
is "there are none" "$(named)" "$v1"
tag_list() { # DESCRIPTOR...: the tag's index
	printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[%s]}' \
		"$(printf '%s\n' "$@" | paste -sd,)" >index
	keep index
	jq -c --arg d "$digest" --argjson s "$(size_of "$digest")" \
		--arg t "sha256-${v1#*:}" '.manifests += [{mediaType:
		"application/vnd.oci.image.index.v1+json", digest: $d, size: $s,
		annotations: {"org.opencontainers.image.ref.name": $t}}]' \
		img/index.json >new && {
		printf '{"schemaVersion":2,"manifests":[\n'
		jq -c '.manifests[]' new | sed '$!s/$/,/'
		echo ']}'
	} >img/index.json
}
entry() {
	printf '{"mediaType":"%s","digest":"%s","size":%s%s}' $manifest "$1" \
		"$(size_of "$1")" "${2-}"
}
tag_list "$(entry "$sbom")" \
	"$(entry "$signature" ',"artifactType":"application/signature"')"
for mode in open noref repage; do
	ok "$mode: by the tag" stream $mode v1 --referrers
	is "are what it lists" "$(named)" "$(sorted "$v1" "$sbom" "$signature")"
done
printf '%s\n' "[[registry]]" "location='$bad/open'" "[[registry.mirror]]" \
	"location='$bad/noref'" >conf
before=$(asked "/open/img/manifests/sha256-${v1#*:}")
ok "a mirror" stream open v1 --referrers --registries-conf conf
is "has the tag" "$(named)" "$(sorted "$v1" "$sbom" "$signature")"
is "which isn't asked of the registry" \
	"$(asked "/open/img/manifests/sha256-${v1#*:}")" "$before"
sed 's/noref/none/' conf >conf2
ok "a mirror that has nothing" stream open v1 --referrers \
	--registries-conf conf2
is "leaves it to the registry" "$(named)" "$(sorted "$v1" "$sbom" "$signature")"
ok "the tag's" stream open v1 --referrers
is "a type that the tag doesn't say is added" "$(tar -xOf x.tar index.json |
	jq -r --arg d "$sbom" '.manifests[] | select(.digest == $d) |
	.artifactType')" application/sbom+x
is "the interface was asked for once" "$(grep -c /repage/img/referrers/ \
	"$requests")" 1
ok "--list of a type that the tag doesn't say" \
	list open --artifact-type application/sbom+x
is "has it by its manifest" "$(jq -r .digest list)" "$sbom"
ok "a registry that takes the tag for a digest" stream dashed both --referrers -a
is "has no referrers" "$(named)" "$(cat both)"

# A tag that isn't what it should be is no reason to do without the image.
cp img/index.json good
for broken in '' '{' '[]' '{"schemaVersion":2,"manifests":{}}' \
	'{"schemaVersion":2,"manifests":[{}]}' \
	'{"schemaVersion":2,"manifests":[{"mediaType":"a/b","digest":"sha256:x","size":1}]}' \
	"{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"a/b\",\"digest\":\"$sbom\",\"size\":-1}]}"; do
	printf %s "$broken" >index && keep index
	jq -c --arg d "$digest" --arg t "sha256-${v1#*:}" '(.manifests[] |
		select(.annotations."org.opencontainers.image.ref.name" == $t)
		).digest = $d' good >img/index.json
	ok "a tag of $broken" stream open v1 --referrers
	is "  has no referrers" "$(named)" "$v1"
	said "  and is named" "$v1: the tag of its referrers is no list of them"
done
cp good img/index.json

registry_start
for tag in v1 "sha256-${v1#*:}"; do
	"$top/t/pushimage" "img:$tag" "$registry/a/img:$tag" || bail "no push"
done
ok "a real registry" sh -c \
	"oci-fetch --referrers $registry/a/img:v1 >x.tar"
is "by the tag" "$(named)" "$(sorted "$v1" "$sbom" "$signature")"

# What was deleted since it was listed.
v1=$(cat z)
about application/sbom+x "$v1" && sbom=$digest
about application/gone "$v1" && gone=$digest
echo other >strange && keep strange
tag_list "$(entry "$gone")" "$(entry "$digest" | sed 's,"app[^"]*,"a/b,')" \
	"$(entry "$sbom")"
rm "img/blobs/sha256/${gone#*:}" "img/blobs/sha256/$(
	sha256sum <strange | cut -c1-64)"
ok "referrers that aren't there any more" stream open z --referrers
is "are left out" "$(named)" "$(sorted "$v1" "$sbom")"
said "with a warning" "$gone: left out, for .* lists it as a referrer"
is "each" "$(grep -c "doesn't have it" "$err")" 2
ok "also where their type is looked for" \
	oci-fetch --referrers --list --artifact-type application/sbom+x \
	"$bad/open/img:z"
is "which others have" "$(jq -r .digest "$out")" "$sbom"
said "with the same" "$gone: left out, for .* lists it as a referrer"

for wrong in "--list $registry/a" "--artifact-type a/b $registry/a" \
	"--referrers -m $registry/a" "--referrers -t $registry/a" \
	"--referrers --list --digest $registry/a"; do
	# shellcheck disable=SC2086
	exits 2 "usage: $wrong" oci-fetch $wrong
done

done_testing
