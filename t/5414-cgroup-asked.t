#!/bin/sh
# SPDX-License-Identifier: ISC
# What is asked of cgroups and can't be had is an error; what says "no limit"
# asks for nothing.
. "${0%/*}/lib.sh"
need jq
need_root

cg=/sys/fs/cgroup freezer=
if [ "$(stat -f -c %T $cg)" != cgroup2fs ]; then
	freezer=$cg/freezer cg=$cg/unified
fi
[ "$(stat -f -c %T $cg 2>/dev/null)" = cgroup2fs ] || skip_all "no cgroup v2"
id=asked$$
mkdir -p b
busybox_rootfs b/rootfs
cat >plain.json <<-END
	{"ociVersion": "1.0.2", "root": {"path": "rootfs"}, "process": {
		"user": {"uid": 0, "gid": 0}, "cwd": "/", "env": ["PATH=/bin"],
		"args": ["true"]},
	"linux": {"namespaces": [{"type": "mount"}, {"type": "pid"}]}}
END

# box [FILTER [COMMAND...]]
box() {
	jq "${1:-.}" plain.json >b/config.json || bail "jq: $1"
	[ $# = 0 ] || shift
	"$@" timeout -s KILL 10 oci-run --root "$tmp/state" -b b "$id"
}

leftovers() {
	find /sys/fs/cgroup -name "$id*" 2>/dev/null
}
# shellcheck disable=SC2317 # at the end
finish() {
	echo THAWED >"$freezer/$id.ice/freezer.state"
	echo 0 >"$cg/$id.ice/cgroup.freeze"
	find /sys/fs/cgroup -depth -type d -name "$id*" -exec rmdir {} +
}
at_exit 'finish 2>/dev/null'

# Without the controllers: beside v1 the tree of v2 has none of these.
if [ "$freezer" ]; then
	none='.linux.resources = {
		memory: {limit: -1, reservation: -1, swap: -1, kernelTCP: -1},
		cpu: {quota: -1, period: 100000, realtimeRuntime: -1},
		pids: {limit: -1}}'
	ok "no limits where nothing limits" box "$none" v2_only
	ok "0 of pids is none, too" box '.linux.resources.pids.limit = 0' v2_only
	exits 125 "a limit" box '.linux.resources.pids.limit = 1' v2_only
	said "is missed" 'pids.limit: there is no pids controller'
else
	skip 4 "the controllers are here"
fi
exits 125 "a limit of swap beside no limit of memory" box '
	.linux.resources.memory = {limit: -1, swap: 100000000}'
said "is missed" 'memory.swap'

for file in cgroup.procs cgroup.threads; do
	exits 125 "$file" box ".linux.resources.unified[\"$file\"] = \"$$\""
	said "is no setting" "unified: \"$file\": it would move"
done

# Below one that is frozen nothing runs: an error is better than to wait.
frozen() { # DIRECTORY FILE FROZEN THAWED
	mkdir "$1/$id.ice"
	echo "$3" >"$1/$id.ice/$2"
	exits 125 "below one that is frozen" box \
		".linux.cgroupsPath = \"/$id.ice/box\""
	said "is an error" "linux.cgroupsPath: .*/box: it is frozen, or one above"
	echo "$4" >"$1/$id.ice/$2"
	is "nothing is left" "$(leftovers)" "$1/$id.ice"
	ok "not frozen any more it is none" box \
		".linux.cgroupsPath = \"/$id.ice/box\""
	rmdir "$1/$id.ice"
}
frozen $cg cgroup.freeze 1 0
if [ "$freezer" ]; then
	frozen "$freezer" freezer.state FROZEN THAWED
else
	skip 4 "no cgroup v1 here"
fi
is "nothing is left" "$(leftovers)" ""
done_testing
