#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-fetch: index.json of the stream, where descriptors are as they came.
. "${0%/*}/lib.sh"
. "$top/t/badregistry.sh"
need python3 jq

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
		'.manifests += [{mediaType: "x", digest: $d, size: ($s | tonumber),
		annotations: {"org.opencontainers.image.ref.name": $t}}]' \
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

done_testing
