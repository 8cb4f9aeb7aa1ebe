#!/bin/sh
# SPDX-License-Identifier: ISC
# Where no cgroup can be made: what needs none runs, and the rest is told what
# to do.
. "${0%/*}/lib.sh"
need setpriv unshare
need_root

# In a mount namespace of the test's own the cgroups are read-only.
private_mounts
. "$top/t/run.sh"
mkdir user
chmod 755 "$tmp_base" "$tmp" b
bare pid mount

all='.linux.resources.devices = [{allow: true, access: "rwm"}]'
ns='.linux.namespaces += [{type: "cgroup"}]'

# boxed FILTER [COMMAND...]: such a bundle, run by that.
boxed() {
	bundle "$1"
	shift
	timeout 20 "$@" oci-run --root "$state" -b b "$id"
}

cgroups=$(awk '$9 ~ /^cgroup/ || $8 ~ /^cgroup/ { print $5 }' \
	/proc/self/mountinfo)
for m in $cgroups; do
	mount -o remount,bind,ro "$m" || bail "no private mounts"
	mkdir "$m/$id" 2>/dev/null && bail "$m isn't read-only"
done

exits 125 "devices can't be held" boxed .
said "the way out is named" \
	'resources.devices: .*mount /sys/fs/cgroup writable, or allow all dev'
ok "a container that may use all needs no cgroup" boxed "$all"
exits 125 "one with a limit does" boxed "$all | .linux.resources.pids.limit = 9"
said "which is named" 'linux.resources.pids.limit: .*writable'
exits 125 "so does one with a path" boxed "$all"' | .linux.cgroupsPath = "/'"$id"'"'
said "and the path" 'linux.cgroupsPath: .*writable'
exits 125 "and one with a cgroup namespace, whose root would be the host's" \
	boxed "$all | $ns"
said "it is told" 'linux.namespaces: .*could change /sys/fs/cgroup.*writable'
is "nothing is left" "$(ls state)" ""

# An ordinary user's container can't write to what isn't his.
chown 65534:65534 user
chown -R 65534:65534 b
map='[{containerID: 0, hostID: 65534, size: 1}]'
state=$tmp/user/state
user="$ns"' | .linux.namespaces += [{type: "user"}] |
	.linux.uidMappings = '"$map"' | .linux.gidMappings = '"$map"
ok "a container of an ordinary user" boxed "$user" setpriv --reuid=65534 \
	--regid=65534 --clear-groups

# What is his is another thing: his cgroup, delegated, behind such a mount.
v2=/sys/fs/cgroup
[ "$(stat -f -c %T $v2)" = cgroup2fs ] || v2=$v2/unified
mount -o remount,bind,rw "$v2"
mkdir "$v2/$id.d"
chown 65534 "$v2/$id.d" "$v2/$id.d/cgroup.procs"
# shellcheck disable=SC2016
inner='echo $$ >"$1/cgroup.procs"; mount -o remount,bind,ro "$2"
	shift 2; exec "$@"'
exits 125 "but not where the cgroup is his and the mount read-only" \
	boxed "$user" sh -c "$inner" inner "$v2/$id.d" "$v2" \
	setpriv --reuid=65534 --regid=65534 --clear-groups
said "it is told" 'linux.namespaces: .*could change'
mount -o remount,bind,rw "$v2"
ok "nothing is left" rmdir "$v2/$id.d"
done_testing
