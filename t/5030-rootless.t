#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-run as an ordinary user: one id, and ranges by newuidmap.
. "${0%/*}/lib.sh"
need jq unshare newuidmap
need_root

# In a mount namespace of the test's own, nobody has ranges.
private_mounts

. "$top/t/user.sh"
busybox_image img --user 0 >/dev/null
chmod -R a+rX img
id=rootless$$

# shellcheck disable=SC2016
script='id; cat /proc/self/uid_map; touch /x && stat -c %u:%g /x
	ls /dev; hostname; echo "files of $(stat -c %u /bin/busybox)"'

: >none
ranges_from() {
	mount --bind "$1" /etc/subuid || bail "no private mounts"
	mount --bind "$1" /etc/subgid || bail "no private mounts"
}
ranges_from none
at_exit "umount /etc/subuid /etc/subgid"
ok "a bundle of one id" as_user oci-mkbundle ../img one -- sh -c "$script"
ok "it runs" as_user oci-run -b one $id
printed "as root" '^uid=0\(root\) gid=0\(root\)'
printed "that is the user" '^ +0 +65534 +1$'
printed "who owns the files" '^files of 0$'
printed "and can make some" '^0:0$'
printed "there are devices" '^urandom$'
is "outside it is his" "$(stat -c %u home/one/rootfs/x)" 65534
exits 125 "as an id that isn't mapped" as_user oci-run -b one -u 5 $id
said "says where ids come from" 'user\.uid: 5: .* no such id, .* uidMappings'
is "nothing is left of it" "$(ls home/oci)" ""
ok "its state is his" as_user oci-ps
ok "detached" as_user oci-run -d -b one $id
ok "it can be seen" as_user oci-ps $id
bundle_limit() {
	as_user oci-mkbundle -m 64m ../img limited -- true
}
ok "a bundle with a limit" bundle_limit
exits 125 "a limit without a cgroup of his" as_user oci-run -b limited $id.l
said "is refused by name" 'memory.*delegated|delegated.*memory|memory'

# shellcheck disable=SC2016 # for the hook's shell
jq --arg s 'PATH=/bin:/usr/bin; readlink /proc/$(jq .pid)/ns/net; exit 1' \
	'.hooks.prestart = [{path: "/bin/sh", args: ["sh", "-c", $s]}] |
	.hooks.createContainer = [{path: "/bin/false"}]' \
	home/one/config.json >hooks.json
jq 'del(.hooks.prestart)' hooks.json >inside.json
cp -a home/one/config.json one.json
cat hooks.json >home/one/config.json
exits 125 "a hook of his" as_user oci-run -b one $id.h
said "sees the container's namespaces" 'exit status 1: net:\[[0-9]+\]$'
cat inside.json >home/one/config.json
exits 125 "one in the container" as_user oci-run -b one $id.h
said "is run there" 'createContainer\[0\]: /bin/false: exit status 1$'
cat one.json >home/one/config.json

jq '.linux.namespaces += [{type: "time"}] |
	.linux.timeOffsets = {boottime: {secs: 12345}} |
	.process.args = ["cat", "/proc/self/timens_offsets"]' one.json \
	>home/one/config.json
ok "clocks of his" as_user oci-run -b one $id.t
printed "are set" '^boottime +12345 +0$'
cat one.json >home/one/config.json

umount /etc/subuid /etc/subgid
echo nobody:300000:65536 >ranges
chmod 644 ranges
ranges_from ranges
ok "a bundle of ranges" as_user oci-mkbundle ../img many -- sh -c "$script"
ok "it runs" as_user oci-run -b many $id.r
printed "with two ranges" '^ +1 +300000 +65536$'
printed "as root" '^uid=0'
ok "another user of the image" as_user oci-mkbundle -u user ../img user -- id
ok "it runs" as_user oci-run -b user $id.u
printed "with his groups" 'uid=1000\(user\).*29\(audio\)'

jq '.linux.uidMappings[1].hostID = 1 | .linux.uidMappings[1].size = 5' \
	home/user/config.json >bad.json && cat bad.json >home/user/config.json
exits 125 "ids that are not his" as_user oci-run -b user $id.b
said "and where to look" '/etc/subuid'
jq 'del(.linux.namespaces[] | select(.type == "user")) |
	del(.linux.uidMappings, .linux.gidMappings)' bad.json >home/user/config.json
exits 125 "no user namespace" as_user oci-run -b user $id.n
said "and what to do" 'oci-mkbundle --rootless'
done_testing
