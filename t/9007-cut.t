#!/bin/sh
# SPDX-License-Identifier: ISC
# A stream that ends anywhere before its end, or has a bit turned over, is
# refused by every reader, which publishes nothing of it.
. "${0%/*}/lib.sh"
need docker-registry curl python3

registry_start
mkdir root
echo "some text" >root/file
ln root/file root/link
"$top/t/mkimage" --cmd true from:v1 root plain=root >/dev/null
"$top/t/pushimage" from:v1 "$registry/cut:v1"
oci-fetch "$registry/cut:v1" >stream
size=$(stat -c %s stream)

ok "the whole of it is a layout" sh -c "oci-layout-write whole:v1 <stream"
ok "and a root file system" sh -c "oci-unpack - whole-root <stream"

# refused WHAT: both readers say no to $tmp/bad and leave nothing.
accepted=''
refused() {
	for reader in "oci-layout-write cut:v1" "oci-unpack - cut-root"; do
		# shellcheck disable=SC2086
		$reader <bad >"$out" 2>"$err"
		status=$?
		[ $status = 1 ] && [ -s "$err" ] ||
			accepted="$accepted$1 $reader: status $status
"
	done
	if [ -e cut-root ] || grep -qs '"v1"' cut/index.json; then
		accepted="$accepted$1: published
"
		rm -rf cut-root cut
	fi
}

# The last 1024 bytes are the two blocks of zeros: the end.  Whatever is cut
# off of them is missed, too.
n=0
while [ $n -lt "$size" ]; do
	head -c $n stream >bad
	refused "cut at $n"
	n=$((n + 1 + size / 200))
done
for n in $((size - 1)) $((size - 511)) $((size - 513)) $((size - 1024)); do
	head -c $n stream >bad
	refused "cut at $n"
done
is "a stream of $size bytes, cut at 200 places" "$accepted" ""

# Turn over a bit in each blob: what is named by a digest can't change.
accepted=''
python3 -c '
import tarfile
for member in tarfile.open("stream"):
    if member.isreg() and member.name.startswith("blobs/"):
        print(member.offset_data + member.size // 2)
        print(member.offset_data + member.size - 1)' >places
while read -r place; do
	python3 -c '
import sys
data = bytearray(open("stream", "rb").read())
data[int(sys.argv[1])] ^= 4
open("bad", "wb").write(data)' "$place"
	refused "a bit at $place"
done <places
is "a bit turned over in each blob" "$accepted" ""
ok "there were blobs" test "$(wc -l <places)" -ge 8

done_testing
