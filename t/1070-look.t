#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-fetch's looks at what a registry has, held against what skopeo sees of
# the same; and the choice of one or several platforms of an index, which they
# share with fetching.
. "${0%/*}/lib.sh"
. "$top/t/badregistry.sh"
need docker-registry curl skopeo jq python3

registry_start
echo hello >file && tar -cf a.tar file
for p in amd64 arm/v7 arm64 s390x; do
	"$top/t/mkimage" --platform linux/$p --env P=$p "img:${p%/*}" a.tar \
		>"${p%/*}" || bail "no image"
done
"$top/t/mkindex" img:multi amd64 arm arm64 s390x >multi
"$top/t/mkindex" img:two s390x arm64 >two
"$top/t/mkindex" img:nested arm two >nested
"$top/t/mkimage" --docker --platform linux/amd64 img:d1 a.tar >/dev/null
"$top/t/mkimage" --docker --platform linux/s390x img:d2 a.tar >/dev/null
"$top/t/mkindex" --docker img:list d1 d2 >list
for tag in amd64 multi nested list; do
	"$top/t/pushimage" "img:$tag" "$registry/a/img:$tag" || bail "no push"
done
image=$registry/a/img
badregistry_start img

sha() {
	echo "sha256:$(sha256sum <"$1" | cut -c1-64)"
}
inspect() { # OPTION... REF, to $out.there
	skopeo --override-arch s390x inspect --tls-verify=false "$@" >there
}

# What it prints.
inspect --raw "docker://$image:multi"
ok "--manifest" oci-fetch --manifest "$image:multi"
is "is skopeo inspect --raw" "$(sha "$out")" "$(sha there)"
inspect --config --raw "docker://$image:multi"
ok "--config" oci-fetch --config -p linux/s390x "$image:multi"
is "is skopeo inspect --config --raw" "$(sha "$out")" "$(sha there)"
is "of that platform" "$(jq -r .config.Env[0] "$out")" P=s390x
ok "--config of an image alone" oci-fetch --config "$image:amd64"
is "whatever this machine is" "$(jq -r .config.Env[0] "$out")" P=amd64
inspect "docker://$image:multi"
ok "--digest" oci-fetch --digest "$image:multi"
is "is one line" "$(cat "$out")" "$(cat multi)"
is "skopeo's Digest" "$(cat "$out")" "$(jq -r .Digest there)"
ok "--digest of a platform" oci-fetch --digest -p linux/arm64 "$image:multi"
is "is its manifest's" "$(cat "$out")" "$(cat arm64)"
ok "--digest of a digest" oci-fetch --digest "$image@$(cat multi)"
is "is that, where there is such an image" "$(cat "$out")" "$(cat multi)"
skopeo list-tags --tls-verify=false "docker://$image" >there
ok "--tags" oci-fetch --tags "$image"
is "are skopeo's" "$(jq -c .tags "$out")" "$(jq -c .Tags there)"
fails "--digest of what isn't there" oci-fetch --digest "$image:none"
said "has the registry's reason" "$image:none: HTTP status 404.*manifest unknown"
fails "--config of no image" oci-fetch --config -p linux/386 "$image:amd64"
said "says what there is" "the image is for linux/amd64, not for linux/386"

# No document goes over the wire where the digest alone is wanted.
: >"$requests"
ok "--digest is a HEAD" oci-fetch --digest "$bad/open/img:multi"
is "and nothing else" "$(cut -d' ' -f1,2 "$requests")" \
	"HEAD /v2/open/img/manifests/multi"
for mode in undigested headless headlost; do
	: >"$requests"
	ok "$mode: --digest" oci-fetch --digest "$bad/$mode/img:multi"
	is "is that of the document" "$(cat "$out")" "$(cat multi)"
	is "which is asked for then" "$(cut -d' ' -f1 "$requests" | xargs)" \
		"HEAD GET"
done
for mode in wrongheader nonsense; do
	fails "$mode: --digest of a digest" \
		oci-fetch --digest "$bad/$mode/img@$(cat multi)"
done
: >"$requests"
fails "late: --digest" oci-fetch --digest "$bad/late/img:multi"
is "is asked once" "$(wc -l <"$requests")" 1

if command -v script >/dev/null; then
	run script -qec "oci-fetch -m '$bad/raw/img:amd64'" /dev/null
	is "a terminal gets nothing that steers it" \
		"$(tr -d '\n' <"$out" | grep -c "$(printf '\302\233')")" 0
	run script -qec "oci-fetch -m --raw '$bad/raw/img:amd64'" /dev/null
	is "but with --raw" \
		"$(tr -d '\n' <"$out" | grep -c "$(printf '\302\233')")" 1
else
	skip 2 "no script(1)"
fi

# Several platforms: an index of those, which is the same however it is asked
# for.
reduced() { # FILE OPTION... REF
	to=$1
	shift
	oci-fetch "$@" >"$to"
}
ok "two platforms" reduced pair.tar -p linux/arm64,linux/amd64 "$image:multi"
ok "the other way round" \
	reduced riap.tar -p linux/amd64 -p linux/aarch64 "$image:multi"
ok "are the same to the byte" cmp pair.tar riap.tar
ok "oci-layout-write takes it" sh -c "oci-layout-write new <pair.tar"
is "with its name" "$(jq -c '[.annotations[]]' "$out")" \
	"[\"$image:multi\",\"multi\"]"
