#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# oci-run: mounts as mount(8) and other runtimes have them.
. "${0%/*}/lib.sh"
. "$top/t/run.sh"

# runs SCRIPT MOUNT...: the command with these besides, as JSON.
runs() {
	runs_script=$1
	shift
	shell "$runs_script" ".mounts += [$(echo "$@" | sed 's/} {/},{/g')]"
	box
}

# The mode of a tmpfs.
mkdir -p b/rootfs/private
chmod 1750 b/rootfs/private
private='"destination": "/private", "type": "tmpfs", "source": "x"'
ok "a tmpfs" runs 'stat -c %a /private' "{$private}"
is "has the mode of what it covers" "$(cat "$out")" 1750
ok "of which" runs 'stat -c %a /private' "{$private, \"options\": [\"mode=711\"]}"
is "the bundle may say another" "$(cat "$out")" 711
ok "where nothing was" runs 'stat -c %a /none' \
	'{"destination": "/none", "type": "tmpfs", "source": "x"}'
is "it is the file system's own" "$(cat "$out")" 1777

# A read-only tmpfs is that when all in it is made.
plain '.mounts |= map(if .destination == "/dev" then .options += ["ro"] else . end)'
late() {
	runs 'touch /t/in/er/x && test -c /dev/null -a -d /dev/pts || exit 1
		! touch /t/x 2>&1 && ! touch /dev/x 2>&1' \
		'{"destination": "/t", "type": "tmpfs", "source": "x",
			"options": ["'"$1"'"]}' \
		'{"destination": "/t/in/er", "type": "tmpfs", "source": "y"}'
}
ok "a read-only tmpfs, and /dev, with something below" late ro
is "can't be written to" "$(grep -c Read-only "$out")" 2
ok "nor can rro" late rro
is "be" "$(grep -c Read-only "$out")" 2

# A device that can't be written to, and one that somebody writes to.
truncate -s 4M image
if mkfs.ext4 -q image 2>"$err" && device=$(losetup -rf --show image); then
	at_exit "losetup -d $device"
	ext4='"destination": "/t", "type": "ext4", "options": ["ro"]'
	number=$(cat "/sys/block/${device##*/}/dev")
	cp plain.json without.json
	plain '.linux.devices = [{path: "/dev/disk", type: "b",
		major: '"${number%:*}, minor: ${number#*:}}]"
	ok "a device that the container isn't allowed" \
		runs 'ls /t; ! head -c 1 /dev/disk 2>&1' "{$ext4, \"source\": \"$device\"}"
	printed "is mounted" '^lost.found$'
	printed "and not to be opened" 'not permitted'
	mv without.json plain.json
	plain '.linux.resources.devices += [{allow: true, type: "b", access: "rw"}]'
	ok "a read-only device" runs 'grep " /t " /proc/self/mountinfo' \
		"{$ext4, \"source\": \"$device\"}"
	printed "has a read-only file system" ' - ext4 .* ro(,|$)'
	mkdir m && cp image image2
	mount -o loop image2 m
	at_exit "umount $tmp/m"
	ok "one that is mounted elsewhere" runs '! touch /t/x' \
		"{$ext4, \"source\": \"$(findmnt -no SOURCE m)\"}"
	said "is read-only here" 'Read-only'
	ok "and not there" touch m/x
else
	skip 8 "no loop device or mkfs.ext4 here"
fi

# What is mounted by another name of a directory hides what was in it.
ln -s /a b/rootfs/b
over() {
	printf '{"destination": "%s", "type": "tmpfs", "source": "x"} ' "$@"
}
hidden=$(over /a /a/in /b /a/in)
ok "a mount on a link, and one below where that leads" runs \
	'grep -c " /a/in " /proc/self/mountinfo; touch /a/in/x' "${hidden% }"
is "is made in what hides the first" "$(cat "$out")" 2

# A propagation is one mount's, with an r all of them's.
mkdir -p many
mount -t tmpfs many many
at_exit "umount -R $tmp/many"
mkdir many/in
mount -t tmpfs in many/in
for p in shared rshared; do
	ok "$p" runs 'grep " /t" /proc/self/mountinfo' '{"destination": "/t",
		"type": "bind", "source": "'"$tmp/many"'",
		"options": ["rbind", "'$p'"]}'
	printed "is the mount's" ' /t [^-]*shared:'
	is "and of those below it as well, if recursive" "$(grep ' /t/in ' "$out" |
		grep -c ' shared:')" "$(echo $p | grep -c rs)"
done

# Options of more than 255 bytes, for an overlay of a few layers.
long=$(printf 'x%.0s' $(seq 100))
for i in 1 2 3 4; do
	mkdir -p "layers/$long$i"
	echo "$i" >"layers/$long$i/file$i"
done
mkdir layers/upper layers/work
lower=$tmp/layers/${long}1:$tmp/layers/${long}2:$tmp/layers/${long}3:$tmp/layers/${long}4
overlay='"destination": "/t", "type": "overlay", "source": "overlay"'
ok "an overlay of four layers" runs \
	'cat /t/file*; echo new >/t/new; grep -c " /t " /proc/mounts' \
	"{$overlay, \"options\": [\"nosuid\", \"lowerdir=$lower\",
	\"upperdir=$tmp/layers/upper\", \"workdir=$tmp/layers/work\"]}"
is "has all of them" "$(tr '\n' ' ' <"$out")" "1 2 3 4 1 "
is "and the upper one is written to" "$(cat layers/upper/new)" new
exits 125 "options of more than a page" runs true \
	"{$overlay, \"options\": [\"lowerdir=$lower:$(printf "$tmp/%.0s" $(seq 300))\"]}"
said "are refused" '/t: options of more than 4095 bytes'

ok "silent, loud, iversion" runs 'grep " /t " /proc/mounts' \
	'{"destination": "/t", "type": "tmpfs", "source": "x", "options":
	["silent", "loud", "iversion", "size=64k"]}'
printed "are options, as others are" 'size=64k'

# Of a place that the image lacks everybody may make use.
for o in nosuid tmpcopyup; do
	ok "a tmpfs with $o where nothing is" runs 'stat -c %a /none/there' \
		'{"destination": "/none/there", "type": "tmpfs", "source": "x",
		"options": ["'$o'"]}'
	printed "can be written to" '^1777$'
	rm -r b/rootfs/none
done
done_testing
