#!/bin/sh
# SPDX-License-Identifier: ISC
# The completion that each program prints, in bash, and where it is installed.
. "${0%/*}/lib.sh"
need bash

mkdir dir
: >file

# completes WANTED WORD...: what the last word could become, as bash asks it:
# at '=' it parts words.
cat >ask <<'EOF'
source "./$1" || exit
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
"$(complete -p "$1" | sed 's/.*-F \([^ ]*\).*/\1/')" "$1" "${!#}" x
printf '%s\n' "${COMPREPLY[@]}" | sort | tr '\n' ' '
EOF
completes() {
	completes_wanted=$1
	shift
	run bash ask "$@"
	is "$*: $completes_wanted" "$(cat "$err")$(sed 's/ $//' "$out")" \
		"$completes_wanted"
}

for program in "$B"/bin/oci-*; do
	name=${program##*/}
	[ "$name" != oci-init ] || continue # nobody types it
	"$program" --completion >"$name" || bail "$name --completion"
	ok "$name: bash can read it" bash -n "$name"
	completes "--help" "$name" --hel
	completes "--version" "$name" --vers
done

completes "--platform --progress" oci-unpack --p
completes "json table" oci-ps --format ""
completes "json" oci-ps -f j
completes "table" oci-ps --format = t
completes "json table" oci-ps --format =
completes "" oci-ps --format x
completes "auto no ranges single" oci-unpack --rootless =
completes "single" oci-unpack --rootless = s
completes "file" oci-unpack --rootless f
completes "ask dir file oci-create oci-delete oci-fetch oci-kill \
oci-layout-write oci-mkbundle oci-ps oci-run oci-start oci-unpack" \
	oci-fetch --authfile ""
completes "file" oci-fetch --authfile = f
completes "dir" oci-ps --root ""
completes "" oci-ps --root f
completes "" oci-fetch --jobs ""
completes "" oci-fetch -j ""
completes "dir" oci-unpack -q d
completes "file" oci-mkbundle --seccomp f
completes "" oci-mkbundle img bundle -- sh --p
completes "file" oci-mkbundle img bundle -- --platform f
: >"two words"
completes "two words" oci-unpack two

ok "make install" make -s -C "$top" MAKEFLAGS= B="$B" DESTDIR="$tmp/root" \
	PREFIX=/usr install
for program in "$B"/bin/oci-*; do
	name=${program##*/}
	[ "$name" != oci-init ] || continue
	ok "$name's is installed" cmp "$name" \
		"root/usr/share/bash-completion/completions/$name"
done
mkdir -p b/bin
for program in "$B"/bin/oci-*; do
	ln -s /bin/false "b/bin/${program##*/}"
done
# Of another architecture, as it were; nothing is made anew.
ok "make install of programs that don't run" make -s -C "$top" MAKEFLAGS= \
	B="$tmp/b" DESTDIR="$tmp/other" PREFIX=/usr -o all install
printed "says so" "oci-ps doesn't run here"
is "and installs no completion" \
	"$(ls other/usr/share/bash-completion/completions)" ""
ok "but the programs" test -x other/usr/bin/oci-ps

done_testing
