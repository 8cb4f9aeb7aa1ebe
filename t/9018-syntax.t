#!/bin/sh
# SPDX-License-Identifier: ISC
# JSON that is none: each program names the file or the blob, the line and the
# column.
. "${0%/*}/lib.sh"
. "$top/t/badregistry.sh"
need python3

mkdir l1 bundle root root/c1
chmod 700 root root/c1
"$top/t/mkimage" --cmd true img:latest l1 >/dev/null || bail "t/mkimage"
printf '{\n "a": 1,\n}\n' >bad
place="is not JSON at line 3, column 1"

# The layout DIR whose manifest or config is the file bad.
cat >spoil.py <<'P'
import hashlib, json, os, sys
OCI = "application/vnd.oci.image."
def blob(data, kind):
    d = hashlib.sha256(data).hexdigest()
    with open("blobs/sha256/" + d, "wb") as f:
        f.write(data)
    return {"mediaType": OCI + kind, "digest": "sha256:" + d,
            "size": len(data)}
bad = open("bad", "rb").read()
print("sha256:" + hashlib.sha256(bad).hexdigest())
os.makedirs(sys.argv[1] + "/blobs/sha256")
os.chdir(sys.argv[1])
if sys.argv[1] == "config":
    bad = json.dumps({"schemaVersion": 2, "layers": [],
                      "config": blob(bad, "config.v1+json")}).encode()
kind = "index" if sys.argv[1] == "index" else "manifest"
with open("index.json", "w") as f:
    json.dump({"schemaVersion": 2,
               "manifests": [blob(bad, kind + ".v1+json")]}, f)
with open("oci-layout", "w") as f:
    f.write('{"imageLayoutVersion":"1.0.0"}')
P
for what in manifest config index; do
	digest=$(python3 spoil.py $what) || bail "spoil.py"
	tar -cf $what.tar -C $what oci-layout index.json blobs
	fails "oci-mkbundle: the $what" oci-mkbundle $what b -- x
	said "is named" "$digest: .*$place"
	fails "oci-unpack: the $what" oci-unpack $what r
	said "is named" "$digest: the $what $place"
	fails "oci-unpack: the $what in a stream" sh -c \
		"oci-unpack - r <$what.tar"
	said "is named" "$digest: the $what $place"
	[ $what != config ] || continue # a blob like any other
	fails "oci-layout-write: the $what" sh -c "oci-layout-write w <$what.tar"
	said "is named" "$digest: the $what $place"
done
for file in index.json oci-layout; do
	cp -r img other && cp bad other/$file
	tar -cf other.tar -C other oci-layout index.json blobs
	for program in "oci-unpack other r" "oci-mkbundle other b" \
		"oci-unpack - r" "oci-layout-write w"; do
		fails "$program: $file" sh -c "$program <other.tar"
		said "is named" "$file: it $place"
	done
	rm -r other
done
cp -r img other && cp bad other/index.json
fails "oci-layout-write: the layout's own" sh -c \
	"tar -C img -c . | oci-layout-write other"
said "is named" "other/index.json: it $place"

fails "oci-mkbundle: a profile" oci-mkbundle --seccomp bad img b
said "is named" "bad: $place"
cp bad bundle/config.json
exits 125 "oci-run: config.json" oci-run --root "$tmp/state" -b bundle box
said "is named" "bundle/config.json: $place"

# Nor is a file read that is too long.
head -c 4194305 /dev/zero >long
cp long bundle/config.json
exits 125 "oci-run: a config.json that is too long" \
	oci-run --root "$tmp/state" -b bundle box
said "is told its limit" 'bundle/config.json: longer than 4 MiB'
exits 1 "oci-mkbundle: a profile of seccomp" \
	oci-mkbundle --seccomp long img:latest other
said "is told its limit" 'long: longer than 4 MiB'
cp bad root/c1/state.json
run oci-ps --root root
said "oci-ps: state.json" "c1: state.json $place"

badregistry_start img
fails "oci-fetch: auth.json" oci-fetch --authfile bad -m "$bad/basic/img"
said "is named" "bad: $place"
cp bad "img/blobs/sha256/${digest#*:}"
fails "oci-fetch: a manifest" oci-fetch -m "$bad/open/img@$digest"
said "is named" "$digest: the manifest $place"

done_testing
