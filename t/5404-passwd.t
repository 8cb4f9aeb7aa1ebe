#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# oci-run: HOME from the image's etc/passwd, whatever that is.
. "${0%/*}/lib.sh"
. "$top/t/run.sh"

rm b/rootfs/etc/passwd
plain '.process.env = ["PATH=/bin"] |
	.process.args = ["sh", "-c", "echo home $HOME"]'

# home NAME HOME [WARNING]: what the container has, in seconds, with a warning
# or without one.
home() {
	ok "$1: it runs" box
	is "$1: HOME is $2" "$(cat "$out")" "home $2"
	if [ "${3-}" ]; then
		said "$1: says why" "/etc/passwd of the image.*$3"
	else
		is "$1: and nothing is said" "$(cat "$err")" ""
	fi
}

bundle .
home "no file" /
ln -sf nowhere b/rootfs/etc/passwd
home "a link to nothing" /
ln -sf passwd b/rootfs/etc/passwd
home "a link to itself" / 'a link that leads nowhere'
rm b/rootfs/etc/passwd
mkfifo b/rootfs/etc/passwd
home "a FIFO" / 'no regular file'
rm b/rootfs/etc/passwd
mknod b/rootfs/etc/passwd c 1 5
home "a device" / 'no regular file'
rm b/rootfs/etc/passwd
mkdir b/rootfs/etc/passwd
home "a directory" / 'no regular file'
rmdir b/rootfs/etc/passwd
truncate -s 1T b/rootfs/etc/passwd
home "a terabyte of nothing" / 'longer than 8 MiB'
rm b/rootfs/etc/passwd

# What the kernel's file systems have is not the image's to be read: not by
# the runtime, which may do more than the container.
ln -s /proc/self/status b/rootfs/etc/passwd
home "a link into /proc" / 'another file system'
ln -sf /proc/kmsg b/rootfs/etc/passwd
home "the kernel's messages" / 'another file system'
rm b/rootfs/etc/passwd
mv b/rootfs/etc b/rootfs/etc.kept
ln -s /proc/self b/rootfs/etc
mkdir -p b/rootfs/proc
home "a directory that is one" / 'another file system'
rm b/rootfs/etc
mv b/rootfs/etc.kept b/rootfs/etc

mkdir data
echo root:x:0:0::/data: >data/passwd
ln -s /data/passwd b/rootfs/etc/passwd
bundle '.mounts += [{destination: "/data", type: "bind",
	source: "'"$tmp/data"'", options: ["bind"]}]'
home "a link into a mount" / 'another file system'
bundle .
rm b/rootfs/etc/passwd

# A link inside of the image is followed, as the host's path of the image.
mkdir b/rootfs/elsewhere
echo root:x:0:0:root:/found:/bin/sh >b/rootfs/elsewhere/users
ln -s /elsewhere/users b/rootfs/etc/passwd
home "a link inside of the image" /found
ln -sf ../../../../../elsewhere/users b/rootfs/etc/passwd
home "one that goes up" /found
rm b/rootfs/etc/passwd

# Lines: the first of the uid, no prefix and no overflow of it.
long=$(head -c 5000 /dev/zero | tr '\0' x)
{
	echo
	echo root:x
	echo "root:x:0:0:$long:/long:/bin/sh"
	echo 4294967296:x:4294967296:0::/overflow:
	echo zero:x:0x0:0::/hex:
	echo minus:x:-0:0::/minus:
	echo space:x:' 0':0::/space:
	echo empty:x::0::/empty:
	echo root:x:0:0::/first:
	echo root:x:0:0::/second:
} >b/rootfs/etc/passwd
home "odd lines" /first
printf 'root:x:0:0::/unended' >b/rootfs/etc/passwd
home "no end of line" /unended
printf 'root:x:0:0::' >b/rootfs/etc/passwd
home "an empty home" /
printf 'a\0b:x:0:0::/after-nul:\nroot:x:0:0::/plain:\n' >b/rootfs/etc/passwd
ok "a zero byte" box

# The user's own eyes: what he may not read is not read for him.
echo user:x:1000:1000::/private: >b/rootfs/etc/passwd
bundle '.process.user = {uid: 1000, gid: 1000}'
home "a user who may read it" /private
chmod 600 b/rootfs/etc/passwd
home "a user who may not" /
chmod 644 b/rootfs/etc/passwd

# Where the bundle mounts one, that is it.
echo root:x:0:0::/mounted: >mine
bundle '.mounts += [{destination: "/etc/passwd", type: "bind",
	source: "'"$tmp/mine"'", options: ["bind", "ro"]}]'
home "a file that the bundle binds" /mounted
bundle '.process.env += ["HOME=/said"]'
home "what env says" /said
is "no state is left" "$(ls "$state")" ""
done_testing
