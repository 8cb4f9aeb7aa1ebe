#!/bin/sh
# SPDX-License-Identifier: ISC
# run/cgroup where there is one cgroup v2 tree: the program of 5520 again.
. "${0%/*}/lib.sh"

need_root
need unshare
if [ "$(stat -f -c %T /sys/fs/cgroup)" != cgroup2fs ]; then
	export NO_PIDS=1 # the controllers are in use by v1
fi
ok "cgroups, device programs and their end" v2_only "$B/t/5520-cgroup.t"
done_testing
