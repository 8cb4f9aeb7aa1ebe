#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-layout-gc: what nothing needs goes, and nothing else.
. "${0%/*}/lib.sh"
need jq skopeo umoci python3

mkdir l1 l2 l3
echo one >l1/a
echo two >l2/b
echo three >l3/c
gc() {
	oci-layout-gc --age=0 "$@"
}
files() {
	find "$1/blobs" -type f | sort
}
whole() { # NAME LAYOUT
	ok "$1" oci-layout-check "$2"
}
untag() { # LAYOUT NAME
	jq -c --arg n "$2" 'del(.manifests[] | select(.annotations[]? == $n))' \
		"$1/index.json" >untagged && mv untagged "$1/index.json"
}
"$top/t/mkimage" img:v1 l1 >/dev/null
files img >v1
"$top/t/mkimage" img:v2 l1 l2 >/dev/null
files img >both

ok "nothing to do" gc img
is "nothing is said" "$(cat "$out" "$err")" ""
is "nothing is removed" "$(files img)" "$(cat both)"
untag img v2
ok "a dry run" gc --dry-run img
is "says what would go" "$(jq -r .digest "$out" | sort)" "$(comm -13 v1 both |
	sed 's/.*blobs.\(sha256\)./\1:/')"
is "and removes nothing" "$(files img)" "$(cat both)"
ok "what is young" oci-layout-gc img
is "stays" "$(files img)" "$(cat both)"
said "and that is said" "3 blobs \([0-9]+ bytes\) that nothing names stay"
cp "$out" dry
ok "what nothing names" gc img
is "goes, each blob is told of" "$(jq -s 'length' "$out")" 3
is "and nothing else" "$(files img)" "$(cat v1)"
whole "the layout is whole" img
for a in x 1x 1hh -1 99999d; do
	exits 2 "no age: $a" oci-layout-gc --age=$a img
done
ok "an age" oci-layout-gc --age=1d img

# Whatever names a blob keeps it.
"$top/t/mkimage" --docker --platform linux/arm64 x:arm l2 >/dev/null
"$top/t/mkimage" x:amd l1 l2 >/dev/null
"$top/t/mkindex" --docker x:all arm amd >/dev/null
untag x arm
untag x amd
files x >all
ok "images of Docker's types in an index" gc x
is "stay" "$(files x)" "$(cat all)"
jq -c 'del(.manifests[].annotations)' x/index.json >y && mv y x/index.json
ok "an image without a name" gc x
is "stays" "$(files x)" "$(cat all)"
mkdir x/refs && jq -c '.manifests[0]' x/index.json >x/refs/old
jq -c '.manifests = []' x/index.json >y && mv y x/index.json
ok "what a file in refs/ names" gc x
is "stays" "$(files x)" "$(cat all)"
rm x/refs/old
ok "when it has gone" gc x
is "so do they" "$(files x)" ""
cat >artifact.py <<'P'
import hashlib, json, sys
def blob(data, t, **more):
    d = hashlib.sha256(data).hexdigest()
    open("x/blobs/sha256/" + d, "wb").write(data)
    return dict(mediaType=t, digest="sha256:" + d, size=len(data), **more)
OCI = "application/vnd.oci.image."
def manifest(config, layers, **more):
    return blob(json.dumps(dict(schemaVersion=2, config=config, layers=layers,
                                **more)).encode(), OCI + "manifest.v1+json")
def index(*roots):
    json.dump(dict(schemaVersion=2, manifests=roots), open("x/index.json", "w"))
config = blob(b"{}", "application/vnd.oci.empty.v1+json")
layer = blob(b"layer", OCI + "layer.v1.tar")
image = manifest(config, [layer])
if sys.argv[1] == "subject":
    index(manifest(config, [], subject=image))
elif sys.argv[1] == "artifact":
    index(blob(json.dumps(dict(blobs=[layer, config])).encode(),
               "application/vnd.oci.artifact.manifest.v1+json"))
    # The image that isn't named.
    import os; os.remove("x/blobs/sha256/" + image["digest"][7:])
