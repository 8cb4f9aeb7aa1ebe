#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-fetch --cache: several runs at once, runs that are killed or get stuck,
# a full disk, a cache of another user's.
. "${0%/*}/lib.sh"
. "$top/t/badregistry.sh"
need python3 jq unshare
need_root

for i in 1 2 3 4 5; do
	head -c $((i * 100000)) /dev/urandom >"f$i" && tar -cf "$i.tar" "f$i"
done
"$top/t/mkimage" img:latest plain=1.tar plain=2.tar plain=3.tar plain=4.tar \
	plain=5.tar >digest || bail "no image"
digest=$(cat digest)
badregistry_start img
image=$bad/open/img
oci-fetch "$image" >whole.tar || bail "no stream"

fetch() { # REF OPTION...: into x.tar; the requests of that alone
	: >"$requests"
	oci-fetch "$@" >x.tar
}
asked() { # KIND: of how many were there requests
	grep -c "/$1/" "$requests"
}
in_cache() { # DIR: it has what the registry has, and no more
	for one in "$1"/blobs/sha256/*; do
		cmp "$one" "img/blobs/sha256/${one##*/}" || return
	done
	[ "$(ls -A "$1/.partial")" = "" ]
}

# Eight at once, from the moment that the gate has a writer.
: >"$requests"
mkfifo gate
pids=
for i in 1 2 3 4 5 6 7 8; do
	# shellcheck disable=SC2016
	sh -c ': <gate && exec oci-fetch --cache c "$1"' sh "$image" \
		>"$i.out" 2>"$i.err" &
	pids="$pids $!"
done
exec 8>gate
failed=0
for pid in $pids; do
	wait "$pid" || failed=$((failed + 1))
