#!/bin/sh
# SPDX-License-Identifier: ISC
# What a reader may count on everywhere in the tree: the format of the code,
# manuals, help texts, scripts without known faults.
. "${0%/*}/lib.sh"
need clang-format shellcheck mandoc groff

cd "$top" || exit 1

# Others lay out some expressions in another way.
case $(clang-format --version) in
*' version 14.'*)
	clang-format --dry-run --Werror ./*/*.[ch] ./*/*/*.[ch] 2>&1 |
		sed -n 's/: error:.*//p' | sort -u >"$tmp/bad"
	is "the code is as clang-format has it" "$(cat "$tmp/bad")" ""
	;;
*)
	skip 1 "not clang-format 14"
	;;
esac

for f in */*.[ch] */*/*.[ch]; do
	sed 3q "$f" | head -c 300 | tr '\n' ' ' |
		grep -q '^/\* SPDX-License-Identifier: ISC \*/ /\*' || echo "$f"
done >"$tmp/bad"
is "each file says its licence and what it is" "$(cat "$tmp/bad")" ""

# Scripts: what begins with #! and sh, and the libraries of t/.
scripts=$(grep -lE '^#!/bin/(ba)?sh' .ci/run t/* t/*/* 2>/dev/null)
# A script that has passed is passed over until it, or what judges it, changes:
# to judge takes longer than all else in here.
passed=$top/.build/shellcheck
judge=$({
	shellcheck --version
	cat .shellcheckrc
} | sha256sum | cut -c 1-16)
# shellcheck disable=SC2086
sha256sum $scripts t/*.sh | sed "s/^/$judge /" | sort >"$tmp/now"
sort -u "$passed" 2>/dev/null | comm -13 - "$tmp/now" >"$tmp/new"
# shellcheck disable=SC2046
if [ -s "$tmp/new" ]; then
	ok "the scripts pass shellcheck" \
		shellcheck $(sed 's/.*  //' "$tmp/new")
	[ "$status" != 0 ] || [ ! -d .build ] || cat "$tmp/new" >>"$passed"
else
	pass "the scripts have passed shellcheck"
fi

for f in */*.[157]; do
	mandoc -Tlint -W warning "$f"
done >"$tmp/bad"
is "the manuals pass mandoc's lint" "$(cat "$tmp/bad")" ""
for f in */*.[157]; do
	groff -Tutf8 -ww -b -mandoc "$f" >/dev/null
done 2>"$tmp/bad"
is "and groff's warnings" "$(cat "$tmp/bad")" ""

# rendered FILE: as it is read, each paragraph in one line.
rendered() {
	mandoc -Tascii -Owidth=1000 "$1" | sed "s/.$(printf '\b')//g"
}

# What is to be typed reads as it was written: to the macros a lone dot is
# punctuation, which goes without its space.
for f in */*.[157]; do
	rendered "$f" | sed 's/^ *//' >"$tmp/rendered"
	awk '/^\.Ed/ { literal = 0 }
		sub(/^\.Dl /, "") || literal && !/^\./ {
			gsub(/\\&/, ""); gsub(/\\e/, "\\"); print }
		/^\.Bd -literal/ { literal = 1 }' "$f" |
		sed 's/^[ \t]*//; /\t/d' | grep -vxFf "$tmp/rendered" |
		sed "s,^,$f: ,"
done >"$tmp/bad"
is "examples read as they were written" "$(cat "$tmp/bad")" ""

# tagged: of each line such as "-f, --format WORD, --as[=WORD]" the options, with
# their letters, and "=" or "[=]" where they take a word or may.
tagged() {
	sed 's/^ *//; s/  .*//' | awk '{
		letter = ""
		for (i = 1; i <= NF; i++)
			if (match($i, /^--[a-z-]+/)) {
				rest = substr($i, RLENGTH + 1)
				print letter substr($i, 1, RLENGTH) \
					(rest ~ /^\[/ ? "[=]" : rest ~ /^=/ ||
					rest == "" && i < NF &&
					$(i + 1) !~ /^-/ ? "=" : "")
				letter = ""
			} else if ($i ~ /^-[a-zA-Z],?$/)
				letter = substr($i, 1, 2)
	}' | sort
}

# Nobody who types an example can send a signal to process 0 or to his own
# group: a state without a pid, or an empty file, must lead to no kill at all.
grep -nE '(^|[;&|(]|xargs )[[:blank:]]*kill ([^|]* )?[$`]|xargs kill' \
	-- README */*.[157] >"$tmp/bad"
is "no example kills what it can't name" "$(cat "$tmp/bad")" ""

# A manual that is referred to is there, and oci(7) is by all others.
for f in */*.[157]; do
	grep -q '^\.Xr oci 7' "$f" || [ "$f" = lib/oci.7 ] || echo "$f: no oci 7"
	sed -n 's/^\.Xr \(oci[a-z-]*\) \([157]\).*/\1.\2/p' "$f" |
		while read -r other; do
			ls ./*/"$other" >/dev/null 2>&1 || echo "$f: $other"
		done
done >"$tmp/bad"
is "manuals know one another" "$(cat "$tmp/bad")" ""

for program in "$B"/bin/oci-*; do
	[ -x "$program" ] || continue
	name=${program##*/}
	set -- */"$name.1"
	ok "$name has a manual" test -f "$1"
	ok "$name --help" "$program" --help
	is "begins with how it is used" "$(head -c $((7 + ${#name})) "$out")" \
		"Usage: $name"
	is "fits into 80 columns" "$(grep -E '.{81}' "$out")" ""
	grep -E '^  (-.,|   ) --' "$out" | tagged >"$tmp/help"
	rendered "$1" |
		grep '^     -' | tagged >"$tmp/manual"
	is "$1 has the options of --help, and no others" \
		"$(grep -x -e '-V--version' "$tmp/help"
			comm -3 "$tmp/help" "$tmp/manual")" -V--version
	help=$("$program" --help)
	ok "$name -h" "$program" -h
	is "is the same" "$(cat "$out")" "$help"
	for version in --version -V; do
		ok "$name $version" "$program" $version
		printed "prints its version" "^$name (version )?[0-9]+\.[0-9]+\.[0-9]+"
	done
	exits 2 "$name: an unknown option" "$program" --no-such-option
	said "$name says so" "$name: .*no-such-option"
	if [ -c /dev/full ]; then
		"$program" --help >/dev/full 2>"$err" && echo 0 >"$out"
		said "$name --help notices a full disk" "^$name: "
	fi
done

done_testing
