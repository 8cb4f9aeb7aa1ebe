#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-layout-write: blobs that nothing names aren't staged, in whatever order
# an archive is, and whatever may be named is.
. "${0%/*}/lib.sh"
need python3

cat >run.py <<'P'
import glob, hashlib, io, json, os, shutil, subprocess, sys, tarfile, time
OCI = "application/vnd.oci.image."
blobs = {}
def blob(data, t, **more):
    d = hashlib.sha256(data).hexdigest()
    blobs[d] = data
    return dict(mediaType=t, digest="sha256:" + d, size=len(data), **more)
def document(t, **members):
    return blob(json.dumps(dict(schemaVersion=2, **members)).encode(), t)
def hexes(*list):
    return [x["digest"][7:] for x in list]
config = blob(b"{}", OCI + "config.v1+json")
layers = [blob(b"layer %d" % i, OCI + "layer.v1.tar") for i in range(4)]
alien, other = blob(b"alien", ""), blob(b"another", "")
about = document(OCI + "manifest.v1+json", config=config, layers=layers[3:])
image = document(OCI + "manifest.v1+json", config=config, layers=layers[:1],
                 subject=about)
index = document(OCI + "index.v1+json", manifests=[image])
bare = document("application/vnd.x+json", a=layers[2]["digest"])
large = blob(json.dumps(dict(a=index["digest"])).encode() + b" " * (4 << 20),
             "application/json")
LAYOUT = b'{"imageLayoutVersion":"1.0.0"}'

class Writer:
    def __init__(self, name):
        shutil.rmtree("out", ignore_errors=True)
        os.makedirs("out")
        self.p = subprocess.Popen(["oci-layout-write", "out"],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE)
        self.name = name
    def add(self, name, data):
        i = tarfile.TarInfo(name)
        i.size = len(data)
        self.p.stdin.write(i.tobuf() + data + bytes(-len(data) % 512))
        self.p.stdin.flush()
    def index(self, *roots):
        self.add("oci-layout", LAYOUT)
        self.add("index.json", json.dumps(dict(schemaVersion=2,
                 manifests=roots)).encode())
    def blobs(self, *list):
        for d in hexes(*list):
            self.add("blobs/sha256/" + d, blobs[d])
    def staged(self, there, gone):
        "wait until there is what should be"
        wanted, unwanted = set(hexes(*there)), set(hexes(*gone))
        for _ in range(6000):
            now = {os.path.basename(f)
                   for f in glob.glob("out/blobs/.write-*/*")}
            if wanted <= now and not unwanted & now:
                return
            time.sleep(.01)
        sys.exit("%s: %s are staged, not %s" % (self.name, now, wanted))
    def end(self):
        self.p.stdin.write(bytes(1024))
    def done(self, *wanted):
        try:
            self.end()
        except BrokenPipeError:
            pass
        err = self.p.communicate()[1].decode()
        if wanted == ("refused",):
            assert self.p.returncode == 1 and "digest is" in err, err
            return
        assert not self.p.returncode, (self.name, err)
        have = {os.path.basename(f) for f in glob.glob("out/blobs/sha256/*")}
        assert have == set(hexes(*wanted)), (self.name, have)
whole = [index, image, about, config, layers[0], layers[3]]

w = Writer("in order")
w.index(index)
w.blobs(alien) # a manifest may name it
w.staged([alien], [])
w.blobs(index, image)
w.staged([index, image, alien], [])
w.blobs(about)
w.staged([index, image, about], [alien])
w.blobs(config, alien, other, *layers)
w.staged([layers[0], layers[3]], [alien, other, layers[1], layers[2]])
w.done(*whole)

w = Writer("backwards")
w.blobs(alien, *layers)
w.blobs(config, about, image, index, other)
w.staged([other, alien, *layers], [])
w.index(index)
w.blobs(alien)
w.staged([*whole], [other, alien, layers[1], layers[2]])
w.done(*whole)

w = Writer("documents of unknown kinds")
w.index(bare, large)
w.blobs(bare, layers[1], *whole[3:])
w.staged([layers[1]], [])
w.blobs(large, index, image, alien)
w.staged([alien], [])
w.blobs(about, layers[2], other)
w.staged([layers[2]], [alien, other, layers[1]])
w.done(bare, large, layers[2], *whole)

w = Writer("two archives")
w.index(about)
w.blobs(about, config, alien, layers[3])
w.end()
w.blobs(other, layers[0])
w.staged([layers[3], layers[0], other], [alien])
w.index(image)
w.blobs(image)
w.staged([image], [other])
w.done(image, about, config, layers[0], layers[3])

w = Writer("a wrong digest")
w.index(about)
w.blobs(about, config)
w.add("blobs/sha256/" + 64 * "0", b"alien")
w.blobs(layers[3])
w.done("refused")
P
ok "what nothing names isn't staged" python3 run.py
diag "$(cat "$err")"

# Sizes that are counted with stay numbers.
cat >sizes.py <<'P'
import hashlib, io, json, sys, tarfile
OCI = "application/vnd.oci.image."
out = tarfile.open(sys.argv[1], "w")
def put(name, data):
    t = tarfile.TarInfo(name)
    t.size = len(data)
    out.addfile(t, io.BytesIO(data))
def blob(kind, **members):
    data = json.dumps(dict(schemaVersion=2, **members)).encode()
    digest = hashlib.sha256(data).hexdigest()
    put("blobs/sha256/" + digest, data)
    return dict(mediaType=OCI + kind + ".v1+json", size=len(data),
                digest="sha256:" + digest)
config = blob("config")
image = blob("manifest", config=config, layers=[])
named = dict(image, size=2**63 - 1)
put("index.json", json.dumps(dict(schemaVersion=2, manifests=[
    blob("index", manifests=[named]) if sys.argv[1] == "member" else
    blob("manifest", config=config, layers=[], subject=named)])).encode())
put("oci-layout", b'{"imageLayoutVersion":"1.0.0"}')
out.close()
P
for what in member subject; do
	python3 sizes.py $what || bail "no $what"
	fails "the largest size there is, of a $what" \
		sh -c "oci-layout-write sized <$what"
	said "is a wrong one" '^oci-layout-write: sha256:.*9223372036854775807'
	mkdir $what.d
	tar -C $what.d -xf $what
	ok "and is listed" oci-layout-ls $what.d
done

done_testing
