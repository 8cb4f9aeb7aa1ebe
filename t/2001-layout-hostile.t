#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-layout-write against archives and layouts made by an enemy.
. "${0%/*}/lib.sh"
need python3

cat >make.py <<'E'
import hashlib, io, json, sys, tarfile

OCI = "application/vnd.oci.image."

def blob(blobs, data):
    d = "sha256:" + hashlib.sha256(data).hexdigest()
    blobs[d] = data
    return d

def desc(t, d, size, **more):
    return dict(mediaType=t, digest=d, size=size, **more)

def doc(x):
    return json.dumps(x).encode()

def image(blobs, **edit):
    layer, config = b"layer" * 999, b"{}"
    m = {"schemaVersion": 2,
         "config": desc(OCI + "config.v1+json", blob(blobs, config), 2),
         "layers": [desc(OCI + "layer.v1.tar", blob(blobs, layer), 4995)]}
    for k, v in edit.items():
        if k in m and isinstance(m[k], list):
            m[k][0].update(v)
        elif k in m and isinstance(m[k], dict):
            m[k].update(v)
        else:
            m[k] = v
    return desc(OCI + "manifest.v1+json", blob(blobs, doc(m)), len(doc(m)))

def write(name, roots, blobs, extra=(), layout=b'{"imageLayoutVersion":"1.0.0"}',
          text=None, skip=()):
    with tarfile.open(name + ".tar", "w") as t:
        def add(n, data, type=tarfile.REGTYPE, link=""):
            i = tarfile.TarInfo(n)
            i.size, i.type, i.linkname = len(data), type, link
            t.addfile(i, io.BytesIO(data))
        if layout is not None:
            add("oci-layout", layout)
        add("index.json", text if text is not None else
            doc({"schemaVersion": 2, "manifests": roots}))
        for d, data in blobs.items():
            if d not in skip:
                add("blobs/" + d.replace(":", "/"), data)
        for e in extra:
            add(*e)

def case(name, edit=lambda b, r: {}, **kw):
    b = {}
    r = [image(b, **kw)]
    more = edit(b, r) or {}
    write(name, r, b, **more)

nowhere = "sha256:" + "0" * 64
def set_root(**kw): return lambda b, r: r[0].update(kw)
def flip(i):
    def f(b, r):
        d = list(b)[i]
        b[d] = bytes([b[d][0] ^ 1]) + b[d][1:]
    return f
def bomb(b, r):
    for _ in range(int(20)):
        x = doc({"schemaVersion": 2, "manifests": [r[0]] * 2})
        r[0] = desc(OCI + "index.v1+json", blob(b, x), len(x))
def wide(b, r):
    # 4000 ways to one index, seven deep: linear work, or none would end.
    for _ in range(7):
        x = doc({"schemaVersion": 2, "manifests": [r[0]] * 4000})
        r[0] = desc(OCI + "index.v1+json", blob(b, x), len(x))
def masked(b, r):
    # First met as a thing nobody looks into, then as a manifest.
    layer = [d for d in b if len(b[d]) == 4995][0]
    del b[layer]
    r.insert(0, dict(r[0], mediaType="application/x"))

case("good")
case("flip-config", flip(0))
case("flip-layer", flip(1))
case("flip-manifest", flip(2))
case("wide", wide)
case("bomb", bomb)
case("masked", masked)
case("dotdot", layers={"digest": "sha256:../../x"})
case("upper", layers={"digest": "sha256:" + "A" * 64})
case("md5", layers={"digest": "md5:" + "0" * 32})
case("size", layers={"size": 4994})
case("negative", layers={"size": -1})
case("huge", layers={"size": 1 << 62})
case("config-size", config={"size": 3})
case("root-size", set_root(size=1))
case("root-dotdot", set_root(digest="sha256:../../x"))
case("root-missing", set_root(digest=nowhere))
case("layer-missing", layers={"digest": nowhere})
case("config-missing", config={"digest": nowhere})
case("both", manifests=[])
case("type", mediaType="application/vnd.docker.distribution.manifest.v2+json")
case("no-type", lambda b, r: r[0].pop("mediaType") and None)
case("no-layout", lambda b, r: {"layout": None})
case("version", lambda b, r: {"layout": b'{"imageLayoutVersion":"2.0.0"}'})
case("index-text", lambda b, r: {"text": b"{}"})
case("index-array", lambda b, r: {"text": b"[]"})
case("index-nul", lambda b, r: {"text": b'{"schemaVersion":2,"manifests":[]}\0'})
case("index-large", lambda b, r: {"text": b" " * (5 << 20)})
case("index-null", lambda b, r: {"text": b'{"schemaVersion":2,"manifests":null}'})
case("index-twice", lambda b, r: {"extra": [("index.json", b"{}")]})
case("layout-twice", lambda b, r: {"extra": [("oci-layout", b"{}")]})
for n, what in (("path", "blobs/sha256/../../../up"), ("short", "blobs/sha256/ab"),
                ("algorithm", "blobs/../x")):
    case("name-" + n, lambda b, r: {"extra": [(what, b"x")]})
