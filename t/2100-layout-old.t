#!/bin/sh
# SPDX-License-Identifier: ISC
# Layouts of image-spec 0.3, with refs/ and blobs/sha256-DIGITS: they are read,
# and oci-layout-write upgrades them, or keeps them as they are.
. "${0%/*}/lib.sh"
need jq skopeo umoci

mkdir l1 l2
echo one >l1/a
echo two >l2/b
"$top/t/mkimage" --cmd sh new:v1 l1 >/dev/null
"$top/t/mkimage" --cmd sh src:v2 l1 l2 >/dev/null
tar -C src -cf src.tar .
old_make() {
	rm -rf old && mkdir -p old/blobs old/refs
	for f in new/blobs/sha256/*; do
		cp "$f" "old/blobs/sha256-${f##*/}"
	done
	jq -c '.manifests[0] | del(.annotations, .platform)' new/index.json \
		>old/refs/v1
	[ ! "${1-}" ] || echo '{"imageLayoutVersion":"0.3.0"}' >old/oci-layout
}
names() { # of blobs, flat or not
	(cd old/blobs && find . -type f | sed 's/^..//; s/[0-9a-f]\{64\}/X/' |
		sort | uniq -c | xargs)
}

for version in '' 0.3; do
	old_make $version
	ok "it is listed" oci-layout-ls old
	is "as what it is" "$(jq -c '[.name, .missing,
		.manifests[0].platform]' "$out")" '["v1",0,"linux/amd64"]'
	ok "it is whole" oci-layout-check old
	ok "it is unpacked" oci-unpack --rootless old:v1 r
	is "to the same files" "$(ls r)" a
	rm -r r
	ok "garbage" sh -c "echo x >old/blobs/sha256-$(echo x | sha256sum |
		cut -d' ' -f1) && oci-layout-gc --age=0 old"
	is "goes, and no more" "$(names)" "3 sha256-X"
	ok "an image is added" sh -c "oci-layout-write old <src.tar"
	is "all has today's names" "$(names)" "6 sha256/X"
	is "both are there" "$(oci-layout-ls old | jq -r .name | xargs)" "v1 v2"
	ok "and whole" oci-layout-check old
	ok "for skopeo" skopeo copy -q oci:old:v1 oci:s:v1
	is "for umoci" "$(umoci ls --layout old | sort | xargs)" "v1 v2"

	old_make $version
	ok "with --refs" sh -c "oci-layout-write --refs old <src.tar"
	is "it has both names" "$(names)" "6 sha256-X 6 sha256/X"
	is "of the same files" "$(cat old/blobs/sha256-* | sha256sum)" \
		"$(cat old/blobs/sha256/* | sha256sum)"
	is "and both refs" "$(cd old && echo refs/*)" "refs/v1 refs/v2"
	ok "and is whole" oci-layout-check old
	ok "a collection" oci-layout-gc --age=0 old
	is "leaves both" "$(names)" "6 sha256-X 6 sha256/X"
	for first in sha256 'sha256-*'; do
		# shellcheck disable=SC2086 # a pattern; the others are links
		(cd old && tar -cf ../both.tar oci-layout index.json \
			blobs/$first blobs)
		rm -rf both
		ok "an archive of it, with $first first" \
			sh -c "oci-layout-write both <both.tar"
		ok "is whole" oci-layout-check both
	done
	ok "damage in one" sh -c "echo x >>old/blobs/sha256-$(jq -r \
		'.digest[7:]' old/refs/v1)"
	exits 1 "is found" oci-layout-check old
	ok "an old layout gets a name" oci-layout-tag old v2 v3
done
done_testing
