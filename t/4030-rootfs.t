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
	is "there is nothing else" "$(ls -A bundle)" ".rootfs.json
config.json
rootfs"
	is "which image it is of is recorded" "$(jq -r .manifest,.platform \
		bundle/.rootfs.json)" "$digest
$(jq -r '.manifests[0].platform | .os + "/" + .architecture' img/index.json)"
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
	is "leaves nothing" "$(ls -Ad broken .broken* 2>/dev/null)" ""
else
	skip 16 "no oci-unpack here"
fi

# In place of oci-unpack: what it is called with, and how it may end.
mkdir -p beside path
cp "$B/bin/oci-mkbundle" beside/
cat >beside/oci-unpack <<'E'
#!/bin/sh
for path; do :; done # the last one
case " $* " in *" --remove "*) exec rm -r "$path" ;; esac
case $MODE in
slow) trap : TERM ;;
ends) trap 'echo TERM >>"${0%/*}/ended"; exit 1' TERM ;;
esac
printf '%s\n' "$@" >"${0%/*}/called"
case $MODE in
works) mkdir "$path" ;;
ends) for _ in $(seq 200); do sleep 0.05; done ;;
slow) # whoever it was begun by is gone before this is done
	for _ in $(seq 600); do
		[ ! -e go ] || break
		sleep 0.05
	done
	mkdir "$path"
	;;
fails) echo "oci-unpack: no luck" >&2; exit 1 ;;
usage) exit 2 ;;
killed) kill -9 $$ ;;
esac
E
chmod +x beside/oci-unpack
export MODE
until_there() { # FILE: with something in it
	for _ in $(seq 600); do
		[ ! -s "$1" ] || return 0
		sleep 0.05
	done
}
for MODE in fails:1 usage:2 killed:1 nothing:1; do
	wanted=${MODE#*:} MODE=${MODE%:*}
	exits "$wanted" "oci-unpack $MODE" beside/oci-mkbundle img:v2 new
	is "nothing is left" "$(ls -Ad new .new* 2>/dev/null)" ""
done
MODE=works
ok "the next run is another" beside/oci-mkbundle img:v2 new
is "the image is named by its digest" "$(sed 1,2d beside/called)" "--
img@$(jq -r '.manifests[1].digest' img/index.json)
.new.new/rootfs"

# What has unpacked an image and then failed leaves nothing.
rm -r new
fails "a user that the image hasn't" beside/oci-mkbundle -u x img:v2 new
is "is missed in its root file system, which goes" \
	"$(ls -Ad new .new* 2>/dev/null)" ""
ok "the image without" beside/oci-mkbundle img:v2 new
rm new/config.json
fails "config.json is not asked which image it is" \
	beside/oci-mkbundle img:v1 new
said "there is a way out" "from image sha256.*--replace"
rm -rf new beside/called
MODE=slow beside/oci-mkbundle img:v2 new 2>killed &
killed=$!
until_there beside/called
kill -9 $killed
wait $killed
beside/oci-mkbundle img:v1 new 2>waiting &
waiting=$!
until_there waiting
: >go
wait $waiting
is "the rest of one that was killed is cleaned up" $? 0
ok "whose oci-unpack was waited for" grep -q "waiting for another" waiting
is "and it is the other image's" "$(jq -r .manifest new/.rootfs.json)" \
	"$digest"
rm -rf new beside/called
MODE=ends beside/oci-mkbundle img:v2 new 2>/dev/null &
ends=$!
until_there beside/called
kill $ends
wait $ends
is "a signal ends the program" "$?" 143
is "after oci-unpack has ended, once told" "$(cat beside/ended)" TERM
is "and leaves nothing" "$(ls -Ad new .new* 2>/dev/null)" ""
mkdir new && mkfifo new/config.json new/.rootfs.json
mkdir new/rootfs
fails "a record that is a FIFO" timeout 10 beside/oci-mkbundle img:v2 new
rm -r new
mkdir new && mkfifo new/config.json
ok "a FIFO for config.json is replaced" timeout 10 beside/oci-mkbundle img:v2 new
rm -f beside/called

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

"$top/t/mkimage" --cmd id --platform 'linux/odd one' strange:v1 empty >/dev/null
mv path/oci-unpack beside/
ok "a platform that no option can say" beside/oci-mkbundle strange:v1 oddly
is "is not said to oci-unpack" "$(sed -n 2p beside/called)" --
for word in never always json; do
	rm -r oddly
	ok "progress: $word" beside/oci-mkbundle --progress=$word strange:v1 oddly
	is "is told oci-unpack" "$(sed -n 2p beside/called)" --progress=$word
done

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
