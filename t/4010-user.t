#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-mkbundle: users and groups, from the image's own files and no others.
. "${0%/*}/lib.sh"
need jq busybox python3

mkdir bundle empty
busybox_rootfs bundle/rootfs
"$top/t/mkimage" --cmd true img:v1 empty >/dev/null || bail "t/mkimage"
etc=bundle/rootfs/etc

cat >>$etc/passwd <<'E'
+::::::
empty:x:::nobody:/:
half:x:77
minus:x:-1:-1::/:
hex:x:0x10:16::/:
space:x: 5:5::/:
big:x:4294967296:5::/:
wrap:x:18446744073709551616:0::/:
8000:x:0:0:all digits:/trap:/bin/sh
twice:x:501:501::/first:/bin/sh
twice:x:0:0::/second:/bin/sh
E
cat >>$etc/group <<'E'
video:x:44:user,daemon
video2:x:44:user
disk:x:6:userx,xuser
bad:x:99999999999:user
none:x::user
E

who() {
	is "$1" "$(oci-mkbundle -u "$2" img bundle 2>&1 &&
		jq -c '.process.user, .process.env[-1]' bundle/config.json |
		tr '\n' ' ')" "$3 "
}

who "by name: group, supplementary groups, HOME" user \
	'{"uid":1000,"gid":1000,"additionalGids":[1000,29,44]} "HOME=/home"'
who "with a group there are no others" user:daemon \
	'{"uid":1000,"gid":1,"additionalGids":[1]} "HOME=/home"'
who "name and gid" user:7 '{"uid":1000,"gid":7,"additionalGids":[7]} "HOME=/home"'
who "uid: the group of its entry, no others" 1000 \
	'{"uid":1000,"gid":1000,"additionalGids":[1000]} "HOME=/home"'
who "uid and group" 1000:audio '{"uid":1000,"gid":29,"additionalGids":[29]} "HOME=/home"'
who "uid that passwd hasn't" 4242 '{"uid":4242,"gid":0,"additionalGids":[0]} "HOME=/"'
who "zeros before" 007:008 '{"uid":7,"gid":8,"additionalGids":[8]} "HOME=/"'
if [ "$(id -u)" = 0 ]; then
	who "the largest" 4294967294:4294967294 \
		'{"uid":4294967294,"gid":4294967294,"additionalGids":[4294967294]} "HOME=/"'
else
	skip 1 "not root: nobody has ranges with that"
fi
who "digits are never a name" 8000 '{"uid":8000,"gid":0,"additionalGids":[0]} "HOME=/"'
who "the first entry counts" twice '{"uid":501,"gid":501,"additionalGids":[501]} "HOME=/first"'
who "an empty group is none" user: \
	'{"uid":1000,"gid":1000,"additionalGids":[1000,29,44]} "HOME=/home"'
who "a group alone" :audio '{"uid":0,"gid":29,"additionalGids":[29]} "HOME=/root"'

for user in 4294967295 4294967296 99999999999999999999 0:4294967295 \
	18446744073709551616; do
	fails "$user is out of range" oci-mkbundle -u "$user" img bundle
	said "and it says so" "out of range"
done
for user in nobodyelse user:nogroupelse -1 +1 1.0 0x0 ' 0' '0 ' 1e3 user:-1 \
	empty half minus hex space big wrap + user:bad user:none root:0:0; do
	fails "user '$user'" oci-mkbundle "--user=$user" img bundle
done

# Very many groups.
cp $etc/group group
seq 100000 165534 | sed 's/.*/g&:x:&:many/' >>$etc/group
echo many:x:7:7::/: >>$etc/passwd
if [ "$(id -u)" = 0 ]; then
	ok "65535 groups of one user" oci-mkbundle -u many img bundle
	is "are all there, and his own" "$(jq \
		'.process.user.additionalGids | length' \
		bundle/config.json)" 65536
else
	skip 2 "not root: ids above his ranges"
fi
seq 200000 200001 | sed 's/.*/g&:x:&:many/' >>$etc/group
fails "more than that" oci-mkbundle -u many img bundle
said "are too many" "more than 65535 groups"
mv group $etc/group

# What stands in the place of the files.
cp $etc/passwd good
host=$(getent passwd | grep -v '^\(root\|daemon\|user\|nobody\):' | head -n 1)
host=${host%%:*}
for target in /etc/passwd ../../../../../../../../etc/passwd \
	/proc/self/root/etc/passwd passwd; do
	ln -sf "$target" $etc/passwd
	fails "passwd is a link to $target" oci-mkbundle -u "$host" img bundle
	ok "and numbers do" oci-mkbundle -u 5 img bundle
done
cp good bundle/rootfs/pw
ln -sf /pw $etc/passwd
who "a link inside the image" user:1 '{"uid":1000,"gid":1,"additionalGids":[1]} "HOME=/home"'
rm $etc/passwd
ok "no passwd at all" oci-mkbundle -u 5 img bundle
mkfifo $etc/passwd
fails "passwd is a FIFO" timeout 10 oci-mkbundle -u user img bundle
said "and it says so" "etc/passwd.*not a regular file"
rm $etc/passwd && mkdir $etc/passwd
fails "passwd is a directory" oci-mkbundle -u user img bundle
rmdir $etc/passwd
if mknod $etc/passwd c 1 5 2>/dev/null; then
	fails "passwd is /dev/zero" timeout 10 oci-mkbundle -u user img bundle
	rm -f $etc/passwd
else
	skip 1 "no mknod here"
fi
if [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
	: >$etc/passwd
	fails "passwd is the kernel's log" timeout 10 unshare -m sh -c \
		"mount --bind /proc/kmsg $etc/passwd &&
		exec oci-mkbundle -u user img bundle"
	said "it is named" "etc/passwd"
	ln -sf /proc/cpuinfo $etc/passwd
	fails "passwd is a link into a /proc that is mounted" unshare -m sh -c \
		"mount -t proc proc bundle/rootfs/proc &&
		exec oci-mkbundle -u user img bundle"
	said "it says why" "cross-device"
	rm $etc/passwd
else
	skip 4 "no mounts here"
fi
truncate -s 100G $etc/passwd
fails "passwd of 100 GB" timeout 10 oci-mkbundle -u user img bundle
said "has a limit" "longer than"
printf 'user:x:0:0\0::/:\n' >$etc/passwd
fails "passwd with a NUL" oci-mkbundle -u user img bundle
{
	python3 -c 'print("x" * 1000000 + ":x:1:1::/:")'
	cat good
} >$etc/passwd
who "a long line" user:1 '{"uid":1000,"gid":1,"additionalGids":[1]} "HOME=/home"'
done_testing