done
exec 8>&-
is "eight at once" "$failed" 0
cat ./*.err >said
is "without a word" "$(cat said)" ""
for i in 1 2 3 4 5 6 7 8; do
	cmp whole.tar "$i.out" || failed=$((failed + 1))
done
is "have the same bytes" "$failed" 0
is "no blob is asked for twice" "$(grep blobs "$requests" | sort | uniq -d)" ""
is "but each once" "$(asked blobs)" 6
ok "the cache is whole" in_cache c

# Killed at any moment, again and again.
cat ./*.tar >big && tar -cf big.tar big
"$top/t/mkimage" img:big plain=big.tar plain=1.tar plain=5.tar >/dev/null
oci-fetch "$image:big" >big.out || bail "no stream"
for i in $(seq 10 40); do
	# shellcheck disable=SC2016
	timeout -s KILL "0.0$i" sh -c 'exec oci-fetch --cache k "$1" 2>>said' \
		sh "$image:big" >x.tar 2>"$err"
done
ok "thirty that are killed hinder nobody" fetch --cache k "$image:big"
ok "the same bytes" cmp big.out x.tar
ok "the cache is whole" in_cache k
ok "and a layout" oci-layout-check k
is "what they said is nothing" "$(cat said)" ""

# One that is stuck in the middle of a blob.
stuck() { # CACHE: start it; sets $stuck
	: >"$requests"
	oci-fetch --cache "$1" --timeout 60 -j 1 "$bad/stall/img" >stuck.tar &
	stuck=$!
	wait_for sh -c "stat -c %s '$1'/.partial/* | grep -qx 1000"
}
stuck s
ok "whoever waits for one that is stuck" fetch --timeout 1 --cache s "$image"
ok "does so for a while" cmp x.tar whole.tar
is "the part is the other's" "$(stat -c %s s/.partial/*)" 1000
oci-fetch --cache s --timeout 60 "$image" >x.tar &
pid=$!
wait_for grep -q open/img/manifests "$requests"
: >"$requests"
kill -9 $stuck
wait $stuck 2>/dev/null
wait $pid
is "whoever waits when it is killed" $? 0
is "goes on where it was" "$(grep -c ' bytes=1000-' "$requests")" 1
is "with that blob alone" "$(asked blobs)" 1
ok "the same bytes" cmp x.tar whole.tar
ok "the cache is whole" in_cache s

# What others remove meanwhile.
stuck m
rm -r m/.partial
ok "without the directory of parts" fetch --cache m "$image"
is "there is a new one, and nobody to wait for" "$(asked blobs)" 5
ok "the cache is whole" in_cache m
kill $stuck
wait $stuck 2>/dev/null

# Readers.
slowly() {
	oci-fetch --cache slow "$image" | {
		head -c 200000 && wait_for in_cache slow && cat
	} >x.tar
}
ok "a reader that takes its time" slowly
ok "has the same bytes, when all is kept" cmp x.tar whole.tar
gone() { # a reader that has enough
	{ oci-fetch --cache gone "$image"; echo $? >status; } | head -c 5000 >x
	cat status
}
is "a reader that goes" "$(gone 2>/dev/null)" 1
ok "is no harm" fetch --cache gone "$image"
ok "to the next" cmp x.tar whole.tar

# What others may write to, changed after it was hashed and before it is copied.
head -c 4000000 /dev/urandom >f6
"$top/t/mkimage" img:late plain=f6 >/dev/null
late=c/blobs/sha256/$(sha256sum <f6 | cut -c1-64)
mkfifo reader
whole() {
	oci-fetch --cache c "$image:late" >x.tar && cmp late.tar x.tar
}
changed() { # the last byte, once the first have been read; sets $status
	oci-fetch --cache c "$image:late" >reader 2>"$err" &
	pid=$!
	exec 7<reader
	head -c 500000 <&7 >x.tar
	tail -c 1 f6 | tr '\000-\377' '\001-\377\000' |
		dd of="$late" bs=1 seek=3999999 conv=notrunc 2>/dev/null
	cat <&7 >>x.tar
	exec 7<&-
	status=0
	wait $pid || status=$?
}
oci-fetch --cache c "$image:late" >late.tar || bail "no stream"
for others in "chmod 664" "chown 65534"; do
	$others "$late" || bail "no $others"
	ok "a blob that others may write to ($others)" whole
	changed
	is "that they change while it is copied" "$status" 1
	said "is found out" "somebody changed its file while it was copied"
	ok "before the stream has its end" [ "$(wc -c <x.tar)" -le \
		$(($(wc -c <late.tar) - 1024 - 256)) ]
	cp f6 "$late"
	chmod 644 "$late"
done

# Disks.
on_disk() { # OPTIONS: a cache on a tmpfs of these
	: >"$requests"
	# shellcheck disable=SC2016
	unshare -m sh -c 'mount -t tmpfs -o "$1" none "$2" &&
		{ oci-fetch --cache "$2" "$3" && ls -R "$2" >&3; } >x.tar' \
		sh "$1" disk "$image" 3>listing
}
mkdir disk
ok "a disk that is full" on_disk size=280k
is "is told of once" "$(grep -c 'No space left.*nothing is kept' "$err")" 1
is "and no more is said" "$(wc -l <"$err")" 1
ok "the same bytes" cmp x.tar whole.tar
is "nothing is asked for twice" "$(asked blobs)" 6
ok "what could be kept is" grep -q "^${digest#*:}" listing
ok "one on which there is no room for a file" on_disk size=8k,nr_inodes=2
ok "the same bytes" cmp x.tar whole.tar
read_only() {
	: >"$requests"
	# shellcheck disable=SC2016
	unshare -m sh -c 'mount --bind c c && mount -o remount,bind,ro c &&
		oci-fetch --cache c "$1" >x.tar' sh "$image"
}
ok "one that can't be written to" read_only
is "need not be where all is there" "$(cat "$err")" ""
ok "the same bytes" cmp x.tar whole.tar
is "and what is there is taken" "$(asked blobs)" 0
rm -r c/.partial "c/blobs/sha256/${digest#*:}"
ok "where it isn't" read_only
said "that is told of" "Read-only file system; from here on nothing is kept"
is "what is there is taken" "$(asked blobs)" 0

chown -R 65534 c s
ok "another user's" fetch --cache c "$image"
is "is read" "$(asked blobs)" 0
rm -r s/blobs/sha256/*
ok "but not written to" fetch --cache s "$image"
said "which is said" "this user's alone; from here on nothing is kept"
is "and done" "$(ls -A s/blobs/sha256)" ""

done_testing
