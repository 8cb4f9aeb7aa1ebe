#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-layout-write: several archives on one pipe, whose names meet, and
# whatever else is in an index.json.
. "${0%/*}/lib.sh"
need jq python3

mkdir l1 l2
echo one >l1/a
echo two >l2/b
ref=org.opencontainers.image.ref.name full=io.containerd.image.name
for n in 1 2; do
	"$top/t/mkimage" --cmd sh "$n:v$n" "l$n" >"d$n" || bail "t/mkimage"
	tar -C $n -cf $n.tar .
done

# index DIR FILTER: change its index.json, and make the archive DIR.tar anew.
index() {
	jq -c "$2" "$1/index.json" >tmp.json && mv tmp.json "$1/index.json" &&
		tar -C "$1" -cf "$1.tar" .
}
names() {
	jq -r --arg r $ref '[.manifests[].annotations[$r]] | sort | join(" ")' \
		"$1/index.json"
}
write() { # ARGUMENT... : of the archives of this shell's $archives
	# shellcheck disable=SC2086
	cat $archives | oci-layout-write "$@"
}

archives="1.tar 2.tar"
ok "two archives" write both
is "are both read" "$(names both)" "v1 v2"
is "and printed" "$(wc -l <"$out")" 2
ok "zeros in between, and behind" sh -c \
	"{ cat 1.tar; head -c 5120 /dev/zero; cat 2.tar; head -c 700 /dev/zero; } |
	oci-layout-write zeros"
is "are padding" "$(names zeros)" "v1 v2"
fails "not one tag for both" write new:v3
said "it says so" "several images"
archives="1.tar 1.tar"
ok "the same twice" write twice:v3
is "is one" "$(names twice)" v3
echo junk >junk
head -c 512 /dev/urandom >noise
archives="1.tar junk"
fails "text behind an archive" write new
archives="1.tar noise"
fails "a block of noise" write new
head -c 100 /dev/zero >odd
archives="1.tar odd 2.tar"
fails "an archive that doesn't begin with a block" write new
said "it says so" "something else after the end of the archive"
head -c -1024 2.tar | head -c 3000 >short
archives="1.tar short"
fails "a second one that is cut off" write new
tar -cf not.tar l1
archives="1.tar not.tar"
fails "a second one that is no layout" write new
ok "nothing was made of these" test ! -e new

# Two images of one name: the name in full, as docker save's "latest" needs.
for n in 1 2; do
	index $n ".manifests[0].annotations = {\"$ref\": \"latest\",
		\"$full\": \"docker.io/library/$n:latest\"}"
done
archives="1.tar 2.tar"
ok "two that are called latest" write latest
is "have their full names" "$(names latest)" \
	"docker.io/library/1:latest docker.io/library/2:latest"
ok "one of them by itself" sh -c "oci-layout-write alone <1.tar"
is "hasn't" "$(names alone)" latest
for n in 1 2; do
	index $n ".manifests[0].annotations = {\"$ref\": \"latest\"}"
done
fails "without those they can't be told" write new
said "what to do" "DIR:TAG"
index 1 '.manifests[0].platform = {os: "linux", architecture: "amd64"}'
index 2 '.manifests[0].platform = {os: "linux", architecture: "s390x"}'
ok "but by their platforms" write platforms
is "so one name is enough" "$(names platforms)" "latest latest"

# More names than an index.json may hold.
for n in 1 2; do
	index $n "[.manifests[0] | del(.annotations)] as [\$d] | .manifests =
		[range(13000) | \$d + {annotations: {\"$ref\": \"n$n-\(.)\"}}]"
done
ok "13000 names" sh -c "oci-layout-write large <1.tar"
before=$(cksum large/index.json)
fails "and as many again" sh -c "oci-layout-write large <2.tar"
said "are too many" "large/index.json would be larger than"
is "nothing has changed" "$(cksum large/index.json)" "$before"
for n in 1 2; do
	index $n '.manifests |= [.[0]]'
done

# Names that are none.
for name in '""' '"@sha256:0"' null; do
	index 1 ".manifests[0].annotations = {\"$ref\": $name, \"a\": \"b\"}"
	ok "the name $name" sh -c "oci-layout-write none <1.tar"
done
is "is no name" "$(jq -c '[.manifests[].annotations]' none/index.json)" \
	'[{"a":"b"}]'

# What isn't ours goes through.
index 1 ".manifests[0].annotations = {\"$ref\": \"v1\"}"
index 2 ".manifests[0].annotations = {\"$ref\": \"v2\"}"
ok "a layout" sh -c "oci-layout-write kept <1.tar"
sed 's/"manifests":\[/"mine":{"n":12345678901234567,"x":1.10},&\
{"mediaType":"a\\\/b","digest":"blake3:0123","size":3,"y":12345678901234567},/' \
	kept/index.json >tmp.json
mv tmp.json kept/index.json
mkdir kept/blobs/blake3 && echo ab >kept/blobs/blake3/0123
ok "another image" sh -c "oci-layout-write kept <2.tar"
is "to the digit" "$(grep -o '"n":[0-9]*,"x":[0-9.]*\|"y":[0-9]*' \
	kept/index.json)" '"n":12345678901234567,"x":1.10
"y":12345678901234567'
is "to the byte" "$(grep -c '"a\\/b"' kept/index.json)" 1
is "with a digest of a kind that isn't known" \
	"$(jq -r '.manifests[].digest' kept/index.json | grep -v sha)" \
	blake3:0123
tar -C kept -cf kept.tar .
ok "an archive of that" sh -c "oci-layout-write copied <kept.tar"
said "what is left out is said" "blake3:0123: left out"
is "the others are there" "$(names copied)" "v1 v2"

# As Go writes what is empty.
printf '{"schemaVersion":2,"manifests":null}' >go.json
mkdir -p go/blobs && cp go.json go/index.json && cp 1/oci-layout go/
ok "a layout of umoci init" sh -c "oci-layout-write go <1.tar"
is "is added to" "$(names go)" v1
cp go.json 2/index.json && tar -C 2 -cf 2.tar .
ok "an archive without images" sh -c "oci-layout-write empty <2.tar"
is "gives a layout without" "$(jq -c .manifests empty/index.json)" '[]'

# What macOS adds.
mkdir mac && cp -r 1/. mac
for f in mac/._index.json mac/blobs/.DS_Store mac/blobs/._sha256 \
	mac/blobs/sha256/._0 mac/.DS_Store; do
	echo x >"$f"
done
tar -C mac -cf mac.tar .
ok "an archive of macOS" sh -c "oci-layout-write mac2 <mac.tar"
is "without its droppings" "$(find mac2 -name '.*')" ""

# Other formats are called by their names.
mkdir docker dir
echo '[]' | tee docker/manifest.json >dir/manifest.json
echo 'Directory Transport Version: 1.1' >dir/version
tar -C docker -cf docker.tar .
tar -C dir -cf dir.tar .
fails "an archive of docker save" sh -c "oci-layout-write new <docker.tar"
said "is called that" "docker-archive:FILE"
fails "one of skopeo's dir:" sh -c "oci-layout-write new <dir.tar"
said "is called that" "dir:DIR"

done_testing