for n, t in (("symlink", tarfile.SYMTYPE), ("link", tarfile.LNKTYPE),
             ("fifo", tarfile.FIFOTYPE), ("device", tarfile.CHRTYPE)):
    # Named like the empty blob, which is what such a member has in it.
    case(n, lambda b, r: {"extra": [("blobs/sha256/" +
        hashlib.sha256().hexdigest(), b"", t, "/etc/passwd")]})
case("junk", lambda b, r: {"extra": [("../up", b"x"), ("/tmp/up", b"x"),
    ("etc", b"", tarfile.SYMTYPE, "/etc"), ("etc/x", b"x"),
    ("blobs/sha256", b"", tarfile.DIRTYPE)]})
case("unreferenced", lambda b, r: blob(b, b"nobody's") and None)
case("foreign", lambda b, r: None, layers={"digest": nowhere, "mediaType":
    OCI + "layer.nondistributable.v1.tar+gzip"})
E
python3 make.py || bail "make.py"

for a in good wide junk unreferenced foreign; do
	ok "accepted: $a" sh -c "oci-layout-write $a:v1 <$a.tar"
done
is "no junk is in the layout" "$(find junk | wc -l)" 8
is "a blob that nobody names is not there" \
	"$(find unreferenced -type f | wc -l)" 5
before=$(find good -type f -exec sha256sum {} + | sort)

for tar in *.tar; do
	a=${tar%.tar}
	case $a in good | wide | junk | unreferenced | foreign) continue ;; esac
	fails "refused: $a" sh -c "oci-layout-write new:v1 <$tar"
	# What the layout has may complete an image; of that kind:
	case $a in masked | flip-*) continue ;; esac
	fails "refused by an old layout: $a" sh -c \
		"oci-layout-write good:v1 <$tar"
done
is "nothing was made" "$(ls -d new ../up /tmp/up 2>/dev/null)" ""
is "nothing was changed" \
	"$(find good -type f -exec sha256sum {} + | sort)" "$before"
is "nothing was left" "$(find . -name '.write-*')" ""

