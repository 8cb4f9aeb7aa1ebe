#!/bin/sh
# SPDX-License-Identifier: ISC
# The completions that each program prints, in bash and zsh, and where it is installed.
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
completes "array json table" oci-ps --format ""
completes "json" oci-ps -f j
completes "table" oci-ps --format = t
completes "array json table" oci-ps --format =
completes "" oci-ps --format x
completes "auto no ranges single" oci-unpack --rootless =
completes "single" oci-unpack --rootless = s
completes "file" oci-unpack --rootless f
completes "ask dir file $(echo oci-* | sed "s/ *oci-init//")" \
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

# The same of zsh, which loads the functions by itself.  It completes only in
# its line editor, so that is given a terminal, and compadd tells what it gets.
cat >askzsh <<'EOF'
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z '
	PS1= fpath=('$1' $fpath)
	autoload -U compinit && compinit -u -D
	compadd() {
		local -a hits
		if [[ ${@[1,(i)(-|--)]} != *-(O|A|D)\ * ]]; then
			builtin compadd -O hits "$@"
			print -rl -- $hits >>'$2'
		fi
		builtin compadd "$@"
	}
	told() { zle .kill-whole-line; print >'$2'.end }
	zle -N told
	bindkey "^I" complete-word "^T" told
	: >'$2'.begin'
until [[ -e $2.begin ]]; do sleep 0.05; done
zpty -w -n z "$3"$'\t\C-t'
repeat 400; do [[ ! -e $2.end ]] || break; sleep 0.05; done
zpty -d z
EOF
completes_zsh() { # WANTED LINE
	rm -f hits*
	: >hits
	run timeout 60 zsh -f askzsh "$PWD/zsh" "$PWD/hits" "$2"
	is "zsh: $2: $1" "$(cat "$err")$(sort -u hits | tr '\n' ' ' |
		sed 's/^ *//; s/ *$//')" "$1"
}
if command -v zsh >/dev/null; then
	mkdir zsh
	for program in "$B"/bin/oci-*; do
		name=${program##*/}
		[ "$name" != oci-init ] || continue
		"$program" --completion=zsh >"zsh/_$name" ||
			bail "$name --completion=zsh"
		ok "$name: zsh can read it" zsh -n "zsh/_$name"
		completes_zsh "--help" "$name --hel"
	done
	completes_zsh "--platform --progress" "oci-unpack --p"
	completes_zsh "array json table" "oci-ps --format "
	completes_zsh "json" "oci-ps --format=j"
	completes_zsh "table" "oci-ps -f t"
	completes_zsh "auto no ranges single" "oci-unpack --rootless="
	completes_zsh "dir" "oci-ps --root di"
	completes_zsh "file" "oci-mkbundle --seccomp fi"
	completes_zsh "" "oci-mkbundle img bundle -- sh --p"
	completes_zsh "file" "oci-mkbundle img bundle -- sh fi"
else
	[ ! "${CI-}" ] || bail "zsh is missing, see t/packages"
	skip 1 "no zsh here"
fi

ok "make install" make -s -C "$top" MAKEFLAGS= B="$B" DESTDIR="$tmp/root" \
	PREFIX=/usr install
for program in "$B"/bin/oci-*; do
	name=${program##*/}
	[ "$name" != oci-init ] || continue
	ok "$name's is installed" cmp "$name" \
		"root/usr/share/bash-completion/completions/$name"
	"$program" --completion=zsh >"_$name"
	ok "and for zsh" cmp "_$name" "root/usr/share/zsh/site-functions/_$name"
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
	"$(ls other/usr/share/bash-completion/completions \
		other/usr/share/zsh/site-functions)" \
	"other/usr/share/bash-completion/completions:

other/usr/share/zsh/site-functions:"
ok "but the programs" test -x other/usr/bin/oci-ps

done_testing
