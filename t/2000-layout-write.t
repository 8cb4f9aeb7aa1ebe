#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-layout-write: archives of all kinds become layouts that others read.
. "${0%/*}/lib.sh"
need skopeo umoci jq python3

mkdir l1 l2
echo one >l1/a
echo two >l2/b
"$top/t/mkimage" --cmd sh src:v1 l1 >v1
"$top/t/mkimage" --cmd sh two:v2 l1 l2 >/dev/null

write() { # ARCHIVE ARGUMENT...
	archive=$1
	shift
	oci-layout-write "$@" <"$archive"
}
tags() {
	jq -r '[.manifests[].annotations["org.opencontainers.image.ref.name"]]
		| join(" ")' "$1/index.json"
}
name() { # DIR REF.NAME IMAGE.NAME: change them in index.json
	jq --arg r "$2" --arg i "$3" '.manifests[0].annotations = ({}
		+ if $r == "" then {} else
			{"org.opencontainers.image.ref.name": $r} end
		+ if $i == "" then {} else
			{"io.containerd.image.name": $i} end)' \
		"$1/index.json" >tmp.json && mv tmp.json "$1/index.json"
}

tar -C src -cf dots.tar .
tar -C src -cf index-first.tar index.json oci-layout blobs
tar -C src -cf blobs-first.tar blobs oci-layout index.json
tar -C src --format=posix -cf pax.tar .
tar -C src --format=v7 -cf v7.tar oci-layout index.json blobs
touch src/manifest.json && ln -s /etc/passwd src/link
tar -C src -cf junk.tar .
rm src/manifest.json src/link
for a in dots index-first blobs-first pax v7 junk; do
	ok "an archive: $a" write $a.tar "$a"
	is "$a has all of it" "$(cd "$a" && find . ! -name '*.json' | sort)" \
		"$(cd src && find . ! -name '*.json' | sort)"
done
printed "the descriptor is printed" "$(cat v1)"
is "without a terminal nothing else is said" "$(cat "$err")" ""
ok "--progress=json" write dots.tar --progress=json dots
said "all bytes and blobs are done, once the images are there" \
	'"bytes":([0-9]+),"totalBytes":\1,"blob":3,.*,"done":true'
ok "--progress" write dots.tar --progress dots
said "prints a line" '^oci-layout-write: .* of .* MiB.*, blob 3$'
ok "-q" write dots.tar --progress -q dots
is "prints none" "$(cat "$err")" ""
is "as one line of JSON" "$(jq -r .digest "$out")" "$(cat v1)"
ok "skopeo inspects it" skopeo inspect oci:dots:v1
ok "skopeo copies it" skopeo copy -q oci:dots:v1 oci:copy:v1
is "umoci lists it" "$(umoci ls --layout dots)" v1
ok "umoci unpacks it" umoci raw unpack --rootless --image dots:v1 rootfs
is "nothing is left behind" "$(ls -A dots)" "blobs
index.json
oci-layout"

# Names.
tar -C two -cf two.tar .
ok "another tag" write two.tar dots
is "both are there" "$(tags dots)" "v1 v2"
ok "a tag is replaced" write two.tar dots:v1
is "where it was" "$(tags dots)" "v1 v2"
cp -r src named
name named docker.io/library/x:3 ''
tar -C named -cf named.tar .
ok "podman's name" write named.tar podman
is "is kept" "$(tags podman)" docker.io/library/x:3
name named '' docker.io/library/x:4
tar -C named -cf named.tar .
ok "containerd's name alone" write named.tar containerd
is "gives its tag" "$(tags containerd)" 4
name named 5 docker.io/library/x:5
tar -C named -cf named.tar .
ok "a new name" write named.tar renamed:6
is "drops one that says another" "$(jq -c '.manifests[0].annotations' \
	renamed/index.json)" '{"org.opencontainers.image.ref.name":"6"}'
name named '' ''
tar -C named -cf named.tar .
ok "no name" write named.tar nameless
ok "and again" write named.tar nameless
is "is one image" "$(jq '.manifests | length' nameless/index.json)" 1
name named "$(printf 'a\nb')" ''
tar -C named -cf named.tar .
fails "a name with a newline" write named.tar bad
ok "which a tag replaces" write named.tar good:v1
for t in 'a b' .. '-x' 'a\b' "$(printf %0600d 0)"; do
	exits 2 "not a tag: $(printf %.20s "$t")" write dots.tar "bad:$t"
done
exits 2 "a digest for a tag" write dots.tar "bad@$(cat v1)"
exits 2 "no argument" oci-layout-write
ok "nothing was made of all these" test ! -e bad

# What this program doesn't know is kept.
jq '. + {annotations: {a: "b"}} | .manifests[0].artifactType = "x/y"' \
	dots/index.json >tmp.json && mv tmp.json dots/index.json
ok "a third" write named.tar dots:v3
is "the rest of index.json stays" \
	"$(jq -r '.annotations.a, .manifests[0].artifactType' \
	dots/index.json)" "b
