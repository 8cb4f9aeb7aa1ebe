#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-fetch --cache: what is fetched is kept, and what is kept isn't fetched;
# nothing that is kept is believed; what one run began, the next one ends.
. "${0%/*}/lib.sh"
. "$top/t/badregistry.sh"
need python3 jq

for i in 1 2 3; do
	head -c $((i * 100000)) /dev/urandom >"f$i" && tar -cf "$i.tar" "f$i"
done
"$top/t/mkimage" img:latest plain=1.tar plain=2.tar plain=3.tar >digest ||
	bail "no image"
"$top/t/mkimage" --platform linux/s390x img:s plain=1.tar >s
"$top/t/mkindex" img:multi latest s >multi
digest=$(cat digest)
badregistry_start img
image=$bad/open/img
mkdir spool && export TMPDIR="$tmp/spool"

fetch() { # REF OPTION...: into x.tar; the requests of that alone
	: >"$requests"
	oci-fetch "$@" >x.tar
}
asked() { # KIND: of how many were there requests
	grep -c "/$1/" "$requests"
}
name_of() { # N: of the layer
	jq -r ".layers[$(($1 - 1))].digest" \
		"img/blobs/sha256/${digest#*:}" | cut -d: -f2
}
in_cache() { # DIR: it has what the registry has, and no more
	for kept_blob in "$1"/blobs/sha256/*; do
		cmp "$kept_blob" "img/blobs/sha256/${kept_blob##*/}" || return
	done
	[ "$(ls -A "$1/.partial")" = "" ]
}

ok "without a cache" fetch "$image"
cp x.tar whole.tar
ok "a cache that isn't there yet" fetch --cache c "$image"
ok "the same bytes" cmp x.tar whole.tar
is "all is asked for" "$(asked manifests) $(asked blobs)" "1 4"
is "all is kept" "$(find c/blobs -type f | wc -l)" 5
ok "as it is" in_cache c
is "modes are the umask's" "$(stat -c %a c c/blobs/sha256 \
	c/blobs/sha256/* c/index.json c/oci-layout c/.partial | sort | uniq -c |
	tr -s ' \n' ' ')" " 7 644 1 700 2 755 "
ok "it is a layout" oci-layout-check c
is "without images" "$(oci-layout-ls c)" ""
ok "again" fetch --cache c "$image"
ok "the same bytes" cmp x.tar whole.tar
is "no blob is asked for" "$(asked manifests) $(asked blobs)" "1 0"
ok "by its digest" fetch --cache c "$image@$digest"
is "nothing is" "$(cat "$requests")" ""
ok "one at a time" fetch --cache c -j 1 "$image"
ok "the same bytes" cmp x.tar whole.tar
ok "into a pipe" sh -c "oci-fetch --cache c $image | cat >x.tar"
ok "the same bytes" cmp x.tar whole.tar
is "nothing is left in TMPDIR" "$(ls spool)" ""
ok "the manifest of a digest" fetch -m --cache c "$image@$digest"
ok "is it" cmp x.tar "img/blobs/sha256/${digest#*:}"
is "and isn't asked for" "$(cat "$requests")" ""
ok "an index of which something is there" fetch -a --cache c "$image:multi"
is "only the rest is asked for" "$(asked manifests) $(asked blobs)" "2 1"
ok "the next time" fetch -a --cache c "$image:multi"
is "it is all there" "$(asked manifests) $(asked blobs)" "1 0"
ok "so is one of its images" fetch -p linux/s390x --cache c "$image:multi"
is "without a look for it" "$(asked manifests) $(asked blobs)" "1 0"
ok "and with --have" fetch --have c --cache c "$image"
is "the stream is small" "$(tar -tf x.tar | grep -c blobs/sha256/.)" 1

