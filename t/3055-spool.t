#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-unpack --spool -, oci-flatten --spool -: archives of other programs, in
# their order; what comes before its turn waits in a file.
. "${0%/*}/lib.sh"
. "$top/t/unpack.sh"
need skopeo

layer base <<'E'
dir d mode=750 mtime=100
file d/f one
file gone x
E
layer upper <<'E'
file d/g two
file .wh.gone
E
image base.tar zstd=upper.tar base.tar
oci-unpack img r || bail "oci-unpack"
"$top/t/tree" r >wanted
oci-flatten img >wanted.tar || bail "oci-flatten"
unpack_clean

# spools NAME ARCHIVE: both programs take it from a pipe.
spools() {
	(cat "$2") | oci-unpack --spool=waits - r 2>"$err"
	is "$1" "$? $(cat "$err")" "0 "
	is "is the tree" "$("$top/t/tree" r | diff wanted - | head)" ""
	unpack_clean
	(cat "$2") | oci-flatten --spool=waits - 2>"$err" | cmp - wanted.tar
	is "and the archive" "$? $(cat "$err")" "0 "
}
# archive NAMES...: img's files in that order, as others make archives.
archive() {
	tar -C img --format=gnu --sort=none -cf a.tar "$@"
}
mkdir waits
# shellcheck disable=SC2046
archive oci-layout index.json $(cd img && echo blobs/sha256/*)
fails "blobs in no order" sh -c 'oci-unpack - r <a.tar'
said "need --spool, or another program" \
	'too late in the archive: --spool .* oci-layout-write'
spools "with --spool" a.tar
# shellcheck disable=SC2046
archive $(cd img && printf '%s\n' blobs/sha256/* | sort -r) \
	index.json oci-layout
spools "blobs first" a.tar
echo '[]' >img/manifest.json && echo '{}' >img/repositories
archive blobs index.json manifest.json oci-layout repositories
spools "as docker save" a.tar
rm img/manifest.json img/repositories
archive .
spools "names with ./ before them" a.tar
tag=$(jq -r '.manifests[0].annotations["org.opencontainers.image.ref.name"]' \
	img/index.json)
ok "skopeo copy" skopeo copy -q "oci:img:$tag" oci-archive:skopeo.tar
spools "is read" skopeo.tar
is "nothing is left" "$(ls -A waits)" ""
if [ "$(id -u)" = 0 ] && command -v podman >/dev/null; then
	at_podman() {
		podman --root "$tmp/pod" --runroot "$tmp/podrun" \
			--storage-driver vfs "$@"
	}
	ok "podman import" at_podman import -q wanted.tar flat
	ok "podman save" at_podman save -q --format oci-archive -o podman.tar flat
	(cat podman.tar) | oci-unpack --spool - r 2>"$err"
	is "is read" "$? $(cat "$err")" "0 "
	is "is the tree" "$("$top/t/tree" r | diff wanted - | head)" ""
	unpack_clean
else
	skip 4 "no podman, or not root"
fi

ok "--list" sh -c 'oci-unpack --spool --list - <skopeo.tar'
printed "has the names" '"path":"d/g"'
if [ "$(id -u)" = 0 ]; then
	ok "--layers" sh -c 'oci-unpack --spool=waits --layers s - <a.tar'
else
	skip 1 "not root"
fi

# What is in order doesn't wait.
head -c 20000 /dev/urandom >random && tar -cf random.tar random
image random.tar upper.tar
# shellcheck disable=SC2046
archive $(members)
if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=4k tmpfs waits; then
	at_exit "umount '$tmp/waits'"
	ok "a stream in order needs no room" \
		sh -c 'oci-unpack --spool=waits - r <a.tar'
	unpack_clean
	archive blobs index.json oci-layout
	fails "another does" sh -c 'oci-unpack --spool=waits - r <a.tar'
	said "and says when there is none" 'No space left'
	ok "nothing is left" nothing_left
else
	skip 4 "no tmpfs"
fi

# What is wrong is as wrong as in order.
size=$(stat -c %s skopeo.tar)
wrong='' i=0
while [ "$i" -lt "$((size - 512))" ]; do
	head -c "$i" skopeo.tar >cut.tar
	run sh -c 'oci-unpack --spool - r <cut.tar'
	[ "$status" = 1 ] && [ -s "$err" ] && nothing_left || wrong="$wrong $i"
	i=$((i + size / 40))
done
is "a stream that is cut anywhere" "$wrong" ""
python3 - <<'E'
import subprocess, tarfile
data = open("skopeo.tar", "rb").read()
wrong = []
for m in tarfile.open("skopeo.tar"):
    if m.name.startswith("blobs/sha256/"):
        bad = bytearray(data)
        bad[m.offset_data + m.size // 2] ^= 1
        r = subprocess.run(["oci-unpack", "--spool", "-", "r"], input=bad,
                           stderr=subprocess.PIPE)
        if r.returncode != 1:
            wrong.append(m.name)
open("wrong", "w").write(" ".join(wrong))
E
is "a flipped bit in any blob" "$(cat wrong)" ""
ok "leaves nothing" nothing_left
python3 - <<'E'
import tarfile
with open("large.tar", "wb") as f:
    t = tarfile.TarInfo("blobs/sha256/" + "a" * 64)
    t.size = 65 << 30
    f.write(t.tobuf(tarfile.GNU_FORMAT))
E
fails "more than 64 GiB that would wait" \
	sh -c 'oci-unpack --spool - r <large.tar'
said "is refused before it is read" 'more than 64 GiB have to wait'
tar -C img -cf none.tar blobs
fails "no index.json" sh -c 'oci-unpack --spool - r <none.tar'
said "is said" 'oci-layout: missing in the archive'
fails "no such directory" sh -c 'oci-unpack --spool=nowhere - r <skopeo.tar'
said "is named" 'spool=nowhere: No such file'
exits 2 "--spool of a layout" oci-unpack --spool img r
exits 2 "--spool=" oci-unpack --spool= - r
done_testing
