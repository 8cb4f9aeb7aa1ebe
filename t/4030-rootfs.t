#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-mkbundle runs oci-unpack when there is no rootfs, and takes its word.
. "${0%/*}/lib.sh"
need jq busybox

mkdir empty
busybox_image img:v1 >/dev/null || bail "t/mkimage"
digest=$(jq -r '.manifests[0].digest' img/index.json)

if [ -x "$B/bin/oci-unpack" ]; then
	ok "a bundle with a root file system" oci-mkbundle img:v1 bundle
	ok "which has the image's files" test -x bundle/rootfs/bin/busybox
	is "nobody else can go in" "$(stat -c %a bundle)" 700
	is "there is nothing else" "$(ls -A bundle)" "config.json
rootfs"
	: >bundle/rootfs/mine
	: >bundle/.config.json.1.tmp
	ok "again" oci-mkbundle --read-only img:v1 bundle
	ok "the root file system stays" test -e bundle/rootfs/mine
	is "config.json is another" "$(jq .root.readonly bundle/config.json)" \
		true
	ok "leftovers are gone" test ! -e bundle/.config.json.1.tmp
	"$top/t/mkimage" --cmd id img:v2 empty >/dev/null || bail "t/mkimage"
	cp bundle/config.json before
	fails "another image, the same root file system" \
		oci-mkbundle img:v2 bundle
	said "is told what to do" "remove"
	ok "and nothing has changed" cmp before bundle/config.json
	rm -r bundle/rootfs
	ok "done so" oci-mkbundle img:v2 bundle
	ok "it is the other image's" test ! -e bundle/rootfs/bin

	layer=img/blobs/sha256/$(jq -r '.layers[0].digest[7:]' \
		"img/blobs/sha256/${digest#*:}")
	printf x | dd of="$layer" bs=1 seek=1000 conv=notrunc 2>"$err"
	fails "a layer with another digest" oci-mkbundle img:v1 broken
	ok "no config.json and no rootfs" \
		test ! -e broken/config.json -a ! -e broken/rootfs
else
	skip 15 "no oci-unpack here"
fi

# In place of oci-unpack: what it is called with, and how it may end.
mkdir -p beside path
cp "$B/bin/oci-mkbundle" beside/
cat >beside/oci-unpack <<'E'
#!/bin/sh
printf '%s\n' "$@" >"${0%/*}/called"
case $MODE in
works) mkdir "$4" ;;
fails) echo "oci-unpack: no luck" >&2; exit 1 ;;
usage) exit 2 ;;
killed) kill -9 $$ ;;
esac
E
chmod +x beside/oci-unpack
export MODE
for MODE in fails:1 usage:2 killed:1 nothing:1; do
	wanted=${MODE#*:} MODE=${MODE%:*}
	exits "$wanted" "oci-unpack $MODE" beside/oci-mkbundle img:v2 new
	ok "there is no config.json" test ! -e new/config.json
done
MODE=works
ok "the next run goes on" beside/oci-mkbundle img:v2 new
is "the image is named by its digest" "$(sed 1d beside/called)" "--
img@$(jq -r '.manifests[1].digest' img/index.json)
new/rootfs"
mv beside/oci-unpack path/
rm -r new
ok "one in PATH" env PATH="$tmp/path:$PATH" beside/oci-mkbundle img:v2 new
ok "was called" test -e path/called
rm -r new
fails "none at all" env PATH=/nowhere beside/oci-mkbundle img:v2 new
said "is said" "oci-unpack"
: >file
fails "a bundle that is a file" oci-mkbundle img:v2 file
mkdir odd && : >odd/rootfs
fails "a rootfs that is a file" oci-mkbundle img:v2 odd
ok "a rootfs that somebody else made" sh -c \
	'rm odd/rootfs && mkdir odd/rootfs && oci-mkbundle img:v2 odd'

# Eight at once.
for i in 1 2 3 4 5 6 7 8; do
	oci-mkbundle -e "I=$i" img:v2 odd &
done
wait
ok "config.json is whole after eight at once" jq -e '.process.env |
	any(startswith("I="))' odd/config.json
is "and alone" "$(ls -A odd)" "config.json
rootfs"
done_testing
