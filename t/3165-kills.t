#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-unpack, --layers, --objects: of eight at once most are killed at any
# moment; what has its name is whole, and the next one goes on from there.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm
. "${0%/*}/lib.sh"
. "$top/t/unpack.sh"
need_root

layer base <<'E'
dir usr mode=751 uid=7 gid=8 mtime=100 xattr.user.colour=blue
file usr/one one mode=640 uid=5 mtime=102 xattr.user.x=y
link usr/two usr/one
file gone x
file large size=3000000
E
layer upper <<E
file .wh.gone
link far usr/one
$(for i in $(seq 1 300); do echo "file d$((i / 50))/f$i size=20000 uid=$i"; done)
E
image base.tar upper.tar

# More: in such a directory, $top/t/random/kills HOW 300.
for how in plain layers objects; do
	ok "eight at once, $how" "$top/t/random/kills" $how 15
	is "all is whole" "$(cat "$out")" ""
	rm -rf r? o
done
done_testing
