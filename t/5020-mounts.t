#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-run: a tmpfs that begins with what it covers, a volume end to end.
. "${0%/*}/lib.sh"
need setfattr getfattr
. "$top/t/run.sh"

# tmpfs OPTIONS SCRIPT: a container with a tmpfs on /v.
plain '.process.capabilities[] += ["CAP_DAC_OVERRIDE", "CAP_FOWNER"]'
tmpfs() {
	shell "$2" '.mounts += [{destination: "/v", type: "tmpfs",
		source: "tmpfs", options: ("'"$1"'" | split(","))}]'
}

v=b/rootfs/v
mkdir -p $v/sub/deep
echo text >$v/file
echo deep >$v/sub/deep/file
ln $v/file $v/hard
ln -s /etc/passwd $v/absolute
ln -s ../../../../../../etc/shadow $v/up
mkfifo $v/fifo
mknod $v/null c 1 3
mknod $v/block b 7 99
truncate -s 1T $v/hole
printf end >>$v/hole
echo x >$v/suid
setfattr -n user.note -v "a note" $v/file 2>/dev/null
setfattr -n trusted.note -v "a note" $v/sub
chown -h 5:6 $v/absolute $v/sub $v/fifo
chown 7:8 $v/suid $v
chmod 4711 $v/suid
chmod 1751 $v/sub
chmod 640 $v/fifo
chmod 2770 $v
setfattr -n security.capability -v 0x0100000200040000000000000000000000000000 \
	$v/suid
touch -h -d @1000000000 $v/file $v/absolute $v/sub
touch -d @1100000000 $v
find $v -printf '%P %y %m %U:%G %l %T@\n' |
	grep -v '^hard ' | sort >before

# shellcheck disable=SC2016
look='stat -c "%n %F %a %u:%g %Y %t:%T" /v /v/*; cat /v/file /v/sub/deep/file
	readlink /v/absolute; readlink /v/up; stat -c "%s %b" /v/hole
	tail -c 3 /v/hole; echo; wc -c </v/hard; grep " /v " /proc/mounts
	echo changed >/v/file; rm /v/hard; touch /v/new; mkdir /v/sub/new'
tmpfs nosuid,tmpcopyup "$look"
ok "tmpcopyup" box
printed "the root: mode, owner, time" '^/v directory 2770 7:8 1100000000'
printed "a file: time" '^/v/file regular file 644 0:0 1000000000'
printed "its text" '^text$'
printed "a directory: mode, owner, time" \
	'^/v/sub directory 1751 5:6 1000000000'
printed "what is in it" '^deep$'
printed "a link, unfollowed: owner, time" \
	'^/v/absolute symbolic link 777 5:6 1000000000'
printed "where it goes" '^/etc/passwd$'
printed "one that goes up" '^../../../../../../etc/shadow$'
printed "a FIFO, unopened" '^/v/fifo fifo 640 5:6'
printed "a character device" '^/v/null character special file .* 1:3$'
printed "a block device" '^/v/block block special file .* 7:63$'
printed "set-user-ID" '^/v/suid regular file 4711 7:8'
printed "a file of 1 TiB of nothing" '^1099511627779 (8|16)$'
printed "and its end" '^end$'
printed "a hard link, as a file" '^5$'
find $v -printf '%P %y %m %U:%G %l %T@\n' |
	grep -v '^hard ' | sort >after
ok "the image is as it was" cmp before after
is "its text too" "$(cat $v/hard)" text

# What is left again by ".." need not be there, as other runtimes have it.
mkdir source
echo here >source/file
# shellcheck disable=SC2016 # $dir is jq's
bundle '.process.args = ["cat", "/to/file", "/etc/too/file"] | .mounts += [
	{destination: "/none/../to", type: "bind", source: $dir,
		options: ["bind"]},
	{destination: "../none/./x/../../bin/../etc/no/../too", type: "bind",
		source: $dir, options: ["bind"]}]' --arg dir "$tmp/source"
ok "destinations by way of what isn't there" box
is "are found" "$(tr '\n' ' ' <"$out")" "here here "
ok "and only they are made" test ! -e b/rootfs/none -a ! -e b/rootfs/etc/no

