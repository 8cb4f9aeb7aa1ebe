#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-layout-write and readers of layouts: twice the input takes at most three
# times the time of a processor.
. "${0%/*}/lib.sh"
need python3

cp "$top/t/proportion.py" .
cat >run.py <<'P'
import functools, hashlib, io, json, os, shutil, subprocess, sys, tarfile
import proportion

OCI = "application/vnd.oci.image."
LAYOUT = b'{"imageLayoutVersion":"1.0.0"}'

def doc(x):
    return json.dumps(x).encode()

def blob(blobs, data, kind):
    d = "sha256:" + hashlib.sha256(data).hexdigest()
    blobs[d] = data
    return {"mediaType": OCI + kind, "digest": d, "size": len(data)}

def manifest(blobs, n, layers=1):
    return blob(blobs, doc({"schemaVersion": 2,
        "config": blob(blobs, b"{}", "config.v1+json"),
        "layers": [blob(blobs, b"%d %d" % (n, i), "layer.v1.tar")
                   for i in range(layers)]}), "manifest.v1+json")

def archive(name, roots, blobs):
    with tarfile.open(name, "w") as t:
        def add(n, data):
            i = tarfile.TarInfo(n)
            i.size = len(data)
            t.addfile(i, io.BytesIO(data))
        add("oci-layout", LAYOUT)
        add("index.json", doc({"schemaVersion": 2, "manifests": roots}))
        for d, data in blobs.items():
            add("blobs/" + d.replace(":", "/"), data)

def named(d, name):
    return dict(d, annotations={"org.opencontainers.image.ref.name": name})

def tags(n):
    "one image under n names, over n others"
    b = {}
    d = manifest(b, 0)
    archive("old.tar", [named(d, "t%d" % i) for i in range(n)], b)
    archive("in.tar", [named(d, "t%d" % (i + n // 2)) for i in range(n)], b)
    subprocess.run("oci-layout-write out <old.tar", shell=True, check=True,
                   stdout=subprocess.DEVNULL)
    return "oci-layout-write out <in.tar"

def images(n):
    "images without names"
    b = {}
    archive("in.tar", [manifest(b, i) for i in range(n)], b)
    return "oci-layout-write out <in.tar"

def layers(n):
    "archives of many blobs"
    b = {}
    archive("in.tar", [manifest(b, i, 500) for i in range(n // 500)], b)
    return "oci-layout-write out <in.tar"

def index(n):
    "an index of n manifests that are not there, but for one"
    b = {}
    one = manifest(b, 0)
    other = [dict(one, digest="sha256:%064x" % i) for i in range(n)]
    x = doc({"schemaVersion": 2, "manifests": other + [one]})
    archive("in.tar", [blob(b, x, "index.v1+json")], b)
    return "oci-layout-write --sparse out <in.tar"

def names(n):
    "names in an index.json that is read for the last of them"
    b = {}
    d = manifest(b, 0, 0)
    archive("in.tar", [named(d, "t%d" % i) for i in range(n)], b)
    subprocess.run("oci-layout-write out <in.tar", shell=True, check=True,
                   stdout=subprocess.DEVNULL)
    shutil.rmtree("root", ignore_errors=True)
    return "oci-unpack out:t%d root" % (n - 1)

def large(blobs, n):
    "a manifest of n annotations"
    return blob(blobs, doc({"schemaVersion": 2,
        "config": blob(blobs, b"{}", "config.v1+json"),
        "annotations": {str(i): "" for i in range(n)}}), "manifest.v1+json")

def mentions(n):
    "a large document that names a large manifest again and again"
    b = {}
    x = {"m": [large(b, n)] * n}
    archive("in.tar", [dict(blob(b, doc(x), ""), mediaType="a/json")], b)
    return "oci-layout-write out <in.tar"

def bare(n):
    "one that names a large blob by its digest alone"
    b = {}
    other = blob(b, doc({str(i): "" for i in range(n)}), "")["digest"]
    x = dict(blob(b, doc([other] * n), ""), mediaType="a/json")
    archive("in.tar", [x], b)
    return "oci-layout-write out <in.tar"

def referrers(n):
    "images that are about one another, the last named first"
    b, all = {}, []
    for i in range(n):
        c = blob(b, b"{}", "config.v1+json")
        m = {"schemaVersion": 2, "config": c}
        if all:
            m["subject"] = all[-1]
        all.append(blob(b, doc(m), "manifest.v1+json"))
    archive("in.tar", all[::-1], b)
    subprocess.run("oci-layout-write out <in.tar", shell=True, check=True,
                   stdout=subprocess.DEVNULL)
    return "oci-layout-gc --age 0s --dry-run --referrers out"

def prepared(make):
    @functools.wraps(make)
    def prepare(n):
        global command
        shutil.rmtree("out", ignore_errors=True)
        command = ["sh", "-c", make(n)]
    return prepare

os.chdir(sys.argv[3])
proportion.hold(prepared(globals()[sys.argv[1]]), int(sys.argv[2]),
                lambda: command)
P
# In memory where that can be: what a disk makes of many files isn't ours.
fast=$(mktemp -d "/dev/shm/oci-test.XXXXXX" 2>/dev/null) || fast=$tmp
[ "$fast" = "$tmp" ] || at_exit "rm -rf '$fast'"
while read -r what n; do
	ok "$what: $n and twice as many" python3 run.py "$what" "$n" "$fast"
	diag "$(cat "$err")"
done <<L
tags 2000
images 1500
layers 4000
index 4000
names 9000
mentions 1500
bare 4000
referrers 4000
L
done_testing
