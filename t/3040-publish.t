#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-unpack: what is there is complete, what failed or was killed leaves
# nothing, what is there already stays.
. "${0%/*}/lib.sh"
. "$top/t/unpack.sh"

layer one <<'E'
file f one
E
image one.tar
mkdir r
ok "to an empty directory" oci-unpack img r
fails "to one that isn't" oci-unpack img r
said "is said" 'not an empty directory'
is "and stays" "$(cat r/f)" one
unpack_clean
echo x >r
fails "to a file" oci-unpack img r
is "stays" "$(cat r)" x
rm r
ln -s elsewhere r
fails "to a link" oci-unpack img r
is "stays, too" "$(readlink r)" elsewhere
rm r
fails "below a directory that isn't there" oci-unpack img no/r
said "which is named" '^oci-unpack: no/r: the directory that it goes to: '
for name in . .. /; do
	fails "to $name" oci-unpack img "$name"
done
exits 2 "to an empty name" oci-unpack img ''
ok "to a name that ends in /" oci-unpack img r/
ok "is there" test -f r/f
unpack_clean
mkdir -p deep/er
ok "to another directory" oci-unpack img deep/er/r
ok "is there" test -f deep/er/r/f
ok "an absolute name" oci-unpack img "$tmp/r"
exits 2 "one operand" oci-unpack img
exits 2 "three" oci-unpack img r x
exits 2 "a mode behind a blank" oci-unpack --rootless single img r
said "how it is given is said" 'rootless=single; single makes'
if command -v script >/dev/null; then
	run script -qec "oci-unpack - r" /dev/null
	printed "the archive isn't read from a terminal" 'oci-fetch NAME \|'
	is "which is wrong usage" "$status" 2
else
	skip 2 "no script(1)"
fi
unpack_clean
printf '%s\n' "file sound" "link broken none" | layer broken
echo file a | layer first
image first.tar broken.tar
fails "the second layer is at fault" oci-unpack img r
said "the layout, the layer and its digest are said" \
	"^oci-unpack: broken: .*none.* \\(img, layer 2 of 2, sha256:[0-9a-f]{12}\\)\$"
damaged=$(sed 's/.*sha256:\([0-9a-f]*\).*/\1/' "$err")
printf x | dd of="$(echo "img/blobs/sha256/$damaged"*)" bs=1 seek=20 \
	conv=notrunc 2>"$err"
fails "a blob is damaged" oci-unpack img r
said "so are they" "${damaged}[0-9a-f]+: .* \\(img, layer 2 of 2\\)\$"
image one.tar
fails "no such layout" oci-unpack nothing s
fails "no such tag" oci-unpack img:other s
unpack_clean
ok "-v" oci-unpack -v img r
is "prints the names" "$(cat "$out")" f
is "and nothing else" "$(cat "$err")" ''
unpack_clean
ok "--progress" oci-unpack --progress img r
said "says which layer it is at" 'oci-unpack: .* MiB.*, layer 1 of 1$'
unpack_clean
ok "--progress=json" oci-unpack --progress=json img r
said "tells a program that all bytes and layers are done" \
	'"bytes":([0-9]+),"totalBytes":\1,"layer":1,"layers":1,.*"done":true'
unpack_clean
ok "-q" oci-unpack --progress -q img r
is "doesn't" "$(cat "$err")" ''
unpack_clean
name=$(printf 'a\302\233b\342\200\256c\200')
mkdir rude && : >"rude/$name" && tar -cf rude.tar -C rude "$name"
"$top/t/mkimage" img:rude rude.tar >/dev/null || bail "mkimage"
ok "-v of a name with controls" oci-unpack -v img:rude r
is "shows it without" "$(cat "$out")" 'a?b?c?'
ok "though it has them" test -e "r/$name"
unpack_clean
run sh -c 'oci-unpack -v img r >/dev/full'
is "names that can't be printed" "$status" 1
ok "nothing is left" nothing_left

# A killed run leaves a directory, and the next one takes it away.
layer many <<E
$(for i in $(seq 1 3000); do echo "file d$((i / 50))/f$i size=2000"; done)
file end
E
image many.tar
"$top/t/mkimage" img2 one.tar >/dev/null
mkfifo fifo
# The stream stops in the middle, so that the run is there to be killed.
# shellcheck disable=SC2046
tar -C img -cf whole.tar $(members)
size=$(stat -c %s whole.tar)
hung() {
	(head -c $((size * 2 / 3)) whole.tar; exec sleep 1000) >fifo &
	feeder=$!
	oci-unpack - r <fifo 2>hung.err &
	unpacker=$!
	i=0
	while [ ! -e "$(echo .r.*.tmp)" ] && [ $i -lt 100 ]; do
		sleep 0.05
		i=$((i + 1))
	done
	sleep 0.2
}
hung
kill -9 "$unpacker"
wait "$unpacker" 2>/dev/null
kill "$feeder"
wait "$feeder" 2>/dev/null
ok "kill -9 leaves a directory" test -d "$(echo .r.*.tmp)"
ok "that isn't the root file system" test ! -e r
ok "another one's run" oci-unpack img2 other
ok "leaves it" test -d "$(echo .r.*.tmp)"
ok "the next run" oci-unpack img r
ok "takes it away" test ! -d "$(echo .r.*.tmp)"
unpack_clean
hung
ok "while one is at work" oci-unpack img r
ok "its directory stays" test -d "$(echo .r.*.tmp)"
kill "$unpacker"
wait "$unpacker"
is "it ends at a signal" $? 1
is "says so" "$(grep -c 'stopped by a signal' hung.err)" 1
kill "$feeder"
wait "$feeder" 2>/dev/null
ok "and leaves nothing" test ! -e "$(echo .r.*.tmp)"
ok "but what was complete" test -f r/end
unpack_clean

