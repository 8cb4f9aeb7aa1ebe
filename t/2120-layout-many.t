#!/bin/sh
# SPDX-License-Identifier: ISC
# A layout of 10,000 images is read, added to, named, checked and collected.
. "${0%/*}/lib.sh"
need python3 jq

# In memory where that can be: what a disk makes of many files isn't ours.
fast=$(mktemp -d "/dev/shm/oci-test.XXXXXX" 2>/dev/null) || fast=$tmp
[ "$fast" = "$tmp" ] || at_exit "rm -rf '$fast'"
cd "$fast" || bail "no directory"
python3 - <<'P'
import hashlib, json, os
OCI = "application/vnd.oci.image."
os.makedirs("img/blobs/sha256")
def blob(data, t):
    d = hashlib.sha256(data).hexdigest()
    with open("img/blobs/sha256/" + d, "wb") as f:
        f.write(data)
    return dict(mediaType=OCI + t, digest="sha256:" + d, size=len(data))
base = blob(b"base", "layer.v1.tar")
def image(i):
    c = blob(b'{"os":"linux","architecture":"amd64","n":%d}' % i,
             "config.v1+json")
    l = blob(b"layer %d" % i, "layer.v1.tar")
    m = blob(json.dumps(dict(schemaVersion=2, config=c,
                             layers=[base, l])).encode(), "manifest.v1+json")
    m["annotations"] = {"org.opencontainers.image.ref.name": "v%d" % i}
    return m
with open("img/index.json", "w") as f:
    json.dump(dict(schemaVersion=2, manifests=[image(i) for i in
                                               range(10000)]), f,
              separators=(",", ":"))
with open("img/oci-layout", "w") as f:
    f.write('{"imageLayoutVersion":"1.0.0"}')
P
mkdir l
echo a >l/a
"$top/t/mkimage" src:new l >/dev/null
tar -C src -cf src.tar .
# In memory for a few of them.  A sanitizer's is its own.
small="ulimit -d 4096;"
case $B in *sanitize*) small= ;; esac
ok "one more" timeout 60 sh -c "$small oci-layout-write img <src.tar"
ok "a name more" timeout 60 sh -c "$small oci-layout-tag img v5000 other"
ok "one less" timeout 60 sh -c "$small oci-layout-tag -d other img"
ok "all of them" timeout 60 oci-layout-ls img
is "are there" "$(wc -l <"$out")" 10001
is "each shares the base alone" \
	"$(jq -s -c 'map(.shared) | unique' "$out")" "[0,4]"
ok "and whole" timeout 60 oci-layout-check img
ok "none is garbage" timeout 60 oci-layout-gc --age=0 img
is "none" "$(cat "$out")" ""
jq -c 'del(.manifests[:4000])' img/index.json >x && mv x img/index.json
ok "the blobs of some are" timeout 60 oci-layout-gc --age=0 img
is "three of each" "$(wc -l <"$out")" 12000
ok "the others are whole" timeout 60 oci-layout-check img
done_testing
