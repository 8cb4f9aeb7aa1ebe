#!/bin/sh
# SPDX-License-Identifier: ISC
# A whole distribution, by three ways to the same tree.
. "${0%/*}/lib.sh"
need docker-registry umoci curl jq python3
need_root
debian_image

pipe() {
	sh -euc "$1"
}

registry_start
"$top/t/pushimage" "$debian:debian" "$registry/debian:12"

ok "200 MB become a layout" \
	pipe "oci-fetch $registry/debian:12 | oci-layout-write layout:12"
ok "which is unpacked" oci-unpack layout:12 ours
ok "umoci unpacks it" umoci raw unpack --image layout:12 theirs
"$top/t/tree" ours >ours.txt
"$top/t/tree" theirs >theirs.txt
is "all files are there" "$(($(wc -l <ours.txt) > 5000))" 1
ok "to the same tree: types, modes, owners, sizes, times, links, contents" \
	diff theirs.txt ours.txt
rm -rf theirs ours
ok "the stream is unpacked on its way" \
	pipe "oci-fetch $registry/debian:12 | oci-unpack - direct"
"$top/t/tree" direct >direct.txt
ok "to the same tree" diff theirs.txt direct.txt
rm -rf direct

oci-fetch "$registry/debian:12" | sha256sum >first
oci-fetch -j 1 "$registry/debian:12" | sha256sum >second
ok "each fetch gives the same bytes" cmp first second

done_testing