tmpfs nosuid,tmpcopyup 'sleep 60'
ok "a container that stays" box -d --pid-file pid "$id"
p=/proc/$(cat pid)/root/v
is "an extended attribute of a directory" \
	"$(getfattr --absolute-names --only-values -n trusted.note "$p/sub")" \
	"a note"
is "a file's capabilities, which a new owner would cost" \
	"$(getcap -n "$p/suid" | sed 's/.* //')" cap_net_bind_service=ep
kill -KILL "$(cat pid)"
wait_for is_stopped "$id"

tmpfs tmpcopyup,mode=0711,uid=21,gid=22 'stat -c "%a %u:%g" /v; cat /v/file'
ok "with mode, uid and gid" box
printed "the options are the root's" '^711 21:22$'
printed "and the text is there" '^text$'
tmpfs tmpcopyup,ro 'cat /v/file; touch /v/x'
exits 1 "read-only" box
printed "has the text" '^text$'
said "and is read-only" 'Read-only'
tmpfs nosuid,notmpcopyup 'ls /v | wc -l'
ok "notmpcopyup" box
printed "is empty" '^0$'
head -c 300000 /dev/zero >$v/big
tmpfs tmpcopyup,size=64k true
exits 125 "one that is too small" box
said "named" 'config.json: mounts: /v: tmpcopyup: big: No space left'
rm $v/big
change '.mounts[-1] |= (.type = "none" | .options = ["bind", "tmpcopyup"] |
	.source = "/etc")'
exits 125 "tmpcopyup of a bind mount" box
said "is refused" '/v: tmpcopyup is for a tmpfs'

d=$v
d=$d/$(printf 'd/%.0s' $(seq 300))
mkdir -p "$d"
tmpfs tmpcopyup true
exits 125 "300 directories deep" box
said "is too deep" 'more than 256 directories'
rm -r $v/d

# A link at the mount's place: the directory it means inside the root.
mkdir -p host b/rootfs/inner
echo secret >host/secret
echo inner >b/rootfs/inner/file
mv $v b/rootfs/other
ln -s "$tmp/host" $v
tmpfs tmpcopyup 'ls /v/'
ok "a link to a directory of the host" box
is "means the image's, which is made" "$(cat "$out")$(ls -A \
	"b/rootfs$tmp/host")" ""
ok "nor is it read where the image has one" box
is "of that name, empty" "$(cat "$out")" ""
rm $v
ln -s ../../../../inner $v
tmpfs tmpcopyup 'cat /inner/file; echo x >/inner/file'
ok "a link inside of the root" box
printed "is followed there" '^inner$'
is "and nothing is written to the image" "$(cat b/rootfs/inner/file)" inner
rm -rf $v b/rootfs/inner

# A user namespace: what can't be made there is left out.
mv b/rootfs/other $v
tmpfs tmpcopyup 'cat /v/file; stat -c %u:%g /v/sub; ls /v'
change '.linux.namespaces += [{type: "user"}] |
	.linux.uidMappings = [{containerID: 0, hostID: 0, size: 1000}] |
	.linux.gidMappings = .linux.uidMappings'
ok "in a user namespace" box
printed "the text" '^text$'
printed "an owner" '^5:6$'
is "no device" "$(grep -cE '^(null|block)$' "$out")" 0

# An image's volume, from the image to the container.
mkdir -p image
busybox_rootfs image
mkdir -p image/data/sub
echo seed >image/data/sub/seed
chown -R 1000:1000 image/data
chmod 750 image/data
"$top/t/mkimage" --env PATH=/bin --cmd sh --volume /data l:v image >/dev/null
ok "oci-mkbundle of an image with a volume" oci-mkbundle l:v vol -- \
	sh -c 'cat /data/sub/seed; stat -c "%a %u:%g" /data /data/sub
		echo new >/data/sub/seed; cat /data/sub/seed'
ok "oci-run shows what the image has there" \
	oci-run --root "$state" -b vol "$id"
is "contents, mode, owner; it is writable" "$(cat "$out")" "seed
750 1000:1000
755 1000:1000
new"
is "the root file system is as it was" \
	"$(cat vol/rootfs/data/sub/seed)" seed
is "no state is left" "$(ls "$state")" ""
done_testing
