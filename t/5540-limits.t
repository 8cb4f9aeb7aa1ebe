#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016,SC2317
# Limits, device rules, capabilities and seccomp, as a container meets them.
. "${0%/*}/lib.sh"
. "$top/t/run.sh"

# What the container may do, and what it has for that.
bare pid mount ipc network
plain '.process.capabilities = (["bounding", "permitted", "effective"] |
	map({key: ., value: ["CAP_CHOWN", "CAP_MKNOD"]}) | from_entries) |
	.mounts += [{destination: "/dev", type: "tmpfs", source: "tmpfs"},
	{destination: "/sys", type: "sysfs", source: "sysfs", options: ["ro"]}]'
plain '.mounts |= sort_by(.destination)'

# config RESOURCES SECCOMP COMMAND: a bundle that runs it in a shell.
config() {
	shell "$3" ".linux.namespaces += [${ns-}] |
		.linux.resources = {$1} | .linux.seccomp = ${2:-null}"
}

v2='' memory=memory/memory.limit_in_bytes cpu=cpu/cpu.cfs_quota_us
if [ "$(stat -f -c %T /sys/fs/cgroup)" = cgroup2fs ]; then
	v2=y memory=memory.max cpu=cpu.max
	for c in memory cpu cpuset pids; do
		grep -qw "$c" /sys/fs/cgroup/cgroup.controllers ||
			skip_all "cgroup v2 without the controller $c"
	done
fi

ns='{type: "cgroup"}'
config '"memory": {"limit": 33554432}' "" 'cat /sys/fs/cgroup/'$memory
ok "a container reads its own limit" box
printed "which is the one of config.json" '^33554432$'
config '"memory": {"limit": 16777216}' "" \
	'exec awk "BEGIN { for (s = 1; ; s = s s) s = s 12345678 }"'
exits 137 "memory runs out: killed" box
config '"pids": {"limit": 8}' "" \
	'i=0; while [ $i -lt 30 ]; do sleep 9 & i=$((i + 1)); done; echo all'
run box
is "30 processes aren't had of 8" "$(grep -c all "$out")" 0
said "fork is what fails" "fork"
config '"cpu": {"quota": 20000, "period": 100000}' "" \
	'cat /sys/fs/cgroup/'$cpu
ok "a quota" box
printed "is in its file" "^20000"
config '"cpu": {"cpus": "0", "shares": 512}' "" \
	'grep Cpus_allowed_list /proc/self/status'
ok "a set of processors" box
printed "is what the process may use" "list:.0$"
config "" "" 'mknod /dev/loop c 10 237 && cat /dev/loop; rm -f /dev/loop'
run box
said "a device that nobody allowed can be made, not opened" "not permitted"
config '"devices": [{"allow": true}, {"allow": false, "type": "c", "major": 1,
	"minor": 5, "access": "w"}]' "" \
	'head -c 1 /dev/zero | wc -c; echo x | tee /dev/zero'
run box
printed "a device that is denied for writing is read" '^1$'
said "and not written" "not permitted"
config '"unified": {"memory.high": "33554432"}' "" true
if [ "$v2" ]; then
	ok "a file of cgroup v2" box
else
	exits 125 "a file of cgroup v2 isn't to be had of v1" box
	said "and it is named" "linux.resources.unified.memory.high"
fi
config '"cpu": {"cpus": "999"}' "" true
exits 125 "processors that there are none of" box
said "the property is named" "linux.resources.cpu.cpus"
is "and nothing is left of the attempt" "$(leftovers)" ""

ns=
config "" "" \
	'for d in /sys/fs/cgroup /sys/fs/cgroup/*/; do
		[ ! -d $d ] || mkdir $d/x 2>&1; done'
run box
is "without a cgroup namespace nothing in the tree can be written" \
	"$(grep -cv Read-only "$out")" 0

config "" "" 'grep Cap /proc/self/status'
ok "capabilities" box
printed "the bounding set" "^CapBnd:.0000000008000001"
printed "the effective set" "^CapEff:.0000000008000001"
printed "nothing to inherit" "^CapInh:.0000000000000000"
config "" '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
	{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO",
	"errnoRet": 95}]}' 'mkdir /tmp/x'
run box
said "seccomp's error" "not supported"
config "" '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
	{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_KILL_PROCESS"}]}' \
	'exec mkdir /tmp/x'
exits 159 "seccomp kills" box
is "nothing is left" "$(leftovers)" ""
done_testing