elif sys.argv[1] == "schema1":
    # As Docker's first manifests.
    other = blob(b"by its key", "")
    index(blob(json.dumps(dict(schemaVersion=1, fsLayers=[
        dict(blobSum=layer["digest"])], all={other["digest"]: config["digest"]},
        gone="sha256:" + 64 * "0")).encode(),
        "application/vnd.docker.distribution.manifest.v1+prettyjws"))
    import os; os.remove("x/blobs/sha256/" + image["digest"][7:])
elif sys.argv[1] == "chain":
    # More of them than indexes may lie in one another.
    for i in range(12):
        image = manifest(config, [blob(b"layer %d" % i, OCI + "layer.v1.tar")],
                         subject=image)
    index(image)
elif sys.argv[1] == "bare":
    # An image, and an image in an index, by nothing but a digest.
    other = blob(json.dumps(dict(schemaVersion=2, manifests=[manifest(
        config, [blob(b"other", OCI + "layer.v1.tar")])])).encode(), "")
    index(blob(json.dumps(dict(a=image["digest"], b=config["digest"],
                               c=other["digest"])).encode(),
               "application/vnd.x+json"))
elif sys.argv[1] == "layers":
    # A manifest as a layer, a config as one.
    index(manifest(config, [image, config, layer]))
elif sys.argv[1] in ("large", "torn"):
    torn = sys.argv[1] == "torn"
    text = json.dumps(dict(blobs=[image])).encode()
    text = text[:-1] if torn else text + b" " * (4 << 20)
    index(blob(text, sys.argv[2]))
elif sys.argv[1] == "referrers":
    def named(d, name, by="org.opencontainers.image.ref.name"):
        return dict(d, annotations={by: name})
    def about(d, text):
        return manifest(config, [blob(text, "text/plain")], subject=d)
    def made(text):
        return manifest(config, [blob(text, OCI + "layer.v1.tar")])
    def listing(*all):
        return blob(json.dumps(dict(schemaVersion=2, manifests=all)).encode(),
                    OCI + "index.v1+json")
    gone = dict(image, digest="sha256:" + 64 * "0")
    old, older = made(b"old"), made(b"older")
    platform, plain = made(b"platform"), made(b"plain")
    signature = about(image, b"signature")
    stay = [about(signature, b"of a signature"), signature,
            about(platform, b"of a platform"), about(gone, b"of what isn't here"),
            plain, about(plain, b"of what has no name"),
            named(about(older, b"named"), "signature"),
            named(about(old, b"named"), "x.example/s:1", "io.containerd.image.name"),
            about(older, b"of what only a signature names"),
            named(image, "v1"), named(listing(platform, gone), "all")]
    lost = made(b"lost")
    go = [about(lost, b"of what is lost"),
          about(dict(gone, digest="sha256:" + 64 * "1"), b"of nothing")]
    go.append(about(go[0], b"of that"))
    go.append(dict(listing(), annotations={"of": "an index"}))
    index(*go[:2], *stay, *go[2:])
    with open("go", "w") as f:
        f.write("\n".join(sorted(d["digest"] for d in go[:3])))
elif sys.argv[1] == "foreign":
    index(dict(image, digest="blake3:" + image["digest"][7:]))
