#!/bin/sh
# SPDX-License-Identifier: ISC
# make help has a line for each target that there is, and no other.
. "${0%/*}/lib.sh"
need make

unset MAKEFLAGS
cd "$top" || exit 1
ok "make help" make -s help
sed -n 's/^make \([^ ]*\)  *[^ ].*/\1/p' "$out" | sort >"$tmp/told"
is "a line is no longer than a terminal's" \
	"$(awk 'length > 80' "$out")" ""

# What make itself takes .PHONY for, without what its users never type.
make -npq help 2>/dev/null | sed -n 's/^\.PHONY://p' | tr ' ' '\n' |
	grep -Ev '^(|FORCE|compiled|.*\.alone)$' | sort >"$tmp/phony"
ok "there are targets" test -s "$tmp/phony"
is "each is told of, and nothing else" \
	"$(diff "$tmp/phony" "$tmp/told")" ""
is "once" "$(uniq -d "$tmp/told")" ""
# .PHONY, too, could lack one: all rules that make nothing of their name.
grep -E '^[a-z0-9 -]+:($| )' GNUmakefile | sed 's/:.*//' | tr ' ' '\n' |
	sort -u | comm -23 - "$tmp/phony" >"$tmp/missing"
is ".PHONY has them all" "$(grep -vx compiled "$tmp/missing")" ""
done_testing