# Signals while it is blocked: its names go to a pipe that is full.
image many.tar
mkfifo names
exec 5<>names
python3 -c 'import os
os.set_blocking(5, False)
try:
    while os.write(5, bytes(4096)):
        pass
except BlockingIOError:
    os.set_blocking(5, True)'
# blocked SIGNAL NAME: send it as soon as it waits for the pipe.
blocked() {
	# Under nohup, and in the background, some would be ignored.
	env --default-signal oci-unpack -v img r >names 2>hung.err 5>&- &
	unpacker=$!
	i=0
	while ! grep -qs pipe "/proc/$unpacker/wchan" && [ $i -lt 200 ]; do
		sleep 0.01
		i=$((i + 1))
	done
	kill "-$1" "$unpacker"
	i=0
	while grep -qs '^State:.[^Z]' "/proc/$unpacker/status"; do
		sleep 0.01
		i=$((i + 1))
		[ $i -lt 1000 ] || kill -KILL "$unpacker"
	done
	wait "$unpacker"
	is "$2" "$? $(grep -c 'stopped by a signal' hung.err)" "1 1"
	ok "and leaves nothing" nothing_left
}
blocked TERM "a signal while it prints names ends it"
unpack_clean
image one.tar
# With a single name it waits just before it would publish.
blocked HUP "so does one before the last step"
unpack_clean
# One that was ignored when it was started stays so.
sh -c 'trap "" HUP; exec oci-unpack -v img r' >names 2>hung.err 5>&- &
unpacker=$!
i=0
while ! grep -qs pipe "/proc/$unpacker/wchan" && [ $i -lt 200 ]; do
	sleep 0.01
	i=$((i + 1))
done
kill -HUP "$unpacker"
sleep 0.2
ok "a signal that is ignored doesn't end it" grep -q pipe \
	"/proc/$unpacker/wchan"
kill -TERM "$unpacker"
wait "$unpacker"
is "another one does" "$? $(cat hung.err)" \
	"1 oci-unpack: stopped by a signal: Terminated"
exec 5>&-
image many.tar
run sh -c "sh -c 'oci-unpack -v img r; echo \$? >piped' | true"
is "a pipe that is closed is an error" "$(cat piped)" 1
ok "and leaves nothing" nothing_left
run sh -c 'ulimit -f 1; oci-unpack img r'
is "so is a limit on the size of files" "$status" 1
said "which is named" 'File too large'
ok "and leaves nothing" nothing_left
for few in 30 20; do
	ok "$few descriptors are enough" sh -c "ulimit -n $few
		oci-unpack img r"
	unpack_clean
done
{
	seq 60 | sed 's,.*,file d&/f,'
	echo "file $(printf 'd/%.0s' $(seq 60))f"
	echo "file big size=2000"
} | layer deep
image deep.tar
run sh -c 'ulimit -n 30; oci-unpack --max-size=1K img r'
is "also to clean up" "$status" 1
ok "and leaves nothing" nothing_left
unpack_clean

# Two at once: one of them gets the name, and it is whole.
image many.tar
oci-unpack img r 2>e1 &
one=$!
oci-unpack img r 2>e2 &
two=$!
wait $one
s1=$?
wait $two
s2=$?
case $s1$s2 in
00) fail "of two at once one fails" ;;
01 | 10) pass "of two at once one fails" ;;
*) fail "of two at once one succeeds" "$(cat e1 e2)" ;;
esac
is "and what is there is whole" "$(find r -type f | wc -l)" 3001
unpack_clean

# A full disk.
if [ "$(id -u)" = 0 ] && mkdir small && mount -t tmpfs -o size=1M none small
then
	at_exit "umount '$tmp/small'"
	fails "a full disk" oci-unpack img small/r
	said "is said" 'No space left'
	is "and is empty again" "$(ls -A small)" ''
	umount small && mount -t tmpfs -o nr_inodes=20 none small
	seq 30 | sed 's,^,dir d,' | layer dirs
	"$top/t/mkimage" img3 dirs.tar >/dev/null
	fails "no room for directories" oci-unpack img3 small/r
	said "is said, too" 'No space left'
	umount small && mount -t ramfs none small
	echo 'file f f xattr.user.a=b' | layer attribute
	"$top/t/mkimage" img4 attribute.tar >/dev/null
	ok "attributes where there can be none" oci-unpack img4 small/r
	said "are left out" 'attribute user.a left out'
	rm -r small/r
	fails "a mount point" oci-unpack img small
	said "is said" 'mounted there'
else
	skip 9 "no tmpfs can be mounted"
fi

# The directory it is made in has a group and an ACL to inherit.
mkdir parent
if [ "$(id -u)" = 0 ] && chgrp 50 parent && chmod 2775 parent &&
	{ ! command -v setfacl >/dev/null ||
	setfacl -d -m u:7:rwx parent 2>/dev/null || :; }; then
	ok "below a set-group-ID directory" oci-unpack img2 parent/r
	is "nothing is inherited" "$(stat -c '%g %a' parent/r parent/r/f)" \
		"0 755
0 644"
else
	skip 2 "not root"
fi
done_testing