P
for what in subject artifact schema1 layers chain bare; do
	rm -f x/blobs/sha256/*
	python3 artifact.py $what
	files x >all
	ok "the names of: $what" gc x
	is "are kept" "$(files x)" "$(cat all)"
	whole "they are whole" x
	rm -rf copy
	ok "a copy" sh -c "tar -C x -c . | oci-layout-write copy"
	is "has all of it" "$(files copy | sed 's/^copy/x/')" "$(cat all)"
done

# What is about images that lost their names.
rm -f x/blobs/sha256/*
python3 artifact.py referrers
entries() {
	jq -r '.manifests[].digest' x/index.json | sort
}
entries >before && files x >all && cp x/index.json was
ok "what is about an image" gc x
is "keeps it" "$(files x)" "$(cat all)"
ok "young ones" oci-layout-gc --referrers x
ok "stay" cmp x/index.json was
ok "--referrers --dry-run" gc --referrers --dry-run x
jq -r .digest "$out" | sort >dry
ok "changes nothing" cmp x/index.json was
is "nor any blob" "$(files x)" "$(cat all)"
ok "--referrers" gc --referrers x
is "removes what the dry run said" "$(jq -r .digest "$out" | sort)" "$(cat dry)"
is "which are these, and what only they need" "$(wc -l <dry)" 8
entries >after
is "their entries go" "$(comm -23 before after)" "$(cat go)"
files x >all
ok "again" gc --referrers x
is "nothing is left to do" "$(cat "$out")$(files x)" "$(cat all)"
rm "x/blobs/sha256/$(sed -n 's/sha256://p;q' after)"
cp x/index.json was
run gc --referrers x
ok "where something is missing, no entry is lost" cmp x/index.json was
rm -f x/blobs/sha256/*
python3 artifact.py referrers
printf x >"x/blobs/sha256/$(sed -n 's/sha256://p;q' go)"
files x >all && cp x/index.json was
fails "one that can't be read" gc --referrers x
ok "may be about anything" cmp x/index.json was
is "so nothing goes" "$(files x)" "$(cat all)"

rm -f x/blobs/sha256/*
python3 artifact.py subject
python3 artifact.py foreign
files x >all
fails "digests of another kind" gc x
said "are unknown" "digests are of a kind"
is "so nothing goes" "$(files x)" "$(cat all)"

for type in application/json application/vnd.x+JSON \
	'application/vnd.x+json; charset=utf-8'; do
	rm -f x/blobs/sha256/*
	python3 artifact.py torn "$type"
	files x >all
	fails "$type that is torn" gc x
	is "may name anything" "$(files x)" "$(cat all)"
	exits 1 "that is found" oci-layout-check x
	printed "by the check" '"finding":"document".*it is not JSON'
	ok "it can be copied" sh -c "tar -C x -c . | oci-layout-write copy"

	rm -rf x/blobs/sha256/* copy
	python3 artifact.py large "$type"
	files x >all
	echo >"x/blobs/sha256/$(printf %064d 1)"
	ok "$type of more than 4 MiB" gc x
	is "names all that it has a digest of" "$(files x)" "$(cat all)"
	whole "it is whole" x
	ok "it can be copied" sh -c "tar -C x -c . | oci-layout-write copy"
	is "with what it names" "$(files copy | sed 's/^copy/x/')" "$(cat all)"
done
large=x/blobs/sha256/$(jq -r '.manifests[0].digest[7:]' x/index.json)
printf x | dd of="$large" bs=1 seek=4000000 conv=notrunc 2>"$err"
fails "a large one that is damaged" gc x
is "may have named anything" "$(files x)" "$(cat all)"
python3 artifact.py torn application/octet-stream
ok "what is no JSON names nothing" gc x
is "but itself" "$(files x | wc -l)" 1

# When not all can be known, nothing goes.
rm -rf x && cp -r img x
echo >x/blobs/sha256/"$(printf %064d 1)"
cp -r x good
files x >all
head -c 50 img/index.json >x/index.json
fails "a torn index.json" gc x
said "leads to the check" "oci-layout-check x says"
is "nothing is removed" "$(files x)" "$(cat all)"
rm x/index.json
fails "no index.json" gc x
is "nothing is removed then" "$(files x)" "$(cat all)"
cp img/index.json x
echo >>"x/blobs/sha256/$(jq -r '.manifests[0].digest[7:]' x/index.json)"
fails "a damaged manifest" gc x
is "nothing is removed either" "$(files x)" "$(cat all)"
rm -rf x && cp -r good x
mv x/blobs/sha256 elsewhere && ln -s ../../elsewhere x/blobs/sha256
fails "blobs that are shared by a link" gc x
said "are another's too" "other layouts may have"
ok "they are there" test -e elsewhere/"$(printf %064d 1)"
rm -rf x && cp -r good x
mkdir "x/blobs/sha256/$(printf %064d 2)" x/blobs/blake3
echo >x/blobs/sha256/README
echo >x/blobs/blake3/abc
mkdir "x/blobs/sha256/$(printf %064d 0)"
mkfifo "x/blobs/sha256/$(printf %064d 4)"
exits 1 "a dry run over directories of blobs' names" gc -n x
printed "says what else would go" "$(printf %064d 1)"
exits 1 "a run" gc x
is "says that they stay, and a FIFO" "$(cat "$err")" "$(for n in 0 2 4; do
	printf 'oci-layout-gc: x/blobs/sha256/%064d: neither a file nor %s\n' \
		$n "a link; it stays"
done)"
is "and removes what is between" "$(jq -r .digest "$out")" \
	"sha256:$(printf %064d 1)"
exits 1 "a check" oci-layout-check --age=0 --repair x
is "finds each" "$(jq -r .path "$out" | sort)" "$(for n in 0 2 4; do
	printf 'blobs/sha256/%064d\n' $n
done)
blobs/sha256/README"
rmdir "x/blobs/sha256/$(printf %064d 2)" "x/blobs/sha256/$(printf %064d 0)"
rm "x/blobs/sha256/$(printf %064d 4)"
ok "files of other names" gc x
is "stay" "$(ls x/blobs/sha256/README x/blobs/blake3/abc)" \
	"x/blobs/blake3/abc
x/blobs/sha256/README"

# Readers: a manifest that one holds keeps all that it names.
rm -rf x && cp -r good x
m=x/blobs/sha256/$(jq -r '.manifests[0].digest[7:]' x/index.json)
jq -c '.manifests = []' x/index.json >y && mv y x/index.json
exec 9<"$m"
flock -s 9
ok "an image that is being read" gc x
is "stays" "$(files x | sed 's/^x/img/')" "$(cat v1)"
exec 9>&-
ok "until then" gc x
is "then it goes" "$(files x)" ""

# What nothing names, and is young or read, may name what can't be read.
rm -rf x && cp -r good x
m=$(jq -r '.manifests[0].digest[7:]' x/index.json)
echo '{"schemaVersion":2,"manifests":['"$(jq -c '.manifests[0]' \
	x/index.json)]}" >document
i=x/blobs/sha256/$(sha256sum <document | cut -c1-64)
cp document "$i"
echo >>"x/blobs/sha256/$m"
jq -c '.manifests = []' x/index.json >y && mv y x/index.json
files x >all
fails "a young index with a damaged manifest" oci-layout-gc x
said "is not passed over" "which nothing names, is young or being read"
exec 9<"$i"
flock -s 9
fails "nor one that is being read" gc x
is "so nothing goes" "$(files x)" "$(cat all)"
exec 9>&-
ok "until neither is so" gc x
is "then it goes, damage and all" "$(files x)" ""
rm -rf x && cp -r good x
jq -c '.manifests = []' x/index.json >y && mv y x/index.json
ok "a young configuration, which isn't an index or manifest" oci-layout-gc x
said "stays" "blobs .* that nothing names stay"

# A writer that relies on what the layout has.
rm -rf x && cp -r img x
layer=$(jq -r '.layers[0].digest[7:]' "img/blobs/sha256/$(jq -r \
	'.manifests[0].digest[7:]' img/index.json)")
tar -C img -cf thin.tar --exclude="blobs/sha256/$layer" .
mkfifo pipe
oci-layout-write x:new <pipe >written 2>&1 &
writer=$!
exec 9>pipe
exec 8<x
cat thin.tar >&9
wait_for sh -c "ls -d x/blobs/.write-*" # the lock was its own until then
flock 8 # it can look for what it needs, but not publish
exec 9>&-
ok "a writer finds a blob in the layout" wait_for \
	sh -c "ls x/blobs/.write-*/$layer"
rm "x/blobs/sha256/$layer"
flock -u 8
wait $writer
is "and brings it back when it is removed meanwhile" "$?" 0
whole "the layout is whole then" x

# What others make of it.
ok "skopeo reads what is left" skopeo copy -q oci:img:v1 oci:s:v1
umoci init --layout u >/dev/null
umoci new --image u:a >/dev/null 2>&1
ok "umoci's layout" gc u
whole "stays whole" u
ok "umoci's own finds nothing more" sh -c "umoci gc --layout img &&
	oci-layout-check img"
done_testing
