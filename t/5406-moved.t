#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# oci-run: a root file system whose directories are moved about meanwhile, by
# whoever shares it.
. "${0%/*}/lib.sh"
need cc
. "$top/t/run.sh"

compile exchanger exchanger.c
mkdir host
plain '.root.readonly = false'
tries=40

# raced A B CHECK: containers while A and B of the root change places; $found
# is what the command CHECK has printed.
raced() {
	./exchanger b/rootfs "$1" "$2" &
	exchanger=$!
	found=
	for _ in $(seq $tries); do
		run box
		found=$found$(eval "$3")
	done
	kill -KILL $exchanger
	wait $exchanger 2>/dev/null
}

# /proc, and a directory with the same files.  Wherever proc comes to be, what
# is masked is masked and what is read-only read-only.
mkdir b/rootfs/other b/rootfs/other/sys
: >b/rootfs/other/version
shell 'for d in /proc /other; do
	[ ! -e $d/self ] || echo mounted
	grep -o Linux $d/version
	if [ -e $d/sys/kernel ]; then
		echo 1 >$d/sys/net/ipv4/ip_forward && echo WRITTEN
	fi
	done 2>/dev/null' '.linux.maskedPaths = ["/proc/version"] |
	.linux.readonlyPaths = ["/proc/sys"]'
raced proc other 'grep -E "Linux|WRITTEN" "$out"'
is "what is masked in /proc is so, wherever that is moved" "$found" ""
ok "and it can be seen without the race" box
printed "mounted" mounted
rm -rf b/rootfs/other
mkdir b/rootfs/proc 2>/dev/null

# /dev, and a link to what the bundle binds of the host's.
mkdir b/rootfs/dev b/rootfs/data 2>/dev/null
ln -s data b/rootfs/link
shell 'true' '.mounts += [{destination: "/data", type: "bind",
	source: $host, options: ["rbind"]}] | .mounts |= map(select(
	.destination | startswith("/dev/") | not)) |
	.linux.devices = [{path: "/dev/fuse", type: "c", major: 10, minor: 229}]'
raced dev link 'ls host; rm -rf host/*'
is "no device is made in a directory of the host's" "$found" ""

# Where the bundle binds a directory to /dev, nothing is made either.
rm -rf b/rootfs/link b/rootfs/dev
mkdir b/rootfs/dev
shell true '.mounts |= map(select(.destination | startswith("/dev") | not)) |
	.mounts += [{destination: "/dev", type: "bind", source: $host,
	options: ["rbind"]}]'
ok "a directory bound to /dev" box
is "stays as it is" "$(ls host)" ""
change '.linux.devices = [{path: "/dev/mine", type: "c", major: 1, minor: 3}]'
ok "a device that is wanted there" box
said "is missed" 'linux.devices: /dev/mine: is not there'
is "and isn't made" "$(ls host)" ""
mknod host/node c 1 3
ln -s node host/mine
ok "unless it is there" box
is "by a link, too" "$(cat "$err")" ""
rm host/node host/mine
change '.linux.devices = [{path: "/dev/sub/x", type: "c", major: 1, minor: 3}]'
ok "a device in a directory that isn't there" box
is "makes none in the host's" "$(ls host)" ""

is "no state is left" "$(ls "$state")" ""
done_testing
