#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-mkbundle --replace: by several at once, by an ordinary user, where names
# can't be exchanged, and where a rename fails: the bundle is of one image.
. "${0%/*}/lib.sh"
need jq strace setpriv
need_root
compile without without.c -lseccomp

# The root directories are written to by nobody, as those of some images.
for v in 1 2; do
	mkdir l$v
	echo $v >l$v/which
	mkdir l$v/closed
	chmod 555 l$v l$v/closed
	"$top/t/mkimage" --cmd v$v img:v$v l$v >/dev/null || bail "t/mkimage"
done
chmod 755 "$tmp_base" "$tmp"
chmod -R a+rX img

# of BUNDLE: which image its root file system, its record and its config.json
# are of: "1 1 1" when it is whole.
of() {
	cat "$1/rootfs/which"
	for manifest in "$(jq -r --argjson i "$(stat -c %i "$1/rootfs")" \
		'(select(.replaces.inode == $i) | .replaces.manifest) //
		.manifest' "$1/.rootfs.json")" \
		"$(jq -r '.annotations["oci-mkbundle.manifest"]' \
			"$1/config.json")"; do
		jq -r --arg d "$manifest" '.manifests | to_entries[] |
			select(.value.digest == $d) | .key + 1' img/index.json
	done
}
whole() {
	case $(of "$1" 2>&1 | tr '\n' ' ') in
	"1 1 1 " | "2 2 2 ") true ;;
	*) false ;;
	esac
}
whose() {
	of "$1" 2>&1 | tr '\n' ' '
}
alone() {
	find "$1" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort | tr '\n' ' '
}
all=".rootfs.json config.json rootfs "

# together DIR COMMAND...: eight of them, for both images in turn.
together() {
	together_in=$1
	shift
	for v in 1 2 1 2 1 2 1 2; do
		"$@" oci-mkbundle --replace img:v$v "$together_in/b" \
			2>>"$together_in/eight" || echo failed >>"$together_in/eight" &
	done
	wait
	is "eight at once${1:+ ($1)}: nobody complains" \
		"$(grep -v waiting "$together_in/eight")" ""
	ok "the bundle is of one image" whole "$together_in/b"
	is "and nothing else is there" "$(alone "$together_in/b")" "$all"
	"$@" oci-mkbundle --replace img:v1 "$together_in/b"
	is "another run is content" "$(whose "$together_in/b")" "1 1 1 "
}
mkdir own
together own

# An ordinary user, who may not rename a directory that he can't write to.
mkdir his
chown 65534:65534 his
as_user() {
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}
together his as_user
ok "an ordinary user's, without an exchange" \
	./without renameat2 22 setpriv --reuid=65534 --regid=65534 \
	--clear-groups oci-mkbundle --replace img:v2 his/b
is "is the other image" "$(whose his/b) $(alone his/b)" "2 2 2  $all"

is "with its mode" "$(stat -c %a his/b/rootfs)" 555
mkdir his/there
chown 65534:65534 his/there
ok "his, in a directory that is there" as_user oci-mkbundle img:v1 his/there
is "has its mode, too" "$(stat -c %a his/there/rootfs)" 555

# What file systems and kernels say that can't.
for errno in 22 38 95 1; do
	ok "error $errno of renameat2" \
		./without renameat2 $errno oci-mkbundle --replace img:v2 own/b
	is "is the other image" "$(whose own/b) $(alone own/b)" "2 2 2  $all"
	oci-mkbundle --replace img:v1 own/b
done

# Each rename fails in turn, with an exchange and without: the run says so, and
# the bundle is of one image then, and after the next run.
struck() { # WHAT INJECTION SIGN [COMMAND...]
	what=$1 injection=$2 sign=$3
	shift 3
	for n in $(seq 12); do
		oci-mkbundle --replace img:v1 own/b || fail "img:v1 again"
		run "$@" strace -qq -o trace -e trace=renameat \
			-e "inject=renameat:$injection:when=$n" \
			oci-mkbundle --replace img:v2 own/b
		grep -q "$sign" trace || break
		case $injection in
		error=*)
			[ "$status" = 1 ] || echo "rename $n: status $status"
			whole own/b || echo "rename $n: $(whose own/b)"
			;;
		esac
		oci-mkbundle --replace img:v2 own/b ||
			echo "rename $n: the next run"
		[ "$(whose own/b) $(alone own/b)" = "2 2 2  $all" ] ||
			echo "rename $n: $(whose own/b) $(alone own/b)"
	done >bad 2>&1
	[ "$n" -gt 5 ] || fail "renames were met" "$n"
	is "$what${1:+, without an exchange}" "$(cat bad)" ""
}
struck "a rename that fails" error=EIO INJECTED
struck "a rename that fails" error=EIO INJECTED ./without renameat2 22
# Killed there: the next run makes it whole.
struck "killed at a rename" signal=KILL "killed by SIGKILL"
struck "killed at a rename" signal=KILL "killed by SIGKILL" \
	./without renameat2 22

# After a failure the record is the old image's alone, also in a copy.
oci-mkbundle --replace img:v1 own/b || fail "img:v1 again"
cp own/b/.rootfs.json was
mv own/b/config.json config.json && mkdir own/b/config.json
fails "a config.json that can't be replaced" oci-mkbundle --replace img:v2 own/b
ok "leaves the record as it was" cmp was own/b/.rootfs.json
rmdir own/b/config.json && mv config.json own/b
cp -a own/b copy
fails "another image" oci-mkbundle img:v2 copy
said "is not taken for it" 'use --replace'

# Cut short and copied, nothing tells which of the two it is.
jq -c --arg d "$(jq -r '.manifests[1].digest' img/index.json)" \
	'{manifest: $d, inode: 1, replaces: {manifest: .manifest, inode: 2}}' \
	was >copy/.rootfs.json
for v in 1 2; do
	fails "one of two images, img:v$v" oci-mkbundle img:v$v copy
	said "it is said" 'one of two images'
done
done_testing
