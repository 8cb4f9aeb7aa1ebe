#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-mkbundle as make sees it: whole or as it was, and left alone when there
# is nothing to change; --replace, --rootfs.
. "${0%/*}/lib.sh"
need jq busybox

mkdir l1 l2
busybox_rootfs l1
busybox_rootfs l2
echo two >l2/two
"$top/t/mkimage" --cmd true img:v1 l1 >/dev/null || bail "t/mkimage"
"$top/t/mkimage" --cmd true img:v2 l2 >/dev/null || bail "t/mkimage"
"$top/t/mkimage" --cmd true --user who img:who l2 >/dev/null || bail "t/mkimage"
"$top/t/mkimage" img:none l2 >/dev/null || bail "t/mkimage"

seen() {
	stat -c '%n %i %.9Y' "$1" "$1/config.json" "$1/rootfs" \
		"$1/.rootfs.json" 2>&1
	ls -A "$1"
}
age() {
	find "$@" -exec touch -h -d '2001-02-03 04:05:06.789' {} +
}
nothing() {
	is "$1" "$(ls -Ad b .b* 2>/dev/null)" ""
}

# What is wrong is said before anything is unpacked.
mkdir tools
cp "$B/bin/oci-mkbundle" tools/
printf '#!/bin/sh\n: >>"%s/called"\nexec "%s/bin/oci-unpack" "$@"\n' \
	"$tmp" "$B" >tools/oci-unpack
chmod +x tools/oci-unpack
echo '{}' >bad.json
early() {
	early_name=$1
	shift
	fails "$early_name" tools/oci-mkbundle "$@"
	ok "it is known without unpacking" test ! -e called
	nothing "nothing is made"
}
early "a bad profile" --seccomp bad.json img:v1 b
early "a user who is too large" -u 4294967295 img:v1 b
early "nothing to run" img:none b
fails "a bundle where the layout is" tools/oci-mkbundle img:v1 img
said "is taken for a slip" "^oci-mkbundle: img: an image layout; .* another name"
is "and nothing is made" "$(ls img)" "blobs
index.json
oci-layout"
fails "a user who isn't there" tools/oci-mkbundle img:who b
ok "is known only then" test -e called
nothing "and nothing is left"

# What is there and fails stays; what is the same too.
mkdir b
age b
before=$(seen b)
fails "the same in an empty directory" oci-mkbundle img:who b
is "leaves that as it was" "$(seen b)" "$before"
echo '{"mine":1}' >b/config.json
age b
before=$(seen b)
fails "and beside a config.json" oci-mkbundle img:who b
is "leaves that, too" "$(seen b)" "$before"
ok "a bundle in a directory" oci-mkbundle img:v1 b
is "is all of one" "$(ls -A b)" ".rootfs.json
config.json
rootfs"
is "its config.json" "$(jq -r '.root.path, .mine' b/config.json)" "rootfs
null"
age b
before=$(seen b)
ok "once more" oci-mkbundle img:v1 b
is "nothing is touched" "$(seen b)" "$before"
ok "with --replace" oci-mkbundle --replace img:v1 b
is "nothing either" "$(seen b)" "$before"
fails "another image" oci-mkbundle img:v2 b
said "it says how" "--replace"
is "and nothing is touched" "$(seen b)" "$before"
fails "--replace by an image that fails" oci-mkbundle --replace img:who b
is "nor then" "$(seen b)" "$before"
ok "--replace" oci-mkbundle --replace img:v2 b
is "is the other image" "$(cat b/rootfs/two; jq -r .manifest b/.rootfs.json)" \
	"two
$(jq -r '.manifests[1].digest' img/index.json)"
is "and all there is" "$(ls -A b)" ".rootfs.json
config.json
rootfs"
is "config.json too" "$(jq -r '.annotations["oci-mkbundle.manifest"]' \
	b/config.json)" "$(jq -r .manifest b/.rootfs.json)"
: >b/mine
ok "and back" oci-mkbundle --replace img:v1 b
ok "what else is in the bundle stays" test -e b/mine -a ! -e b/rootfs/two

