#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# oci-run: what the container's process says before it is the program reaches
# the caller, and how it was killed.
. "${0%/*}/lib.sh"
need jq runc script
need_root

state=$tmp/state
mkdir b
busybox_rootfs b/rootfs
(cd b && runc spec)
cp b/config.json plain.json
bundle() {
	jq 'del(.process.capabilities.ambient) | '"$1" plain.json \
		>b/config.json || bail "jq: $1"
}

# With a terminal its standard error is the container's when it fails.
terminal() {
	script -qec "oci-run --root $state -b b s$$" typescript
}
bundle '.process.terminal = true | .process.args = ["nonexistent"]'
exits 127 "no such program, with a terminal" terminal
printed "is said" 'oci-run: nonexistent: executable file not found'
bundle '.process.terminal = true | .process.cwd = "/etc/passwd"'
exits 125 "no such directory" terminal
printed "is said" 'oci-run: config.json: process.cwd: /etc/passwd: Not a dir'
printf '\002\003' >b/rootfs/bad
chmod 755 b/rootfs/bad
bundle '.process.terminal = true | .process.args = ["/bad"]'
exits 126 "no program" terminal
printed "is said" 'oci-run: /bad: is no program'

# To the caller's standard error, not to the container's.
bundle '.process.terminal = false | .process.args = ["nonexistent"]'
exits 127 "without a terminal" oci-run --root "$state" -b b s$$
is "once" "$(wc -l <"$err")" 1

# Killed by the kernel, for it may use no memory.
bundle '.process.terminal = false | .process.args = ["true"] |
	.linux.resources.memory = {limit: 65536}'
exits 125 "a limit that nothing can start with" oci-run --root "$state" \
	-b b s$$
said "is named as the cause" "s$$: .*(limit of memory|Cannot allocate|memory)"

is "no state is left" "$(ls "$state")" ""
done_testing
