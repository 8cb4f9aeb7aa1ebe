#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# oci-run: what the container's process says before it is the program reaches
# the caller, and how it was killed.
. "${0%/*}/lib.sh"
need script
. "$top/t/run.sh"

# With a terminal its standard error is the container's when it fails.
terminal() {
	script -qec "oci-run --root $state -b b $id" typescript
}
bundle '.process.terminal = true | .process.args = ["nonexistent"]'
exits 127 "no such program, with a terminal" terminal
printed "is said" 'oci-run: nonexistent: executable file not found'
bundle '.process.terminal = true | .process.cwd = "/etc/passwd"'
exits 125 "no such directory" terminal
printed "is said" 'oci-run: process.cwd: /etc/passwd: Not a dir'
printf '\002\003' >b/rootfs/bad
chmod 755 b/rootfs/bad
bundle '.process.terminal = true | .process.args = ["/bad"]'
exits 126 "no program" terminal
printed "is said" 'oci-run: /bad: neither a program'

# To the caller's standard error, not to the container's.
bundle '.process.args = ["nonexistent"]'
exits 127 "without a terminal" box
is "once" "$(wc -l <"$err")" 1

# Killed by the kernel, for the cgroup above it may use no memory; a limit of
# its own that is too low for a start isn't taken.
above=/sys/fs/cgroup/memory
[ -d $above ] || above=/sys/fs/cgroup
mkdir "$above/$id-above"
echo 65536 >"$above/$id-above/memory.limit_in_bytes" 2>/dev/null ||
	echo 65536 >"$above/$id-above/memory.max"
bundle ".process.args = [\"true\"] | .linux.cgroupsPath = \"/$id-above/x\" |
	.linux.resources.memory = {limit: 1048576}"
exits 125 "a limit that nothing can start with" box
said "is named as the cause" "$id: .*(limit of memory|Cannot allocate|memory)"
rmdir "$above/$id-above"

is "no state is left" "$(ls "$state")" ""
done_testing
