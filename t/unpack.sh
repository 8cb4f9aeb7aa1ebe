# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2034,SC2154
# What the tests of oci-unpack share.
need python3

# layer NAME <<E: a layer of the entries on standard input (see t/mklayer).
layer() {
	"$top/t/mklayer" "$1.tar" || bail "mklayer: $1"
}

# image LAYER...: the layout img of the layers NAME.tar.
image() {
	rm -rf img
	"$top/t/mkimage" img "$@" >"$out" 2>"$err" ||
		bail "mkimage: $(cat "$err")"
}

# unpacks NAME LAYER..., refuses NAME LAYER...: the image of these layers, to
# r.  What is refused leaves nothing there.
unpacks() {
	unpack_name=$1
	shift
	unpack_clean
	image "$@"
	ok "$unpack_name" oci-unpack img r
	cp "$out" unpack.out && cp "$err" unpack.err
	flattens "$unpack_name"
	overlays "$unpack_name"
	shares "$unpack_name"
	mv unpack.out "$out" && mv unpack.err "$err"
}

# flattens NAME: oci-flatten's archive of img is the tree r, and oci-unpack
# --list takes it, too.
flattens() {
	unpack_got=$(oci-unpack --list img 2>&1 >/dev/null) ||
		unpack_got="oci-unpack --list: $unpack_got"
	[ "$(id -u)" = 0 ] || return 0
	rm -rf flat flat.tar && mkdir flat
	if oci-flatten img >flat.tar 2>flat.err && tar -C flat --xattrs \
		--xattrs-include='*' --numeric-owner -xpf flat.tar 2>>flat.err
	then
		"$top/t/tree" r >r.tree && "$top/t/tree" flat >flat.tree
		unpack_got=$(diff r.tree flat.tree | cut -c1-200 | head)
	else
		unpack_got="oci-flatten: $(head -n 3 flat.err)"
	fi
	is "$1: as one archive" "$unpack_got" ""
	rm -rf flat flat.tar flat.err r.tree flat.tree
}

# overlays NAME: an overlay mount of img's layers is the tree r.  It tells how
# many names a file has only by its lower layers, hidden ones, too.
overlays() {
	[ "$(id -u)" = 0 ] || return 0
	[ "${unpack_overlay-}" ] || overlay_try
	[ "$unpack_overlay" = yes ] || return 0
	rm -rf shared && mkdir -p overlaid/at
	if oci-unpack --layers shared img >overlaid/names 2>overlaid/err &&
		unshare -m "$top/t/overlay" shared overlaid/names overlaid/at \
			"$top/t/tree" . >overlaid/got 2>>overlaid/err
	then
		"$top/t/tree" r >overlaid/want
		unpack_got=$(sed -i 's/ n[0-9]*//' overlaid/got overlaid/want
			diff overlaid/want overlaid/got | cut -c1-200 | head)
	else
		unpack_got="--layers: $(head -n 3 overlaid/err)"
	fi
	is "$1: as layers" "$unpack_got" ""
	rm -rf shared overlaid
}

# shares NAME: a second tree of files that are shared is the tree r, but that
# they may be links of each other.
shares() {
	[ "$(id -u)" = 0 ] || return 0
	mkdir shares
	if oci-unpack --objects shares/o img shares/1 2>shares/err &&
		oci-unpack --objects shares/o img shares/2 2>>shares/err
	then
		"$top/t/tree" r >shares/want
		"$top/t/tree" shares/2 >shares/got
		sed -i 's/ =[^ ]* n[0-9]*//
			s/ user.oci-unpack.shared=[0-9a-f]*//' \
			shares/want shares/got
		unpack_got=$(grep "its .* has changed" shares/err
			diff shares/want shares/got | cut -c1-200 | head)
	else
		unpack_got="--objects: $(head -n 3 shares/err)"
	fi
	is "$1: with shared files" "$unpack_got" ""
	chmod -R u+rwX shares/1 shares/2 2>/dev/null
	rm -rf shares
}

# Whether there are overlay mounts here, of directories of this file system.
overlay_try() {
	mkdir -p overlaid/at overlaid/shared/one
	echo one >overlaid/names
	unpack_overlay=no
	mknod overlaid/shared/white c 0 0 &&
		unshare -m "$top/t/overlay" overlaid/shared overlaid/names \
			overlaid/at true &&
		unpack_overlay=yes
	rm -rf overlaid
	[ "$unpack_overlay" = yes ] || diag "no overlay mounts here"
} 2>/dev/null

refuses() {
	unpack_name=$1
	shift
	unpack_clean
	image "$@"
	oci-flatten img >flat.tar 2>/dev/null
	unpack_flat=$?
	rm -f flat.tar
	oci-unpack --list img >/dev/null 2>&1
	unpack_flat="$unpack_flat $?"
	run oci-unpack img r
	if [ "$unpack_flat" != "1 1" ]; then
		fail "$unpack_name" "oci-flatten, --list: status $unpack_flat"
	elif [ "$status" = 1 ] && [ -s "$err" ] && nothing_left; then
		pass "$unpack_name"
	else
		fail "$unpack_name" "status $status, $(cat "$err")
$(ls -A)"
	fi
}

unpack_clean() {
	chmod -R u+rwX r 2>/dev/null
	rm -rf r
}

# Neither r nor a temporary directory of it.
nothing_left() {
	[ ! -e r ] && [ ! -L r ] && [ -z "$(find . -maxdepth 1 -name '.r.*')" ]
}

# has NAME FORMAT PATH WANTED: stat's word on a path below r.
has() {
	is "$1" "$(stat -c "$2" "r/$3" 2>&1)" "$4"
}

# lists NAME PATH WANTED: the names in a directory below r.
lists() {
	is "$1" "$(cd "r/$2" 2>&1 && find . -mindepth 1 | sort | tr '\n' ' ')" \
		"$3"
}

# members [EXPRESSION]: the names of the members of img as a stream has them, or
# with these of its layers.
members() {
	python3 - "${1-layers}" <<'E'
import json, sys
def path(d):
    return "blobs/" + d["digest"].replace(":", "/")
manifest = path(json.load(open("img/index.json"))["manifests"][0])
m = json.load(open("img/" + manifest))
layers = [path(l) for l in m["layers"]]
print("oci-layout index.json", manifest, path(m["config"]),
      *eval(sys.argv[1]))
E
}
