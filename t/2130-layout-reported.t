#!/bin/sh
# SPDX-License-Identifier: ISC
# Layouts and archives that users of skopeo, umoci, oras, crane and others have
# reported as trouble there.
. "${0%/*}/lib.sh"
need jq python3 skopeo

mkdir empty one two
echo one >one/a
echo two >two/b
names() { # LAYOUT: what its images are called, sorted
	jq -r '.manifests[].annotations["org.opencontainers.image.ref.name"]' \
		"$1/index.json" | sort | xargs
}
"$top/t/mkimage" --cmd sh src:v1 one >/dev/null || bail "t/mkimage"
tar -C src -cf src.tar .
digest=$(jq -r '.manifests[0].digest' src/index.json)

# A second tag of one image took the place of the first.
for tag in test1 test2 busybox:test3; do
	ok "the tag $tag" sh -c "oci-layout-write tags:$tag <src.tar"
done
is "of one image they are three" "$(names tags)" "busybox:test3 test1 test2"
ok "skopeo finds the longest" skopeo inspect --raw oci:tags:busybox:test3
ok "one goes" oci-layout-tag -d test1 tags
ok "and what it named stays" oci-layout-gc --age=0 tags
is "for the others" "$(names tags)" "busybox:test3 test2"
ok "who are whole" oci-layout-check tags

# A directory of docker buildx, which lacks one file.
cp -r src buildx && rm buildx/oci-layout
fails "a layout without oci-layout" oci-unpack buildx:v1 never
said "is told of" "not an image layout: it has no file oci-layout; .* echo "
fails "nor is it written to" sh -c "oci-layout-write buildx:v2 <src.tar"
sed 's/.*by: //' "$err" >cure
ok "what is said mends it" sh cure
ok "as any" sh -c "oci-layout-write buildx:v2 <src.tar"
is "with both" "$(names buildx)" "v1 v2"

# Another image in a layout took the place of the first, or came beside it.
"$top/t/mkimage" --cmd sh new:v1 two >/dev/null
tar -C new -cf new.tar .
ok "an image" sh -c "oci-layout-write same:v1 <src.tar"
ok "and another, of the same tag" sh -c "oci-layout-write same:v1 <new.tar"
is "is the only one" "$(jq -r '.manifests[].digest' same/index.json)" \
	"$(jq -r '.manifests[0].digest' new/index.json)"
ok "what it had is removed" oci-layout-gc --age=0 same
is "all of it" "$(jq -r .digest "$out" | grep -c "$digest")" 1
ok "the new one is whole" oci-unpack same root

# Members of descriptors that a writer didn't know were dropped.
cp -r src known
sed 's|"digest":|"artifactType":"application/x","urls":["http://x/"],&|
	s|"digest":|"data":"e30=","x.new":[1e400,12345678901234567890],&|' \
	src/index.json >known/index.json
tar -C known -cf known.tar .
ok "a descriptor with more members" sh -c "oci-layout-write known2 <known.tar"
ok "beside another" sh -c "oci-layout-write known2:other <new.tar"
is "has them still" "$(grep -o '"artifactType.*20\]\|"x.new":\[[^]]*\]' \
	known2/index.json)" '"x.new":[1e400,12345678901234567890]'
is "all of them" "$(jq -r '.manifests[0] | "\(.artifactType) \(.urls[0])" +
	" \(.data)"' known2/index.json)" "application/x http://x/ e30="
ok "a second name" oci-layout-tag known2 v1 v2
is "has them, too" "$(grep -o '"x.new":\[[^]]*\]' known2/index.json | uniq)" \
	'"x.new":[1e400,12345678901234567890]'

# An image without a name, or with an empty one, couldn't be read.
for name in '""' null; do
	rm -rf nameless root
	cp -r src nameless
	jq -c ".manifests[0].annotations = {
		\"org.opencontainers.image.ref.name\": $name}" \
		src/index.json >nameless/index.json
	ok "a name that is $name" oci-unpack nameless root
	ok "is listed" oci-layout-ls nameless
	ok "named by its digest" oci-layout-tag nameless "$digest" v1
	is "as well" "$(names nameless | tr ' ' '\n' | grep -c v1)" 1
	tar -C nameless -cf nameless.tar .
	ok "and copied" sh -c "oci-layout-write nameless2 <nameless.tar"
done

# Manifests of Docker's types in a layout, which nobody found by their names.
"$top/t/mkimage" --docker --cmd sh docker:v0 one >/dev/null
rm -rf root
ok "a long name" oci-layout-tag docker v0 rancher/x:v0.0.20
ok "for an image of Docker's types" oci-unpack docker:rancher/x:v0.0.20 root

# Without an index.json all blobs were removed.
cp -r src indexless
rm indexless/index.json
fails "a collection without index.json" oci-layout-gc --age=0 indexless
is "removes nothing" "$(find indexless/blobs -type f | wc -l)" 3

# A tar of something else, as of an OSTree commit, was taken for an archive.
mkdir -p commit/repo && echo >commit/repo/config
tar -C commit -cf commit.tar .
fails "an archive of something else" sh -c "oci-layout-write c <commit.tar"
said "is none of a layout" "has no oci-layout"
tar -C src -cf torn.tar --exclude=./index.json .
fails "one without index.json" sh -c "oci-layout-write c <torn.tar"
said "says so" "has no index.json"
ok "and leaves nothing" test ! -e c

# A layer that is another image's manifest went with that image.
python3 - <<'P'
import hashlib, json, os, shutil
shutil.copytree("src", "shared")
with open("shared/index.json") as f:
    image = json.load(f)["manifests"][0]
del image["annotations"]
def blob(data, t):
    d = hashlib.sha256(data).hexdigest()
    with open("shared/blobs/sha256/" + d, "wb") as f:
        f.write(data)
    return dict(mediaType=t, digest="sha256:" + d, size=len(data))
m = json.dumps(dict(schemaVersion=2, config=blob(b"{}", "application/"
    "vnd.oci.empty.v1+json"), layers=[dict(image, mediaType="text/plain")]))
with open("shared/index.json", "w") as f:
    json.dump(dict(schemaVersion=2, manifests=[
        blob(m.encode(), "application/vnd.oci.image.manifest.v1+json")]), f)
P
ok "a manifest that is a layer elsewhere" oci-layout-gc --age=0 shared
ok "is kept as a layer" oci-layout-check shared
is "and only that" "$(find shared/blobs -type f | wc -l)" 3
done_testing
