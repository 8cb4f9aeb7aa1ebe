#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-unpack and oci-mkbundle, --layers and --objects, in file systems that have
# too little room, of each size or, without FULL_STEP=1, of some: they say what
# there was no room for, leave nothing that is taken for whole, and with room
# the next does what it does elsewhere.
. "${0%/*}/lib.sh"
need_root
private_mounts
. "$top/t/unpack.sh"

layer base <<'E'
dir a mode=751 uid=7 xattr.user.colour=blue
file a/1 size=5000 mode=4711
file a/2 size=33000 xattr.user.x=y
link a/3 a/2
symlink a/s ../b
fifo a/p
dir b/c/d/e mode=700
file b/c/d/e/f f
file gone size=9000
dir shut mode=700
file shut/f size=100
E
echo "symlink long $(printf 'x/%.0s' $(seq 200))" | layer links
layer upper <<'E'
file .wh.gone
file a/1 size=20000
link b/2 a/2
file shut/.wh..wh..opq
file shut/g size=6000
E
layer top <<'E'
file t/1 size=70000
file t/2 size=3
dir a mode=700
E
image base.tar links.tar upper.tar top.tar

# The ways, in a file system m; and what there is of it in the end.
plain() {
	oci-unpack img m/r
}
layers() {
	oci-unpack --layers m/s img
}
objects() {
	oci-unpack --objects m/o img m/r
}
bundle_layers() {
	oci-mkbundle --layers m/s img m/b -- sh
}
bundle_objects() {
	oci-mkbundle --objects m/o img m/b -- sh
}
# Of whiteouts no time, nor of the directory itself.
text() {
	find . -type c -printf '%p %y %m\n' -o ! -name . \
		-printf '%p %y %m %U:%G %s %T@ %l\n' | sort
	find . -type f -exec cksum {} + | sort
	getfattr -Rhdm- .
}
seen() {
	case $how in
	layers) (cd m/s/sha256 && ls && text) ;;
	bundle_layers) (cd m/b/rootfs/root && text) ;;
	bundle_objects) (cd m/b/rootfs && text) ;;
	*) (cd m/r && text) ;;
	esac
}

mkdir m
at_exit "umount -qR '$tmp/m'"
mounted() { # OPTIONS
	mount -t tmpfs -o "$1" tmpfs m || bail "no tmpfs"
}

# made: in that way; what is said of shared files each time is passed over.
made() {
	"$how" >got.out 2>"$err"
	status=$?
	sed -i '/its files are links that other/d' "$err"
}

# whole WHEN: it is what it is elsewhere, or bad has more in it.
whole() {
	seen >got 2>&1
	[ "$status" = 0 ] && [ ! -s "$err" ] && cmp -s got want &&
		cmp -s got.out want.out ||
		bad="$bad $1: $status $(cat "$err"; diff want got | head -n 4)"
}

# torn WHEN: it said what there is no room for, and nothing is left of it but
# layers and objects, which are looked at when the next has taken them.
torn() {
	cat "$err" >>"said.$how"
	[ "$status" = 1 ] && [ ! -s got.out ] &&
		grep -Eqx "oci-[a-z]*: [^:]+(: [^:]+)?: $why" "$err" ||
		bad="$bad $1: $status $(cat "$err")"
	unpack_left=$(find m -name '*.tmp' -o -path m/r -o -path m/b)
	bad=$bad${unpack_left:+ $1: $unpack_left}
}
why='No space left on device( \(img.*\))?' # on one line

# full HOW OPTION UNIT LEAST STEP: with that option of tmpfs, from the least on,
# as long as it fails.
full() {
	how=$1 n=$4 step=${FULL_STEP:-$5} bad='' tried=0
	mounted size=8m
	made
	seen >want
	mv got.out want.out
	umount -R m
	while mounted "$2=$((n * $3))" && made && [ "$status" != 0 ]; do
		torn "$n"
		mount -o remount,size=8m,nr_inodes=1000 m
		made
		whole "the one after $n"
		umount -R m
		n=$((n + step)) tried=$((tried + 1))
	done
	whole "$n"
	umount -R m
	is "$how, $2 up to $n, of $tried that are too little" "$bad" ""
	[ "$tried" -gt 1 ] || fail "$how, $2: $tried of them are too little"
}
overlay_try
for i in plain layers objects bundle_objects bundle_layers; do
	[ "$unpack_overlay$i" != nobundle_layers ] || continue
	full "$i" size 4096 1 17
	full "$i" nr_inodes 1 2 9
done
[ ! "${FULL_STEP-}" ] || diag "$(sort said.* | uniq -c)"
done_testing
