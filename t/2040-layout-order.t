#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-layout-write: what is on the disk before what, by its system calls.
. "${0%/*}/lib.sh"
need strace python3
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
if len(blobs) != 3:
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
traced() { # DIR ARGUMENT...: what it does goes to the file trace
	strace -y -o trace -e trace=fsync,fdatasync,syncfs,renameat \
		oci-layout-write "$@" <src.tar >/dev/null
}
ok "a layout is made" traced layout
ok "blobs, then index.json, each on the disk first" \
	python3 order.py trace layout new
ok "with refs/" traced --refs other
ok "these last" python3 order.py trace other refs new
mkdir empty
ok "an empty directory" traced empty
ok "is written to in that order" python3 order.py trace empty

done_testing
