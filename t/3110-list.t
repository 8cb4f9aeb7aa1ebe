#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-unpack --list: what each layer would do, and nothing else done.
. "${0%/*}/lib.sh"
. "$top/t/unpack.sh"

layer base <<'E'
dir ./ mode=750 uid=5
dir usr
dir usr/lib
symlink lib usr/lib
file etc/passwd root mode=600 uid=1 gid=2 mtime=12.5 xattr.user.a=b xattr.user.c=d
file etc/shadow x mtime=-1.25
link etc/hard etc/passwd
char dev/null 1 3
block dev/disk 8 17
fifo dev/fifo
file lib/through t
E
layer upper <<'E'
file etc/.wh.shadow
file lib/.wh..wh..opq
file etc/passwd new
file lib/own o
E
image base.tar upper.tar
before=$(ls -A)
ok "a list" oci-unpack --list img
is "nothing is made" "$(ls -A)" "$before"
cp "$out" list
cat >query <<'E'
import json, sys
for line in open("list"):
    o = json.loads(line)
    if eval(sys.argv[1]):
        print(*(o.get(k, "-") for k in sys.argv[2:]))
E
# listed NAME CONDITION MEMBERS WANTED: of the lines that satisfy it.
listed() {
	# shellcheck disable=SC2086
	is "$1" "$(python3 query "$2" $3)" "$4"
}
blobs=$(python3 - <<'E'
import glob, json
for f in glob.glob("img/blobs/sha256/*"):
    try:
        m = json.load(open(f))
    except ValueError:
        continue
    for l in m.get("layers", []):
        print(l["digest"], l["size"])
E
)
listed "a line begins each layer" 'o["type"] == "layer"' 'layer digest size' \
	"$(echo "$blobs" | sed '1s/^/1 /; 2s/^/2 /')"
digest() {
	printf %s "$1" | sha256sum | sed 's/ .*//; s/^/sha256:/'
}
listed "a file" 'o.get("path") == "etc/passwd"' \
	'layer type mode uid gid size mtime xattrs digest' \
	"1 file 0600 1 2 4 12.5 ['user.a', 'user.c'] $(digest root)
2 file 0644 0 0 3 1000000000 - $(digest new)"
listed "a time before 1970" 'o.get("path") == "etc/shadow"' \
	'type mtime' 'file -1.25
whiteout -'
listed "the root" 'o.get("path") == "."' 'type mode uid' 'directory 0750 5'
listed "links" 'o["type"] in ("link", "symlink")' 'type path target' \
	'symlink lib usr/lib
link etc/hard etc/passwd'
listed "devices" 'o["type"] in ("char", "block", "fifo")' \
	'type path major minor' 'char dev/null 1 3
block dev/disk 8 17
fifo dev/fifo - -'
listed "what went through a link is where that leads" \
	'"usr/lib/" in o.get("path", "")' 'layer path' '1 usr/lib/through
2 usr/lib/own'
listed "what goes, once the layer is known" \
	'o["type"] in ("whiteout", "opaque")' 'layer type path' \
	'2 whiteout etc/shadow
2 opaque usr/lib'
is "which layer a file is from" "$(python3 query \
	'o.get("path") == "etc/passwd"' layer | tail -n 1)" 2
# shellcheck disable=SC2046
tar -C img -cf s.tar $(members 'layers[::-1]')
ok "of a stream, its layers in reverse" sh -c 'oci-unpack --list - <s.tar'
is "it is the same" "$(cmp list "$out" 2>&1)" ""

# Names that JSON has no word for.
python3 - <<'E'
import tarfile
t = tarfile.open("names.tar", "w", format=tarfile.GNU_FORMAT,
                 encoding="utf-8", errors="surrogateescape")
def add(name, type=tarfile.REGTYPE, link=b""):
    i = tarfile.TarInfo(name.decode("utf-8", "surrogateescape"))
    i.type, i.linkname = type, link.decode("utf-8", "surrogateescape")
    t.addfile(i)
for name in (b"caf\xe9%", b"\xff\xfe\"\\", b"n\xc3\xa9", b"a\nb\x1b[1m",
             b"quote\"back\\slash", b"u\xe2\x80\xaev", b"100%"):
    add(name)
add(b"link", tarfile.SYMTYPE, b"to\xe9")
t.close()
E
image names.tar
ok "odd names" oci-unpack --list img
cp "$out" list
is "are JSON of printable characters" \
	"$(tr -d '\n -~\303\251\357\277\275' <list)" ""
cat >decode <<'E'
import json, urllib.parse
for line in open("list"):
    o = json.loads(line)
    for k in "path", "target":
        if k in o:
            e = o.get(k + "Encoded")
            print(k, urllib.parse.unquote_to_bytes(e) if e
                  else o[k].encode())
E
is "and can be had back to the byte" "$(python3 decode)" \
	"path b'caf\\xe9%'
path b'\\xff\\xfe\"\\\\'
path b'n\\xc3\\xa9'
path b'a\\nb\\x1b[1m'
path b'quote\"back\\\\slash'
path b'u\\xe2\\x80\\xaev'
path b'100%'
path b'link'
target b'to\\xe9'"
is "a second member is only where it takes one" "$(grep -c Encoded list)" 3

# It fails where unpacking would.
while read -r bad; do
	printf '%b\n' "$bad" | layer bad
	image base.tar bad.tar
	fails "$bad" oci-unpack --list img
done <<'E'
link l nothing
file ../x
file f\nfile f/x
file .wh.
E
image base.tar upper.tar
blob=img/blobs/$(echo "$blobs" | sed -n '2s,:\([^ ]*\).*,/\1,p')
printf x | dd of="$blob" bs=1 seek=30 conv=notrunc 2>"$err"
fails "a damaged blob" oci-unpack --list img
said "is told" 'layer 2 of 2'

# Tables, and what doesn't fit together.
image base.tar upper.tar
ok "a table" oci-unpack --list --format=table img
printed "has owner and size" '^ +1  file +0600  1:2 +4  etc/passwd$'
printed "and targets" '^ +1  link .* etc/hard -> etc/passwd$'
exits 2 "a ROOTFS" oci-unpack --list img r
exits 2 "no image" oci-unpack --list
exits 2 "--format without it" oci-unpack --format=json img r
exits 2 "-v" oci-unpack -v --list img
fails "a full disk" sh -c 'oci-unpack --list img >/dev/full'

# A hole may be larger than any disk.
layer hole <<'E'
pax GNU.sparse.size=9000000000000000000 GNU.sparse.map=4,3
header name=hole data=abc
E
image hole.tar
ok "a file of holes" timeout 60 oci-unpack --list img
printed "has its size, and no digest" \
	'"path":"hole".*"size":9000000000000000000}$'
done_testing