# Nothing in it is believed.
blob=c/blobs/sha256/$(name_of 2)
printf "not these" | dd of="$blob" bs=1 seek=150000 conv=notrunc 2>/dev/null
ok "a damaged blob" fetch --cache c "$image"
said "is told of" "$(name_of 2): it is damaged, and fetched again"
ok "the same bytes" cmp x.tar whole.tar
is "it alone is asked for" "$(asked blobs)" 1
ok "it is replaced" in_cache c
echo >"$blob"
ok "one that is too short" fetch --cache c "$image"
is "is asked for" "$(asked blobs)" 1
ok "and replaced" in_cache c
rm "$blob" && mkfifo "$blob"
ok "a FIFO" fetch --cache c "$image"
ok "is replaced" in_cache c
manifest=c/blobs/sha256/${digest#*:}
tr : ' ' <"$manifest" >x && cp x "$manifest"
ok "a damaged manifest" fetch --cache c "$image@$digest"
is "is asked for" "$(asked manifests) $(asked blobs)" "1 0"
ok "and replaced" in_cache c

# What is there in part.
part=c/.partial/sha256-$(name_of 3)
part_make() { # BYTES [COMMAND...]: of the third layer, as COMMAND makes them
	cp "c/blobs/sha256/$(name_of 3)" kept
	rm "c/blobs/sha256/$(name_of 3)"
	n=$1
	shift
	head -c "$n" kept | "${@:-cat}" >"$part"
}
size=$(stat -c %s "c/blobs/sha256/$(name_of 3)")
part_make 200000
ok "a part" fetch --cache c "$image"
ok "the same bytes" cmp x.tar whole.tar
is "the rest is asked for" "$(grep blobs "$requests" | cut -d' ' -f3)" \
	"bytes=200000-$((size - 1))"
ok "then it is whole" in_cache c
part_make 200000 tr '\000-\377' '\001-\377\000'
ok "a part with other bytes" fetch --cache c "$image"
said "is told of" "$(name_of 3): what was there of it is damaged"
ok "the same bytes" cmp x.tar whole.tar
is "all of it is asked for then" "$(grep blobs "$requests" | cut -d' ' -f3 |
	tr '\n' ' ')" "bytes=200000-$((size - 1)) - "
ok "it is whole" in_cache c
part_make "$size"
ok "a part that lacks only its name" fetch --cache c "$image"
is "is not asked for" "$(asked blobs)" 0
ok "it is whole" in_cache c
part_make "$size" tr '\000-\377' '\001-\377\000'
ok "the same with other bytes" fetch --cache c "$image"
is "is" "$(grep blobs "$requests" | cut -d' ' -f3)" -
ok "it is whole" in_cache c
part_make "$size" && echo more >>"$part"
ok "a part that is longer than the blob" fetch --cache c "$image"
is "is none" "$(cat "$err")" ""
is "and all is fetched" "$(grep blobs "$requests" | cut -d' ' -f3)" -
ok "it is whole" in_cache c
part_make 0
ok "a part of no bytes" fetch --cache c "$image"
ok "is made whole" in_cache c
part_make 200000
ok "a registry that sends no range" fetch --cache c "$bad/norange/img"
is "the same blobs" "$(tar --wildcards -xOf x.tar 'blobs/*' | sha256sum)" \
	"$(tar --wildcards -xOf whole.tar 'blobs/*' | sha256sum)"
ok "makes it whole, too" in_cache c
part_make 200000
fails "a registry that hasn't got it" fetch --cache c "$bad/gone/img"
is "the part stays" "$(stat -c %s "$part")" 200000
fails "one that sends other bytes" fetch --cache c "$bad/flip/img"
said "is told of" "something else"
ok "what comes of it is nothing" [ ! -e "$part" ]
ok "and the next run ends well" fetch --cache c "$image"
ok "the same bytes" cmp x.tar whole.tar

