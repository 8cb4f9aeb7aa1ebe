#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-unpack, oci-flatten: time and memory are in proportion to the input.  Each
# kind of layer is unpacked, and made an archive, at a size and at twice that:
# processor time, the lesser of two, so that load doesn't count.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm
. "${0%/*}/lib.sh"
. "$top/t/unpack.sh"

cp "$top/t/proportion.py" .
cat >cpu <<'E'
import subprocess, sys
import proportion
best = []
for i in range(2):
    subprocess.run(["rm", "-rf", "r"], check=True)
    best.append(proportion.seconds(sys.argv[1:]))
print(int(min(best) * 1000))
E

# proportional NAME KIND SIZE: KIND is a function that prints the entries of
# the layer number $1 at the size $2.
proportional() {
	for size in "$3" $(($3 * 2)); do
		"$2" base "$size" | layer base
		"$2" upper "$size" | layer upper
		image plain=base.tar plain=upper.tar
		mv img "img.$size"
	done
	in_proportion "$1" "$3" oci-unpack r
	in_proportion "$1, as an archive" "$3" oci-flatten
	rm -rf img.*
}

# in_proportion NAME SIZE PROGRAM [ROOTFS]
in_proportion() {
	for size in "$2" $(($2 * 2)); do
		run python3 cpu "$3" "img.$size" ${4+"$4"}
		[ "$status" = 0 ] || break
		ms=${ms-}${ms:+ }$(cat "$out")
	done
	if [ "$status" = 0 ] && [ "${ms#* }" -le $((${ms% *} * 3 + 20)) ] &&
		[ "${ms#* }" -lt 5000 ]; then
		pass "$1"
	else
		fail "$1" "$ms ms $(head -n 3 "$err")"
	fi
	unset ms
}

# many PREFIX N SUFFIX: lines with a number in them.
many() {
	seq "$2" | sed "s,.*,$1&${3-},"
}

path() { # N: so many directories deep
	printf 'd/%.0s' $(seq "$1")
}

opaque() {
	echo "dir d"
	[ "$1" = base ] || many 'file d/' "$2"
	[ "$1" = base ] || many 'file d/.wh..wh..opq #' "$2"
}
proportional "an opaque mark over and over, over own files" opaque 500

again() {
	echo "dir d"
	[ "$1" = base ] || many 'file d/' "$2"
	[ "$1" = base ] ||
		many 'file .wh.d #' "$2" | sed 'p;s/.*/dir d/'
}
proportional "a directory hidden and added, over and over" again 500

subdirectories() {
	[ "$1" = base ] && many 'dir d/' "$2"
	[ "$1" = base ] || echo "file .wh.d"
}
proportional "a directory of directories hidden" subdirectories 1000

deep() {
	path=$(path "$2")
	[ "$1" = base ] && many 'file ' 3 "/${path}f"
	[ "$1" = base ] || many 'file .wh.' 3
}
proportional "deep directories" deep 900

links() {
	path=$(path 100)
	[ "$1" = upper ] || echo "dir $path"
	[ "$1" = base ] && many 'symlink l' "$2" " $path"
	[ "$1" = base ] || many 'file l' "$2" /f
	[ "$1" = base ] || many 'file l' "$2" /.wh..wh..opq
}
proportional "names behind links" links 150

# Of an archive: names that come by turns in two deep directories, and one file
# of many names.
turns() {
	path=$(path 300)
	[ "$1" = upper ] || many "file a/$path" "$2" |
		sed 'p;s,file a,file b,'
	[ "$1" = base ] || many "link c" "$2" " a/${path}1"
}
proportional "names that take turns" turns 200

# What is kept of directories has a limit in bytes.
python3 - <<'E'
import tarfile
with open("xattrs.tar", "wb") as f:
    for i in range(17):
        t = tarfile.TarInfo(f"d{i}")
        t.type = tarfile.DIRTYPE
        t.pax_headers = {"SCHILY.xattr.user.a": "x" * 1000000}
        f.write(t.tobuf(tarfile.PAX_FORMAT))
E
refuses "16 MiB of directories' attributes" xattrs.tar
said "by that limit" 'more than 16 MiB'
python3 - <<'E'
import tarfile
with open("again.tar", "wb") as f:
    for i in range(20):
        t = tarfile.TarInfo("d")
        t.type = tarfile.DIRTYPE
        t.pax_headers = {"SCHILY.xattr.user.a": "x" * 1000000,
                         "SCHILY.xattr.user.overlay.x": "y"}
        if i == 19:
            t.pax_headers = {"SCHILY.xattr.user.a": "last"}
        f.write(t.tobuf(tarfile.PAX_FORMAT))
E
unpacks "those that a later entry replaced don't count" again.tar
done_testing
