#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-layout-write: what is on the disk before what, by its system calls.
. "${0%/*}/lib.sh"
need strace python3 jq
strace -o trace true 2>"$err" || skip_all "strace: $(tail -n 1 "$err")"

mkdir l1
echo one >l1/a
"$top/t/mkimage" --cmd sh src:v1 l1 >/dev/null || bail "t/mkimage"
tar -C src -cf src.tar .

cat >order.py <<'P'
import os, re, sys

# The calls that matter, as (verb, path), paths from the layout's directory.
calls = []
layout = os.path.realpath(sys.argv[2])
def clean(path):
    path = os.path.relpath(os.path.normpath(path), layout)
    path = re.sub(r"^(blobs/|\.\./\.\w+)\.write-[0-9a-f]+", "S", path)
    # A new layout is put together in there.
    return re.sub(r"^S/layout(/|$)", "", path) or "."
for line in open(sys.argv[1]):
    m = re.match(r'(fsync|fdatasync|syncfs)\(\d+<(.*?)>\) += 0', line)
    if m:
        calls.append(("sync", clean(m[2])))
    m = re.match(r'renameat\(\d+<(.*?)>, "(.*?)", \d+<(.*?)>, "(.*?)"\) += 0',
                 line)
    if m:
        calls.append(("from", clean(m[1] + "/" + m[2])))
        calls.append(("to", clean(m[3] + "/" + m[4])))

def at(verb, path):
    found = [i for i, c in enumerate(calls) if c == (verb, path)]
    if not found:
        sys.exit("no %s of %s in:\n%s" % (verb, path, calls))
    return found

def before(a, b, what):
    if not max(a) < min(b):
        sys.exit(what)

index = at("to", "index.json")
blobs = [c[1] for c in calls if c[0] == "to" and c[1].startswith("blobs/")]
if len(blobs) != (102 if "many" in sys.argv else 3):
    sys.exit("%d blobs" % len(blobs))
for b in blobs:
    before(at("sync", "S" if "many" in sys.argv else "S/" + b[13:]),
           at("to", b), "a blob is published before it is on the disk")
    before(at("to", b), at("sync", "blobs/sha256"),
           "the blobs' directory is synced too early")
before(at("sync", "S/index.json"), index, "index.json is not on the disk")
before(at("to", "oci-layout"), index, "index.json comes before oci-layout")
before(at("sync", "blobs/sha256"), index,
       "index.json is published before the blobs are")
before(at("sync", "blobs"), index, "nor their directory")
before(index, at("sync", ".")[-1:], "the layout's directory isn't synced")
if "new" in sys.argv:
    before(at("sync", "."), at("from", "."), "nor before it has its name")
    before(at("from", "."), at("sync", ".."), "nor its parent")
if "refs" in sys.argv:
    before(at("sync", "S/v1"), at("to", "refs/v1"), "refs/v1 isn't synced")
    before(at("to", "refs/v1"), at("sync", "refs"), "nor is refs/")
    before(index, at("to", "refs/v1"), "refs/ comes before index.json")
P
traced() { # DIR [ARCHIVE]: what is done goes to the file trace
	strace -y -o trace -e trace=fsync,fdatasync,syncfs,renameat \
		oci-layout-write ${refs:+"$refs"} "$1" <"${2:-src.tar}" >/dev/null
}
refs=
ok "a layout is made" traced layout
ok "blobs, then index.json, each on the disk first" \
	python3 order.py trace layout new
refs=--refs
ok "with refs/" traced other
ok "these last" python3 order.py trace other refs new
refs=
mkdir empty
ok "an empty directory" traced empty
ok "is written to in that order" python3 order.py trace empty
# More blobs than are brought to the disk one by one.
python3 - <<'P'
import hashlib, io, json, tarfile
t = tarfile.open("many.tar", "w")
def add(name, data):
    i = tarfile.TarInfo(name)
    i.size = len(data)
    t.addfile(i, io.BytesIO(data))
def blob(data, kind):
    d = hashlib.sha256(data).hexdigest()
    add("blobs/sha256/" + d, data)
    return {"mediaType": "application/vnd.oci.image." + kind,
            "digest": "sha256:" + d, "size": len(data)}
m = {"schemaVersion": 2, "config": blob(b"{}", "config.v1+json"),
     "layers": [blob(b"%d" % i, "layer.v1.tar") for i in range(100)]}
add("oci-layout", b'{"imageLayoutVersion":"1.0.0"}')
add("index.json", json.dumps({"schemaVersion": 2, "manifests":
    [blob(json.dumps(m).encode(), "manifest.v1+json")]}).encode())
t.close()
P
mkdir large
ok "many blobs" traced large many.tar
ok "in that order, too" python3 order.py trace large many

# What the archive lacks the layout may have of a tool that doesn't sync.
cp -r src part
layer=$(jq -r '.layers[0].digest' "part/blobs/sha256/$(jq -r \
	'.manifests[0].digest' part/index.json | cut -d: -f2)" | cut -d: -f2)
rm "part/blobs/sha256/$layer"
tar -C part -cf part.tar .
ok "a blob that is there" traced layout part.tar
synced() { # DIGEST: before anything is done with index.json
	sed '/index\.json/,$d' trace | grep -q "^fdatasync.*/$1>"
}
ok "is on the disk before it is named" synced "$layer"

# Another writer is quicker: it has made the layout when ours gets its name.
"$top/t/mkimage" --cmd sh quick:v0 l1 >/dev/null || bail "t/mkimage"
tar -C quick -cf quick.tar .
strace -o late -e inject=renameat:delay_enter=3000000:when=6 \
	oci-layout-write both:v1 <src.tar >/dev/null 2>"$err" &
wait_for sh -c 'ls .both.write-*/layout/index.json'
oci-layout-write both:v0 <quick.tar >/dev/null || bail "the quick one"
ok "the one that was late" wait $!
is "is late" "$(grep -c '"layout", .*ENOTEMPTY' late)" 1
is "has its image beside the other" "$(jq -r \
	'.manifests[].annotations["org.opencontainers.image.ref.name"]' \
	both/index.json)" "v0
v1"
for tag in v0 v1; do
	ok "$tag is whole" oci-unpack both:$tag $tag
done
is "and nothing else is there" "$(ls -A both; ls -Ad .both* 2>/dev/null)" "blobs
index.json
oci-layout"

done_testing