# Killed between the root file system and the record.
jq -c --arg d "$(jq -r '.manifests[1].digest' img/index.json)" \
	--argjson i "$(stat -c %i b/rootfs)" \
	'{manifest: $d, replaces: {manifest: .manifest, inode: $i}}' \
	b/.rootfs.json >both && cp both b/.rootfs.json
ok "before the exchange it is the old" oci-mkbundle img:v1 b
is "which alone is recorded then" "$(jq -c keys b/.rootfs.json)" \
	'["manifest"]'
mkdir b/.new
cp -r l2 b/.new/rootfs
ok "the rest of a killed run" oci-mkbundle img:v1 b
ok "is cleaned up" test ! -e b/.new
mv b/rootfs old && cp -r l2 b/rootfs && cp both b/.rootfs.json
ok "after it it is the new" oci-mkbundle img:v2 b
rm b/.rootfs.json
fails "what is of no image that is known" oci-mkbundle --replace img:v1 b
said "is not replaced" "no record of the image"
rm -r b

# Ended at the end: everything was unpacked.
for s in INT TERM; do
	cat >tools/oci-unpack <<-E
	#!/bin/sh
	case " \$* " in *" --remove "*) ;; *) set -- "\$@" ; kill -$s \$PPID ;; esac
	exec "$B/bin/oci-unpack" "\$@"
	E
	env --default-signal tools/oci-mkbundle img:v1 b 2>/dev/null
	is "SIG$s is how it ends" "$?" "$([ $s = INT ] && echo 130 || echo 143)"
	nothing "and nothing is left"
done
mkdir .b.new
cp -r l2 .b.new/rootfs
ok "the rest of a killed run beside it" oci-mkbundle img:v1 b
is "is cleaned up" "$(ls -d .b* 2>/dev/null)" ""
rm -r b

# Eight at once: one unpacks, all are content.
printf '#!/bin/sh\necho x >>"%s/calls"\nexec "%s/bin/oci-unpack" "$@"\n' \
	"$tmp" "$B" >tools/oci-unpack
for _ in 1 2 3 4 5 6 7 8; do
	tools/oci-mkbundle img:v1 b 2>>eight || echo failed >>eight &
done
wait
is "eight at once" "$(grep -v waiting eight)" ""
is "one of them unpacks" "$(wc -l <calls)" 1
is "and nothing else is there" "$(ls -Ad b .b*; ls -A b)" "b
.rootfs.json
config.json
rootfs"

# --rootfs
ok "a tree that is elsewhere" oci-mkbundle --rootfs l2 img:v1 c
is "is named" "$(jq -r '.root.path, .process.args[0]' c/config.json)" \
	"$(pwd -P)/l2
true"
is "and nothing unpacked" "$(ls -A c)" config.json
is "the host name" "$(jq -r .hostname c/config.json)" c
ok "without an image" oci-mkbundle --rootfs l2 -u user d -- id -u
is "the command is the user's" \
	"$(jq -c '.process | [.args, .user.uid]' d/config.json)" \
	'[["id","-u"],1000]'
is "and no image is named" "$(jq -c .annotations d/config.json)" '{}'
age d
before=$(seen d)
ok "again" oci-mkbundle --rootfs l2 -u user d -- id -u
is "nothing is touched" "$(seen d)" "$before"
ok "with an entrypoint" oci-mkbundle --rootfs l2 --entrypoint id d
exits 2 "without anything to run" oci-mkbundle --rootfs l2 d
exits 2 "with --replace" oci-mkbundle --replace --rootfs l2 img:v1 d
fails "a tree that isn't there" oci-mkbundle --rootfs no e -- id
fails "a user who isn't in it" oci-mkbundle --rootfs l2 -u who e -- id
is "nothing is made" "$(ls -Ad e .e* 2>/dev/null)" ""
if [ "$(id -u)" = 0 ] && [ -x "$B/bin/oci-run" ]; then
	is "it runs" "$(oci-mkbundle --rootfs l2 d -- cat /two &&
		oci-run --root state -b d "target$$")" two
else
	skip 1 "not root"
fi
done_testing
