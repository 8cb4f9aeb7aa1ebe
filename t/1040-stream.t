#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-fetch: index.json of the stream, where descriptors are as they came, but
# only as what they say is true; manifest.json, by which docker load reads it.
. "${0%/*}/lib.sh"
. "$top/t/badregistry.sh"
need python3 jq skopeo zstd

echo hello >file && tar -cf a.tar file
"$top/t/mkimage" --platform linux/riscv64 img:r a.tar >digest ||
	bail "no image"
digest=$(cat digest)
size=$(stat -c %s "img/blobs/sha256/${digest#*:}")
badregistry_start img

# publish TAG TEXT: an index of that text.
publish() {
	printf %s "$2" >index
	index=$(sha256sum <index | cut -d' ' -f1)
	cp index "img/blobs/sha256/$index"
	jq -c --arg t "$1" --arg d "sha256:$index" --arg s "$(stat -c %s index)" \
		'{"org.opencontainers.image.ref.name": $t} as $name |
		.manifests |= map(select(.annotations != $name)) + [{digest: $d,
		mediaType: "x", size: ($s | tonumber), annotations: $name}]' \
		img/index.json >new && mv new img/index.json
}

index() { # [MEMBERS [MEDIA-TYPE]] of the entry
	printf '{"schemaVersion":2,"mediaType":"%s","manifests":[{%s"digest":"%s","size":%s%s}]}' \
		application/vnd.oci.image.index.v1+json \
		"${2-\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",}" \
		"$digest" "$size" "${1-}"
}

fetch() { # REF: index.json's descriptor
	oci-fetch -p linux/riscv64 "$1" >x.tar &&
		tar -xOf x.tar index.json |
		sed 's/^.*"manifests":\[\(.*\)\]}$/\1/'
}

more='"artifactType":"application/x","platform":{"os.version":"10.0.1","variant":"","architecture":"riscv64","os":"linux","os.features":["a"]},"x":12345678901234567890,"y":[1.50,1e2,null],"urls":["https://h/"]'
head='"mediaType":"application/vnd.oci.image.manifest.v1+json",'
rest="\"digest\":\"$digest\",\"size\":$size"
publish full "$(index ",$more,\"annotations\":{\"a\":\"b\",\"org.opencontainers.image.ref.name\":\"other\"}")"
ok "an entry with all there may be" fetch "$bad/open/img:full"
is "goes out to the digit, with our names" "$(cat "$out")" \
	"{$head$rest,$more,\"annotations\":{\"a\":\"b\",\"io.containerd.image.name\":\"$bad/open/img:full\",\"org.opencontainers.image.ref.name\":\"full\"}}"
ok "by its digest" fetch "$bad/open/img@sha256:$index"
is "it has no name" "$(cat "$out")" \
	"{$head$rest,$more,\"annotations\":{\"a\":\"b\"}}"
publish bare "$(index ',"platform":{"architecture":"riscv64","os":"linux"}' "")"
ok "an entry that doesn't say what it is" fetch "$bad/open/img@sha256:$index"
is "goes out as what it is" "$(cat "$out")" \
	"{$head$rest,\"platform\":{\"architecture\":\"riscv64\",\"os\":\"linux\"}}"
publish null "$(index ',"platform":{"architecture":"riscv64","os":"linux"},"annotations":null,"urls":null,"artifactType":""')"
ok "an entry as Go writes it" fetch "$bad/open/img:null"
is "has our names" "$(jq -c .annotations "$out")" \
	"{\"io.containerd.image.name\":\"$bad/open/img:null\",\"org.opencontainers.image.ref.name\":\"null\"}"