x/y"

# Several images, indexes.
"$top/t/mkimage" --platform linux/arm64 many:arm l1 >/dev/null
"$top/t/mkimage" --platform linux/amd64 many:amd l2 >/dev/null
"$top/t/mkindex" many:all arm amd >/dev/null
tar -C many -cf many.tar .
ok "three images" write many.tar many2
is "three lines" "$(wc -l <"$out")" 3
is "three tags" "$(tags many2)" "arm amd all"
fails "can't all have one tag" write many.tar many3:x
said "it says so" "several images"
jq -c '.manifests |= [.[2]]' many/index.json >tmp.json
mv tmp.json many/index.json
arm=$(jq -r '.manifests[0].digest' \
	"many/blobs/sha256/$(jq -r '.manifests[0].digest[7:]' \
	many/index.json)")
rm "many/blobs/sha256/${arm#*:}"
tar -C many -cf sparse.tar .
fails "an index that lacks a manifest" write sparse.tar sparse
said "what to do" "--sparse takes the index without"
ok "is taken with --sparse" write sparse.tar --sparse sparse
ok "or into a layout that has it" write sparse.tar many2

# docker save leaves manifests in whose other blobs it hasn't.
amd=$(jq -r '.manifests[1].digest[7:]' "many/blobs/sha256/$(jq -r \
	'.manifests[0].digest[7:]' many/index.json)")
cp "many2/blobs/sha256/${arm#*:}" many/blobs/sha256/
rm "many/blobs/sha256/$(jq -r '.layers[0].digest[7:]' \
	"many/blobs/sha256/${arm#*:}")"
tar -C many -cf part.tar .
fails "a manifest without its layer" write part.tar part
ok "is taken with --sparse" write part.tar --sparse part
ok "the manifest itself too" test -e "part/blobs/sha256/${arm#*:}"
ok "the other is whole" skopeo --override-arch amd64 copy -q oci:part:all oci:p:v1
rm "many/blobs/sha256/$amd"
tar -C many -cf part.tar .
fails "but one must be whole" write part.tar --sparse none
said "it says so" "none of this index's manifests is here"

# refs/.
ok "--refs" write dots.tar --refs refs:v1
is "writes the descriptor" "$(jq -r .digest refs/refs/v1)" "$(cat v1)"
ok "without it" write two.tar refs:v1
is "refs/ doesn't go stale" "$(jq -r .digest refs/refs/v1)" \
	"$(jq -r .digest "$out")"
ok "nor grows" write two.tar refs:v2
is "it has what it had" "$(ls refs/refs)" v1
rm refs/index.json
ok "a layout before 1.0" write dots.tar refs:v9
is "keeps its images" "$(tags refs)" "v1 v9"
name named '' ''
tar -C named -cf named.tar .
fails "--refs and no name" write named.tar --refs x
said "it says so" "can't be a file in refs/"

# Other programs' archives.
ok "skopeo's" skopeo copy -q oci:two:v2 oci-archive:skopeo.tar:busybox:v5
ok "is taken" write skopeo.tar skopeo
is "with its name" "$(tags skopeo)" busybox:v5
ok "and gives the same image" skopeo copy -q oci:skopeo:busybox:v5 oci:s:v2
ok "python's" python3 -c 'import tarfile
with tarfile.open("py.tar", "w") as t: t.add("src", ".")'
ok "is taken" write py.tar py

# Clear errors for what is no archive.
fails "nothing" write /dev/null bad
said "it says so" "empty"
gzip -c dots.tar >dots.tar.gz
no_tar() { # NAME TEXT REGEX
	printf "%b" "$2" >text
	fails "$1" sh -c "oci-layout-write bad <text"
	said "it says so" "not a tar archive: $3"
}
no_tar "a page" '<!DOCTYPE html>\n<html>' 'it looks like HTML'
no_tar "another" '\n <HTML lang="en">' 'it looks like HTML'
no_tar "a manifest" '{"schemaVersion":2}' 'it looks like JSON; .*oci-fetch'
no_tar "words" 'oci-fetch: no such image\n' 'the archive is cut off'
no_tar "a page of some length" "<html>$(printf %02000d 0)" 'it looks like HTML'
if command -v script >/dev/null; then
	run script -qec "oci-layout-write bad" /dev/null
	printed "a terminal" 'is a terminal: pipe an image in, as from oci-fetch'
else
	skip 1 "no script(1)"
fi
fails "a compressed one" write dots.tar.gz bad
said "it says with what" "gzip -dc"
fails "text" write "$top/COPYING" bad
tar -cf dir.tar src
fails "a directory above" write dir.tar bad
said "it says what is missing" "no oci-layout"
fails "a directory with other things" write dots.tar src/blobs
said "it says so" "neither an image layout nor an empty directory"
ok "no directory is left" test ! -e bad

done_testing