# Limits, and what can't be told by its digest.
fails "a large index.json" sh -c "oci-layout-write new <index-large.tar"
said "is not read to its end" "more than 4194304 bytes"
fails "very many members" sh -c "python3 -c '
import sys, tarfile
h = tarfile.TarInfo(\"x\").tobuf()
for _ in range(131073 >> 6 | 1): sys.stdout.buffer.write(h * 65)' 2>many |
	oci-layout-write new"
said "have a limit" "more than 131072 members"
mkdir -p sparse/blobs/sha256 && truncate -s 1M sparse/hole
mv sparse/hole "sparse/blobs/sha256/$(sha256sum <sparse/hole | cut -d' ' -f1)"
tar -C sparse --sparse -cf sparse.tar blobs
fails "a sparse member" sh -c "oci-layout-write new <sparse.tar"
said "is called that" "a sparse file"
ok "nothing was made of these" test ! -e new

# What the archive lacks may be in the layout, but not damaged.
python3 - <<'E'
import tarfile
with tarfile.open("good.tar") as t, tarfile.open("thin.tar", "w") as o:
    for m in t:
        if m.size != 4995:
            o.addfile(m, t.extractfile(m))
E
fails "a thin archive" sh -c "oci-layout-write new:v1 <thin.tar"
said "the blob is named" "neither the stream nor the layout has it"
ok "is completed by a layout" sh -c "oci-layout-write good:v2 <thin.tar"
layer=$(find good -size -11 -size +8 -type f)
cp -r good damaged
printf x | dd of="damaged/${layer#*/}" conv=notrunc 2>/dev/null
fails "but not by a damaged one" sh -c "oci-layout-write damaged:v2 <thin.tar"
said "it says so" "damaged"
ok "which is repaired" sh -c "oci-layout-write damaged:v1 <good.tar"
ok "to the last byte" cmp "$layer" "damaged/${layer#*/}"
size=$(stat -c %s "$layer")
for at in 1 511 "$((size / 2))" "$((size - 1))" "$size"; do
	printf '\377' | dd of="damaged/${layer#*/}" bs=1 seek="$at" \
		conv=notrunc 2>/dev/null
	! cmp -s "$layer" "damaged/${layer#*/}" || bail "no damage at $at"
	ok "or from byte $at on" sh -c "oci-layout-write damaged:v1 <good.tar"
	ok "it is" cmp "$layer" "damaged/${layer#*/}"
done
# What is larger than a manifest may be has no reader's lock, and is replaced.
truncate -s 5M 5M && tar -cf large.tar 5M
"$top/t/mkimage" large:v1 plain=large.tar >/dev/null || bail "no large image"
tar -C large -cf large.tar .
copy=$(find large/blobs -size +4M)
for mode in 600 666; do
	chmod "$mode" "$copy"
	ok "a copy that is $mode" sh -c "oci-layout-write large <large.tar"
	is "is written as a new file" "$(stat -c %a "$copy")" 644
done
chmod 664 "$copy" && was=$(stat -c %i "$copy")
ok "unless new files are so" sh -c \
	"umask 002 && oci-layout-write large <large.tar"
is "when it stays" "$(stat -c %i:%a "$copy")" "$was:664"
if [ "$(id -u)" = 0 ]; then
	chmod 644 "$copy" && chown 12345 "$copy"
	ok "a copy of another user" sh -c "oci-layout-write large <large.tar"
	is "is this one's now" "$(stat -c %u "$copy")" 0
fi

# Layouts with symbolic links inside write nowhere else.
mkdir victim
cp -r good trap
rm -r trap/blobs
ln -s "$tmp/victim" trap/blobs
fails "a link for blobs" sh -c "oci-layout-write trap:v3 <good.tar"
rm -r trap
cp -r good trap
mkdir shared
cp -r trap/blobs/sha256/. shared && rm -r trap/blobs/sha256
ln -s "$tmp/shared" trap/blobs/sha256
rm "shared/${layer##*/}"
ok "one for blobs/sha256, of our own" sh -c "oci-layout-write trap:v3 <good.tar"
ok "is written through" cmp "$layer" "shared/${layer##*/}"
if [ "$(id -u)" = 0 ]; then
	ln -sfn "$tmp/victim" trap/blobs/sha256
	chown -h 12345 trap/blobs/sha256
	fails "another user's" sh -c "oci-layout-write trap:v3 <good.tar"
	chown -h 0 trap/blobs/sha256
	chmod go+w trap/blobs
	fails "one that others could have put there" sh -c \
		"oci-layout-write trap:v3 <good.tar"
	chmod go-w trap/blobs
	chown 12345 trap/blobs
	fails "one in another's directory" sh -c \
		"oci-layout-write trap:v3 <good.tar"
	is "nothing was written through these" "$(ls victim)" ""
else
	skip 4 "not root"
fi
cp -r good trap2
echo secret >secret
mv trap2/index.json victim.json
ln -s ../victim.json trap2/index.json
fails "a link for index.json" sh -c "oci-layout-write trap2:v3 <good.tar"
rm trap2/index.json && mkfifo trap2/index.json
fails "a FIFO for index.json" timeout 10 sh -c "oci-layout-write trap2 <good.tar"
said "it says so" "index.json: not a regular file"
cp -r good trap3
rm "trap3/${layer#*/}"
ln -s "$tmp/secret" "trap3/${layer#*/}"
ok "a link for a blob is replaced" sh -c "oci-layout-write trap3:v1 <good.tar"
is "not written through" "$(cat secret)" secret
cp -r good trap4
mkdir trap4/refs
ln -s "$tmp/secret" trap4/refs/v1
ln -s "$tmp/victim" trap4/.write-0123456789ab
echo mine >victim/mine
ok "a link in refs is replaced" sh -c "oci-layout-write trap4:v1 <good.tar"
is "likewise" "$(cat secret)" secret
is "nothing is removed through a link" "$(ls victim)" mine

done_testing