# Entries that don't say what they are for: their configs do.
publish one "$(index "")"
ok "the only entry of an index" fetch "$bad/open/img:one"
is "by its config" "$(jq -r .digest "$out")" "$digest"
fails "for another platform" oci-fetch -p linux/s390x "$bad/open/img:one"
said "is refused" "no image for linux/s390x, only for linux/riscv64"
ok "which nobody asks for" sh -c "oci-fetch '$bad/open/img:one' >x.tar"
entries() { # PLATFORM...: an index of their images, without a word
	list=
	for p; do
		made=$("$top/t/mkimage" --platform "$p" img:made a.tar)
		list=$list${list:+,}$(printf '{"digest":"%s","size":%s}' \
			"$made" "$(stat -c %s "img/blobs/sha256/${made#*:}")")
	done
	publish mute "{\"schemaVersion\":2,\"manifests\":[$list]}"
}
entries linux/s390x linux/arm/v6 linux/riscv64 linux/arm/v7
ok "one of several" fetch "$bad/open/img:mute"
is "by its config" "$(jq -r .digest "$out")" "$digest"
oci-fetch -m -p linux/arm/v7 "$bad/open/img:mute" >mute
is "the best of them" "sha256:$(sha256sum <mute | cut -c1-64)" "$made"
fails "one that isn't there" oci-fetch -p linux/386 "$bad/open/img:mute"
said "is missed" "no image for linux/386"
printf '{"schemaVersion":2,"config":{"mediaType":"application/x","digest":"%s","size":%s},"layers":[]}' \
	"$digest" "$size" >artifact
cp artifact "img/blobs/sha256/$(sha256sum <artifact | cut -c1-64)"
artifact=$(printf '{"digest":"sha256:%s","size":%s}' \
	"$(sha256sum <artifact | cut -c1-64)" "$(stat -c %s artifact)")
publish mute "{\"schemaVersion\":2,\"manifests\":[$artifact,$list]}"
: >"$requests"
ok "beside what is no image" fetch "$bad/open/img:mute"
is "which isn't asked" "$(grep -c "blobs/$digest" "$requests")" 0
many=$artifact
for _ in 1 2 3 4 5; do
	many=$many,$many
done
publish mute "{\"schemaVersion\":2,\"manifests\":[$many,$list]}"
: >"$requests"
fails "behind 32 others" fetch "$bad/open/img:mute"
is "no more are asked" "$(grep -c "manifests/sha256" "$requests")" 32

# What an index says of a manifest has to be true.
platform=',"platform":{"architecture":"riscv64","os":"linux"}'
lie() { # NAME REGEX: of the index as it was published last
	fails "$1" fetch "$bad/open/img:lie"
	said "is refused" "$2"
	fails "also with --all" oci-fetch -a "$bad/open/img:lie"
	said "is refused" "$2"
}
size=$((size + 1))
publish lie "$(index "$platform")"
lie "a size that is too great" "it has [0-9]* bytes, its descriptor says $size"
size=$((size - 2))
publish lie "$(index "$platform")"
lie "one that is too small" "it has [0-9]* bytes, its descriptor says $size"
size=$((size + 1))
publish lie "$(index "$platform" \
	'"mediaType":"application/vnd.docker.distribution.manifest.v2+json",')"
lie "another type of manifest" "the registry says .*oci.image.manifest|it is .*oci.image.manifest.*its index says"
publish lie "$(index "$platform" \
	'"mediaType":"application/vnd.oci.image.index.v1+json",')"
lie "an index" "it is .*oci.image.manifest.*its index says .*index"

# An index of an index of ...: eight are enough for anybody.
was=$digest
for depth in 1 2 3 4 5 6 7 8 9; do
	if [ $depth = 1 ]; then
		publish "depth$depth" "$(index "$platform")"
	else
		publish "depth$depth" "$(index "$platform" \
			'"mediaType":"application/vnd.oci.image.index.v1+json",')"
	fi
	digest=sha256:$index size=$(stat -c %s index)
done
digest=$was
ok "eight indexes" fetch "$bad/open/img:depth8"
is "lead to the image" "$(jq -r .digest "$out")" "$digest"
ok "with --all" oci-fetch -a "$bad/open/img:depth8"
fails "nine" fetch "$bad/open/img:depth9"
said "are too many" "nested too deeply"
fails "also with --all" oci-fetch -a "$bad/open/img:depth9"
said "are too many" "nested too deeply"

# Of one blob two things can't be true.
publish two "$(jq -c '.layers += [.layers[0]] | .layers[1].size += 1' \
	"img/blobs/sha256/${digest#*:}")"
fails "a layer of two sizes" oci-fetch "$bad/open/img:two"
said "is refused" "a blob of both [0-9]* and [0-9]* bytes"

# An index that names one manifest twice, and one whose manifests are large.
entry() { # FILE
	cp "$1" "img/blobs/sha256/$(sha256sum <"$1" | cut -d' ' -f1)"
	printf '{%s"digest":"sha256:%s","size":%s}' "$head" \
		"$(sha256sum <"$1" | cut -d' ' -f1)" "$(stat -c %s "$1")"
}
once=$(entry "img/blobs/sha256/${digest#*:}" 2>/dev/null)
publish twice "{\"schemaVersion\":2,\"manifests\":[$once,$once]}"
: >"$requests"
ok "one manifest twice" oci-fetch -a "$bad/open/img:twice"
is "is asked for once" "$(grep -c "manifests/$digest" "$requests")" 1
for n in 1 2 3; do
	{ cat "img/blobs/sha256/${digest#*:}" && printf "%$((3000000 + n))s" ""
	} >large
	large="${large-}${large+,}$(entry large)"
done
publish large "{\"schemaVersion\":2,\"manifests\":[$large]}"
fails "more than there may be of all manifests" oci-fetch -a \
	"$bad/open/img:large"
said "is refused" "more than 8388608 bytes"

# An image of no layers, as Go writes it.
none=$(jq -c '.layers = null' "img/blobs/sha256/${digest#*:}")
publish none "$none"
ok "an image without layers" sh -c "oci-fetch '$bad/open/img:none' >none.tar"
is "is there whole" "$(tar -tf none.tar | wc -l)" 7
is "also for docker load" \
	"$(tar -xOf none.tar manifest.json | jq -c '.[0].Layers')" '[]'

# What docker load does with manifest.json, whatever else is in the archive.
echo world >file2 && tar -cf b.tar file2
"$top/t/mkimage" load:v1 a.tar zstd=b.tar plain=a.tar a.tar >digest ||
	bail "no image"
badregistry_start load
load() { # FILE: unpacks it, and looks for what that names
	rm -rf docker && mkdir docker && tar -xf "$1" -C docker &&
	config=$(jq -er '.[0].Config' docker/manifest.json) &&
	jq -r '.[0].Layers[]' docker/manifest.json >layers &&
	jq -r '.rootfs.diff_ids[]' "docker/$config" >diff_ids &&
	while read -r layer; do
		# Of any compression, as there.
		for how in gzip zstd cat; do
			$how -dc "docker/$layer" 2>/dev/null && break
			[ $how != cat ] || cat "docker/$layer"
		done | sha256sum | sed 's/^/sha256:/; s/ .*//'
	done <layers | cmp - diff_ids
}
ok "an image" sh -c "oci-fetch '$bad/open/img:v1' >load.tar"
is "manifest.json comes third" "$(tar -tf load.tar | sed -n 3p)" manifest.json
ok "docker load finds the layers of the diff_ids" load load.tar
is "as many as there are" "$(wc -l <layers)" 4
is "and the name" "$(jq -c '.[] | .RepoTags, length' docker/manifest.json |
	tr '\n' ' ')" "[\"$bad/open/img:v1\"] 3 "
ok "again" sh -c "oci-fetch -j 1 '$bad/open/img:v1' | cmp - load.tar"
ok "by digest" sh -c "oci-fetch '$bad/open/img@$(cat digest)' >by.tar"
ok "it loads" load by.tar
is "it has no name" "$(jq -c '.[].RepoTags' docker/manifest.json)" null
ok "skopeo reads it as docker's archive" skopeo copy --quiet \
	docker-archive:load.tar dir:sk
is "with all layers" "$(jq '.layers | length' sk/manifest.json)" 4
# Skopeo 1.9 gives directories that have no entry in an archive to root.
if [ "$(id -u)" = 0 ]; then
	ok "and as OCI's" skopeo copy --quiet oci-archive:load.tar dir:so
	is "it is the same image" "sha256:$(sha256sum <so/manifest.json |
		cut -c1-64)" "$(cat digest)"
	head -c -1024 load.tar >cut.tar
	ok "skopeo doesn't miss the end of the stream, as README says" \
		skopeo copy --quiet oci-archive:cut.tar dir:sc
else
	skip 3 "not root: skopeo would chown"
fi
ok "oci-layout-write" sh -c "oci-layout-write layout <load.tar"
is "passes over it" "$(ls layout)" "$(printf 'blobs\nindex.json\noci-layout')"
ok "oci-unpack" sh -c "oci-unpack - rootfs <load.tar"
is "too" "$(ls rootfs)" "$(printf 'file\nfile2')"

done_testing