# What others have put there.
part_make 0
rm "$part" && echo precious >target && ln -s "$tmp/target" "$part"
ok "a link in place of a part" fetch --cache c "$image"
is "is not followed" "$(cat target)" precious
ok "and goes" in_cache c
part_make 0
rm "$part" && ln target "$part"
ok "a second name of another file" fetch --cache c "$image"
is "does nothing to it" "$(cat target)" precious
ok "and goes" in_cache c
part_make 0
rm "$part" && mkfifo "$part"
ok "a FIFO" fetch --cache c "$image"
ok "goes" in_cache c
part_make 0
rm "$part" && mkdir "$part"
ok "a directory" fetch --cache c "$image"
said "is warned of" "Is a directory; from here on nothing is kept"
ok "the same bytes" cmp x.tar whole.tar
rmdir "$part" && touch c/.partial/garbage c/.partial/sha256-x
ok "anything else" fetch --cache c "$image"
is "stays" "$(cd c/.partial && echo *)" "garbage sha256-x"
rm -r c/.partial c/blobs/sha256/* && mkdir away && ln -s "$tmp/away" c/.partial
ok "a link in place of .partial" fetch --cache c "$image"
said "is not followed" "Not a directory|Too many levels"
ok "the same bytes" cmp x.tar whole.tar
is "nothing is kept" "$(ls away c/blobs/sha256)" "away:

c/blobs/sha256:"
rm c/.partial && mkdir -m 777 c/.partial
ok "one that others can write to" fetch --cache c "$image"
said "isn't used" "this user's alone; from here on nothing is kept"
rmdir c/.partial && rmdir c/blobs/sha256 && ln -s "$tmp/away" c/blobs/sha256
ok "blobs/sha256 as a link of this user's" fetch --cache c "$image"
is "is followed" "$(find away -type f | wc -l)" 5

mkdir empty
ok "an empty directory" fetch --cache empty "$image"
ok "becomes a layout" oci-layout-check empty
mkdir other && touch other/file
fails "a directory of something else" fetch --cache other "$image"
said "isn't touched" "not an image layout"
is "at all" "$(ls -A other)" file
fails "a file" fetch --cache whole.tar "$image"
said "is none" "Not a directory"
fails "nothing to make it in" fetch --cache no/where "$image"
said "isn't made" "No such file"
mkdir -p flat/blobs flat/refs
for f in img/blobs/sha256/*; do
	cp "$f" "flat/blobs/sha256-${f##*/}"
done
ok "a layout of image-spec 0.3" fetch --cache flat "$image"
is "has it all" "$(asked blobs)" 0
ok "one that an image is written to" sh -c "oci-fetch --cache both $image |
	oci-layout-write both"
ok "is whole" oci-layout-check both
is "and has its name" "$(oci-layout-ls both | jq -r .name)" latest

# What keeps a layout in order knows of parts.
rm -rf c && oci-fetch --cache c "$image" >x.tar
part_make 1000
touch "$part" "c/.partial/sha256-$(name_of 1)" c/.partial/garbage
ok "a young part is no fault" oci-layout-check c
ok "and no garbage" oci-layout-gc c
is "it stays" "$(find c/.partial -type f | wc -l)" 3
touch -d '2 hours ago' c/.partial/*
exits 1 "an old one is told of" oci-layout-check c
printed "as a leftover" "\"leftover\",\"path\":\"$(echo "$part" |
	cut -d/ -f2-)\".*oci-fetch --cache goes on"
exec 9<"$part" && flock -x 9
ok "one that is locked" sh -c 'oci-layout-check --repair c'
ok "stays" [ -e "$part" ]
is "the others go" "$(ls c/.partial)" "garbage
${part##*/}"
ok "garbage is collected" oci-layout-gc --age 0 c
ok "but none that is locked" [ -e "$part" ]
exec 9<&-
is "of blobs, those that nothing names" "$(ls c/blobs/sha256)" ""
ok "the next time" oci-layout-gc --age 1h c
ok "a part whose time is young stays" [ -e "$part" ]
ok "of any age" oci-layout-gc --age 0 c
ok "it goes" [ ! -e "$part" ]
ok "a layout with parts is written to" sh -c "oci-layout-write c <whole.tar"
is "and they stay" "$(ls c/.partial)" garbage

done_testing
