#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-mkbundle: twice the configuration takes at most three times the time of
# a processor.
. "${0%/*}/lib.sh"
need python3

cp "$top/t/proportion.py" .
cat >run.py <<'P'
import hashlib, json, os, shutil, sys
import proportion

OCI = "application/vnd.oci.image."

def blob(x, kind):
    data = json.dumps(x).encode()
    d = hashlib.sha256(data).hexdigest()
    with open("img/blobs/sha256/" + d, "wb") as f:
        f.write(data)
    return {"mediaType": OCI + kind, "digest": "sha256:" + d,
            "size": len(data)}

def image(config):
    shutil.rmtree("img", ignore_errors=True)
    os.makedirs("img/blobs/sha256")
    os.makedirs("bundle/rootfs/etc", exist_ok=True)
    c = blob({"os": "linux", "architecture": "amd64", "config": config,
              "rootfs": {"type": "layers", "diff_ids": []}}, "config.v1+json")
    m = blob({"schemaVersion": 2, "config": c, "layers": []},
             "manifest.v1+json")
    with open("img/oci-layout", "w") as f:
        f.write('{"imageLayoutVersion":"1.0.0"}')
    with open("img/index.json", "w") as f:
        json.dump({"schemaVersion": 2, "manifests": [m]}, f)

def env(n):
    "variables, half of them twice"
    image({"Env": ["v%d=1" % (i % (n // 2)) for i in range(n)]})

def labels(n):
    "labels"
    image({"Labels": {"l%d" % i: "x" for i in range(n)}})

def volumes(n):
    "volumes"
    image({"Volumes": {"/v/%d" % i: {} for i in range(n)}})

def ports(n):
    "ports"
    image({"ExposedPorts": {"%d/tcp" % i: {} for i in range(n)}})

def groups(n):
    "groups of one user"
    image({"User": "user"})
    with open("bundle/rootfs/etc/passwd", "w") as f:
        f.write("user:x:1:1::/:\n")
    with open("bundle/rootfs/etc/group", "w") as f:
        for i in range(n):
            f.write("g%d:x:%d:user\n" % (i, n - i))

proportion.hold(globals()[sys.argv[1]], int(sys.argv[2]),
                lambda: ["oci-mkbundle", "img", "bundle", "--", "true"])
P
while read -r what n; do
	ok "$what: $n and twice as many" python3 run.py "$what" "$n"
	diag "$(cat "$err")"
done <<L
env 20000
labels 20000
volumes 6000
ports 20000
groups 20000
L
done_testing
