#!/bin/sh
# SPDX-License-Identifier: ISC
# Each fuzz target stands its seeds, and what it has stumbled over before.
. "${0%/*}/lib.sh"

set -- "$B"/fuzz/*
ok "there are targets" test -x "$1"
for target; do
	name=${target##*/}
	ok "$name" "$target" "$top/t/fuzz/$name"
	is "$name was given all of its seeds" "$(cat "$out")" \
		"$(find "$top/t/fuzz/$name" -type f | wc -l)"
done
for seeds in "$top"/t/fuzz/*/; do
	name=$(basename "$seeds")
	ok "$name is a target" test -x "$B/fuzz/$name"
done

# What is written for others is read by them.
mkdir kept
ok "what tarwrite writes" env FUZZ_KEEP=kept "$B/fuzz/tarwrite" \
	"$top/t/fuzz/tarwrite"
for archive in kept/*.tar; do
	ok "tar reads $archive" tar -tvf "$archive"
	is "  without a word" "$(cat "$err")" ""
done
done_testing