ok "oci-layout-check finds nothing" oci-layout-check new
pair=$(jq -r .manifests[0].digest new/index.json)
jq -c '.manifests |= map(select(.platform.architecture | test("^a..64")))' \
	"img/blobs/sha256/$(cut -d: -f2 multi)" >wanted
is "it is the index without the others" \
	"$(cat "new/blobs/sha256/${pair#*:}")" "$(cat wanted)"
is "whose blobs are not there" "$(find new/blobs -type f | wc -l)" 6
ok "--manifest prints it" \
	oci-fetch -m -p linux/amd64,linux/arm64 "$image:multi"
is "it has the digest" "$(sha "$out")" "$pair"
ok "--digest too" oci-fetch --digest -p linux/amd64,linux/arm64 "$image:multi"
is "is the same" "$(cat "$out")" "$pair"
ok "oci-unpack - takes one of them" \
	sh -c "oci-unpack --platform linux/arm64 - root <pair.tar"
ok "all of them" oci-fetch --digest \
	-p linux/amd64,linux/arm/v7,linux/arm64,linux/s390x "$image:multi"
is "are the index itself" "$(cat "$out")" "$(cat multi)"
ok "a newer variant, twice the same" \
	reduced v8.tar -p linux/arm/v8,linux/arm/v7 "$image:multi"
is "is one image in an index" "$(tar -xOf v8.tar "blobs/sha256/$(tar -xOf \
	v8.tar index.json | jq -r .manifests[0].digest | cut -d: -f2)" |
	jq -c '[.manifests[].platform.variant]')" '["v7"]'
ok "of Docker's list" \
	reduced l.tar -p linux/s390x,linux/arm64 "$bad/open/img:multi"
ok "of a list of Docker's" oci-fetch -m -p linux/s390x,linux/amd64 "$image:list"
is "all is the list" "$(sha "$out")" "$(cat list)"
fails "one that isn't there" \
	oci-fetch -p linux/amd64,linux/riscv64,linux/386 "$image:multi"
said "is named, with those that are" "$image:multi: no image for linux/riscv64, only for linux/amd64 linux/arm/v7 linux/arm64 linux/s390x\$"
fails "two of an image alone" oci-fetch -p linux/amd64,linux/arm64 "$image:amd64"
said "says what it is for" "the image is for linux/amd64, not for linux/arm64"

# Indexes in an index.
ok "a platform of an index in an index" \
	oci-fetch --digest -p linux/s390x "$image:nested"
is "is found" "$(cat "$out")" "$(cat s390x)"
ok "two, of two indexes" \
	reduced nested.tar -p linux/arm/v7,linux/s390x "$image:nested"
ok "are in one" sh -c "oci-layout-write flat <nested.tar"
is "beside one another" "$(jq -c '[.manifests[].platform.architecture]' \
	"flat/blobs/sha256/$(jq -r .manifests[0].digest flat/index.json |
	cut -d: -f2)")" '["arm","s390x"]'
fails "none of them" oci-fetch -p linux/386 "$image:nested"
said "names those of both" "only for linux/arm/v7 linux/s390x linux/arm64\$"

# What users of other tools have met: several Windows, which differ in what no
# platform says here, and attestations, which are for no platform.
odd() { # TAG JQ: an index of that text, from the descriptors of multi
	jq -cj "$2" "img/blobs/sha256/$(cut -d: -f2 multi)" >odd
	cp odd "img/blobs/sha256/$(sha256sum <odd | cut -c1-64)"
	jq -c --arg t "$1" --arg d "$(sha odd)" '.manifests += [{digest: $d,
		annotations: {"org.opencontainers.image.ref.name": $t}}]' \
		img/index.json >changed && cp changed img/index.json
}
odd windows '.manifests |= map(.platform = {os: "windows", architecture:
	"amd64", "os.version": "10.0.\(.size)"})'
ok "of several versions of Windows" \
	oci-fetch --digest -p windows/amd64 "$bad/open/img:windows"
is "the first is taken" "$(cat "$out")" "$(cat amd64)"
odd attested '.manifests[2:] |= map(.platform = {os: "unknown", architecture:
	"unknown"})'
ok "two platforms beside attestations" \
	oci-fetch -m -p linux/amd64,linux/arm/v7 "$bad/open/img:attested"
is "are in the index without them" "$(jq '.manifests | length' "$out")" 2
fails "a platform that isn't there" \
	oci-fetch -m -p linux/arm64 "$bad/open/img:attested"
said "is not answered with unknown/unknown" \
	"only for linux/amd64 linux/arm/v7\$"
ok "--manifest where nothing is for this machine" \
	oci-fetch -m "$bad/open/img:windows"
ok "--all beside attestations" sh -c \
	"oci-fetch -a '$bad/open/img:attested' | oci-layout-write attested"

for wrong in "--config --digest $image" "-m --config $image" \
	"--digest -t $image" "--digest -a $image" "--raw $image" \
	"--raw --digest $image" "--config -p linux/amd64,linux/arm64 $image" \
	"-p linux/amd64, $image" "-p ,linux/amd64 $image"; do
	# shellcheck disable=SC2086
	exits 2 "usage: $wrong" oci-fetch $wrong
done
exits 2 "a platform among others" oci-fetch -p linux/amd64,no,a/b "$image"
said "is shown as it was given" "--platform linux/amd64,no,a/b: must be"

done_testing
