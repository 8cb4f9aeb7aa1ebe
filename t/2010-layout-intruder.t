#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-layout-write by root in a directory that another user has a say in.
. "${0%/*}/lib.sh"
need_root

mkdir l1
echo one >l1/a
"$top/t/mkimage" --cmd sh src:v1 l1 >/dev/null || bail "t/mkimage"
tar -C src -cf src.tar .
compile swap.so swap.c -shared -fPIC -O2

# swapped BEGIN BY ARGUMENT: what is made and begins so, is BY when it's opened.
swapped() {
	env SWAP="$1" SWAP_BY="$2" LD_PRELOAD="$tmp/swap.so" \
		ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0" \
		oci-layout-write "$3" <src.tar
}

# Links in a directory that somebody puts in the staging directory's place.
echo precious >victim
mkdir trap
for blob in src/blobs/sha256/*; do
	ln -s "$tmp/victim" "trap/${blob##*/}"
done
ln -s "$tmp/victim" trap/index.json
cp -r trap trap2
chown -R 12345:12345 trap trap2
mkdir -p layout/blobs && chown 12345:12345 layout layout/blobs
fails "the staging directory is another's" swapped .write- trap layout
said "it says so" "another user"
is "nothing was written through its links" "$(cat victim)" precious
chown 0:0 trap2 && chmod 777 trap2
rm -r layout && mkdir layout
fails "or one that others may write to" swapped .write- trap2 layout
is "likewise" "$(cat victim)" precious

# That of a new layout, beside it.
mkdir elsewhere
ln -s "$tmp/elsewhere" link
fails "a link in the place of that of a new one" swapped .new.write- link new
is "leads nowhere" "$(ls -A elsewhere)" ""
rm -rf moved .new.*
mkdir other && chown 12345:12345 other
fails "another's directory in its place" swapped .new.write- other new
is "isn't written to" "$(ls -A .new.*)" ""
ok "no layout was made" test ! -e new
rm -rf moved .new.*

# What an enemy names like a staging directory stays.
rm -rf layout
ok "a layout" sh -c "oci-layout-write layout <src.tar"
chown 12345:12345 layout
mkdir -m 700 layout/blobs/.write-0123456789ab layout/blobs/.write-0123456789ac
echo mine >layout/blobs/.write-0123456789ab/mine
echo his >layout/blobs/.write-0123456789ac/.staging
chown -R 12345:12345 layout/blobs/.write-0123456789ac
ok "another run" sh -c "oci-layout-write layout <src.tar"
is "leaves what isn't its own" "$(cat layout/blobs/.write-0123456789ab/mine \
	layout/blobs/.write-0123456789ac/.staging)" "mine
his"
mkdir -m 700 layout/blobs/.write-0123456789ad layout/blobs/.write-0123456789ae
touch layout/blobs/.write-0123456789ae/.staging layout/blobs/.write-0123456789ae/blob
ok "a third" sh -c "oci-layout-write layout <src.tar"
is "removes what is" "$(cd layout/blobs && echo .write-*)" \
	".write-0123456789ab .write-0123456789ac"

for n in d e f; do
	mkdir -m 700 .new.write-0123456789a$n
	touch .new.write-0123456789a$n/.staging .new.write-0123456789a$n/blob
done
chown 12345:12345 .new.write-0123456789ae
rm .new.write-0123456789af/.staging
ok "a new layout" sh -c "oci-layout-write new <src.tar"
is "what is beside it likewise" "$(echo .new.write-*)" \
	".new.write-0123456789ae .new.write-0123456789af"

done_testing
