#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-unpack, --layers, --list and oci-flatten: what they make of random layers
# is what a model makes that knows only the rules, see t/random/compare.
. "${0%/*}/lib.sh"
. "$top/t/unpack.sh"
need python3 zstd unshare
need_root
overlay_try
[ "$unpack_overlay" = yes ] || skip_all "no overlay mounts here"

# More: cd /tmp && t/random/compare $(seq 100 200)
ok "random layers" "$top/t/random/compare" 1 2 5 8 11 12 50
is "all of them" "$(cat "$out")" ""
done_testing
