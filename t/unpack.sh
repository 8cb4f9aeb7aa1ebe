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
}

refuses() {
	unpack_name=$1
	shift
	unpack_clean
	image "$@"
	run oci-unpack img r
	if [ "$status" = 1 ] && [ -s "$err" ] && nothing_left; then
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
