#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-unpack and oci-flatten: --include and --exclude, and what may be taken.
. "${0%/*}/lib.sh"
. "$top/t/unpack.sh"

layer base <<'E'
dir etc mode=750 mtime=100
dir etc/ssl mode=700 mtime=200
file etc/ssl/cert cert
file etc/passwd root
dir usr
dir usr/lib
file usr/lib/a.so a
file usr/lib/a.h h
dir usr/lib/sub
file usr/lib/sub/b.so b
symlink lib usr/lib
file lib/through.so t
file top top
file usrlib x
dir empty
E
layer upper <<'E'
file etc/.wh.passwd
file lib/new.so new
file etc/new new
E
image base.tar upper.tar

# keeps WANTED OPTION...: all three programs keep these files, and no others;
# directories have a '/'.
keeps() {
	keeps_wanted=$1
	shift
	unpack_clean
	ok "$*" oci-unpack "$@" img r
	is "has it" "$(cd r && find . -mindepth 1 \( -type d -printf '%P/ ' \
		-o -printf '%P ' \) | tr ' ' '\n' | sort | xargs)" \
		"$keeps_wanted"
	is "so has the archive" "$(oci-flatten "$@" img | tar -tf - |
		sed '/^\.\/$/d' | sort | xargs)" "$keeps_wanted"
	oci-unpack --list "$@" img >list || fail "--list $*"
}

# lists_paths NAME WANTED OPTION...
lists_paths() {
	lists_name=$1 lists_wanted=$2
	shift 2
	is "$lists_name" "$(oci-unpack --list "$@" img |
		sed -n 's/.*"type":"\([a-z]*\)","path":"\([^"]*\)".*/\1 \2/p' |
		xargs)" "$lists_wanted"
}
lists_paths "the list has what is wanted, and what hides that" \
	"directory etc file etc/passwd whiteout etc/passwd" \
	--include etc/passwd
lists_paths "where it goes" "directory usr directory usr/lib \
file usr/lib/through.so file usr/lib/new.so" \
	--include 'usr/lib/t*.so' --include 'usr/lib/new.so'

keeps "etc/ etc/new etc/ssl/ etc/ssl/cert" --include etc
keeps "etc/ etc/new etc/ssl/ etc/ssl/cert" --include=/etc/
keeps "etc/ etc/ssl/ etc/ssl/cert" --include etc/ssl/cert
is "directories on the way are the image's" \
	"$(cd r && stat -c '%n %a %Y' etc etc/ssl)" "etc 750 100
etc/ssl 700 200"
keeps "usr/ usr/lib/ usr/lib/a.so usr/lib/new.so usr/lib/through.so" \
	--include 'usr/lib/*.so'
keeps "etc/ etc/new etc/ssl/ etc/ssl/cert top" --include etc --include top
keeps "etc/ etc/new" --include etc --exclude etc/ssl
keeps "etc/ etc/ssl/ etc/ssl/cert" --include '**/cert' --exclude usr \
	--exclude empty
keeps "usr/ usr/lib/ usr/lib/a.so usr/lib/new.so usr/lib/sub/ \
usr/lib/sub/b.so usr/lib/through.so" --include 'usr/**/*.so'
keeps "usr/ usr/lib/ usr/lib/sub/ usr/lib/sub/b.so" \
	--include 'usr/**/sub/b.s?'
keeps "etc/ etc/new etc/ssl/ etc/ssl/cert lib usrlib" \
	--exclude usr --exclude '[et][om]p*' --exclude '*/*.so'
keeps "" --exclude '*'
keeps "top" --include 'top' --exclude 'to?/x'
unpack_clean

# The tree without patterns isn't another.
ok "all of it" oci-unpack --include '**' img r
"$top/t/tree" r >all.tree
unpack_clean
oci-unpack img r
is "is all of it" "$("$top/t/tree" r | diff all.tree -)" ""
unpack_clean

# Layers over layers: what is left out still hides what is wanted.
layer dir <<'E'
dir d
file d/wanted w
E
layer file <<'E'
file d 'a file now'
E
image dir.tar file.tar
keeps "" --include d/wanted
layer again <<'E'
dir d
file d/other o
E
image dir.tar file.tar again.tar
keeps "d/" --include d/wanted
layer link <<'E'
symlink d /elsewhere
E
image dir.tar link.tar
keeps "" --include d/wanted

# A directory that no entry speaks of takes a lower file's place, and nothing
# in it is wanted.
layer was <<'E'
file a/b was a file
file a/c x
E
layer now <<'E'
file a/b/out x
E
image was.tar now.tar
keeps "a/ a/c" --exclude a/b/out

# Hard links.
layer links <<'E'
file a/file x
link a/link a/file
link b/link a/file
E
image links.tar
keeps "a/ a/file a/link" --include a
layer itself <<'E'
symlink a /c/..
file a/file x
link a/c c
E
image itself.tar
keeps "a c/ file" --exclude nothing
layer above <<'E'
dir a/a
link a a
E
image above.tar
keeps "a/ a/a/" --include '*/*'
unpack_clean
image links.tar
for program in 'oci-unpack' 'oci-unpack --list' oci-flatten; do
	case $program in
	oci-unpack) rootfs=r ;;
	*) rootfs= ;;
	esac
	# shellcheck disable=SC2086
	fails "$program, a link to what is left out" \
		sh -c "$program --include b img $rootfs | cat >copy
			exec $program --include b img $rootfs >copy"
	said "says which" 'b/link: .*a/file.* left out'
done
ok "nothing is left" nothing_left

# What isn't a pattern.
for bad in '' / . .. a/../b "$(printf 'a/%.0s' $(seq 64))"; do
	exits 2 "--include='$bad'" oci-unpack --include="$bad" img r
	exits 2 "--exclude='$bad'" oci-flatten --exclude="$bad" img
done
image base.tar
keeps "etc/ etc/passwd" --include "etc/passwd/$(printf '**/%.0s' $(seq 20))"

# A pattern of many "**" takes no time.
deep=$(printf 'a/%.0s' $(seq 1000))
echo "file ${deep}b x" | layer deep
image deep.tar
ok "many ** and a deep tree" timeout 20 oci-unpack --list \
	--include "$(printf '**/a/%.0s' $(seq 30))c" img

# What may be taken is that of all entries.
layer big <<'E'
file a size=600000
file b size=600000
E
image big.tar
unpack_clean
fails "two files are more than --max-size" oci-unpack --max-size=1M img r
fails "also if one is left out" oci-unpack --max-size=1M --include a img r
fails "two entries where one may be" oci-unpack --max-files=1 img r
said "is said" 'too many entries.*--max-files'
fails "in an archive" sh -c 'oci-flatten --max-files=1 img >archive.tar'
ok "two are two" oci-unpack --max-files=2 img r
unpack_clean
exits 2 "--max-files=x" oci-unpack --max-files=x img r
done_testing
