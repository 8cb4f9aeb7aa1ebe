#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016 # what is in single quotes is for another shell
# oci-run from a cgroup whose processes were killed at once before, as those of
# a service that was started anew.
. "${0%/*}/lib.sh"
. "$top/t/run.sh"

cgroup=$id.caller
script="echo 1 >/sys/fs/cgroup/$cgroup/cgroup.kill &&
	echo \$\$ >/sys/fs/cgroup/$cgroup/cgroup.procs && exec"
killed() { # COMMAND...
	v2_only sh -c "mkdir -p /sys/fs/cgroup/$cgroup &&
		[ -e /sys/fs/cgroup/$cgroup/cgroup.kill ]" ||
		skip_all "no cgroup.kill"
	v2_only sh -c "$script \"\$@\"" killed "$@"
}
end() {
	v2_only rmdir "/sys/fs/cgroup/$cgroup"
}
at_exit end

plain '.linux.cgroupsPath = "/'"$id"'"'
bundle '.process.args = ["sh", "-c", "echo run; exit 3"]'
exits 3 "a container" killed oci-run --root "$state" -b b "$id"
is "runs" "$(cat "$out")" run
change '.linux.namespaces += [{type: "user"}] |
	.linux.uidMappings = [{containerID: 0, hostID: 0, size: 65536}] |
	.linux.gidMappings = .linux.uidMappings'
exits 3 "one with ids of its own" killed oci-run --root "$state" -b b "$id"
is "runs, too" "$(cat "$out")" run
is "nothing is left" "$(ls "$state") $(v2_only find /sys/fs/cgroup \
	-name "$id" -type d)" " "
done_testing
