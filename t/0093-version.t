#!/bin/sh
# SPDX-License-Identifier: ISC
# -V, --version: the version, the commit where it is known, the libraries that a
# program runs with; and what a build has to do for that, and no more.
. "${0%/*}/lib.sh"
need git gcc

decompresses() {
	[ "$1" = oci-unpack ] || [ "$1" = oci-flatten ]
}

for program in "$B"/bin/oci-*; do
	name=${program##*/}
	"$program" -V >said || bail "$name --version"
	ok "$name says its version first" \
		grep -Eqx "$name [0-9.]+( \([A-Za-z0-9._+-]+\))?" said
	# Of the libraries that it is linked with, but libc and libcurl's.
	ldd "$program" 2>/dev/null | while read -r library _; do
		case $library in
		libcurl*) echo libcurl ;;
		libcjson*) echo cJSON ;;
		libmbed*) echo mbedtls ;;
		libtar*) echo libtar ;;
		libzstd*) ! decompresses "$name" || echo libzstd ;;
		libisal*) ! decompresses "$name" || echo isa-l ;;
		libz.*) ! decompresses "$name" || echo zlib ;;
		esac
	done >linked
	# These are in the program.
	case $name in
	oci-run | oci-create | oci-exec | oci-runtime)
		printf 'libseccomp\nlibcap\n' >>linked ;;
	oci-start | oci-kill | oci-pause | oci-resume | oci-update | oci-delete)
		echo libcap >>linked ;;
	esac
	while read -r library; do
		grep -Eq "(^| )$library/[0-9]+\.[0-9.]+" said ||
			echo "$library"
	done <linked >unsaid
	is "$name names its libraries" "$(cat unsaid)" ""
done

# The least of the sources of which a program can be built.
mkdir source
cp -R "$top/GNUmakefile" "$top/lib" "$top/run" source/
unset GIT_DIR GIT_WORK_TREE COMMIT MAKEFLAGS SANITIZE STATIC LIBTAR ISAL
cd source || exit 1
build() {
	make V=1 CFLAGS=-O0 "$@" .build/bin/oci-init >made 2>made.err
}
version() {
	.build/bin/oci-init --version | sed 's/^oci-init [0-9.]*//'
}
commit() {
	git add lib run GNUmakefile && git -c user.name=a -c user.email=a@b \
		commit -qm x --allow-empty
}

ok "a build of an archive" build
is "knows no commit" "$(version)" ""
build
is "and has nothing to do again" "$(grep -c -- ' -o ' made)" 0
git init -q . || bail "git init"
commit || bail "git commit"
ok "in a repository" build
is "it is known" "$(version)" \
	" ($(git rev-parse --short=12 HEAD))"
is "two files are made for that" "$(grep -c -- ' -o ' made)" 2
build
is "once" "$(grep -c -- ' -o ' made)" 0
cp .build/bin/oci-init first
rm -r .build
build
ok "the same bytes are made of the same sources" \
	cmp first .build/bin/oci-init
echo '/* changed */' >>run/oci-init.c
build
is "what isn't committed is told" "$(version)" \
	" ($(git rev-parse --short=12 HEAD)-dirty)"
commit
git -c user.name=a -c user.email=a@b tag -am x v0.1.0
build
is "a tag is the commit's name" "$(version)" " (v0.1.0)"
mv .git ../elsewhere
build
is "where it isn't known any more it stays" \
	"$(version)$(grep -c -- ' -o ' made)" " (v0.1.0)0"
rm -r .build
(cd .. && git init -q .) && build
is "another repository around this one has another's commits" "$(version)" ""
rm -r .build
build COMMIT=package-1
is "who builds a package can say it" "$(version)" " (package-1)"
done_testing
