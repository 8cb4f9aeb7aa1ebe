#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# oci-run: by a root that lacks a capability, or has one too many.
. "${0%/*}/lib.sh"
need setpriv
. "$top/t/run.sh"
plain '.linux.resources = {devices: [{allow: true, access: "rwm"}]}'

# without CAPABILITY... -- OPTION...: box by who doesn't have them.
without() {
	dropped=
	while [ "$1" != -- ]; do
		dropped=$dropped,-$1
		shift
	done
	shift
	setpriv --bounding-set="${dropped#,}" "$@" \
		oci-run --root "$state" -b b "$id"
}

# A working directory that its user alone can enter.
mkdir b/rootfs/his
chown 1000 b/rootfs/his
chmod 700 b/rootfs/his
own='.process.cwd = "/his" | .process.user = {uid: 1000, gid: 1000} |
	del(.process.capabilities)'
shell pwd "$own"
ok "a directory of the user's" without dac_override dac_read_search --
printed "is entered as he" '^/his$'
shell pwd "$own | .process.user.uid = 1001"
exits 125 "one that isn't his" without dac_override dac_read_search --
said "can't be" 'process.cwd: /his: Permission denied'

# Groups that can't be given up are not taken along.
shell id 'del(.process.capabilities)'
exits 125 "groups, of who can't set them" without setgid -- --groups 7
said "aren't kept" 'process.user.additionalGids: Operation not permitted'

# What the host's processes have is no place for the container's own, whose
# capabilities would do to look into them.
sleep 100 &
sleeper=$!
at_exit "kill $sleeper"
host='.linux.namespaces |= map(select(.type != "pid")) |
	.process.capabilities[] = ["CAP_SYS_PTRACE"]'
bundle '.process.args = ["/proc/'$sleeper'/root" + $busybox, "echo", "ESCAPED"] | '"$host" \
	--arg busybox "$(readlink -f "$(command -v busybox)")"
exits 126 "a program of the host's" box
is "is not executed" "$(cat "$out")" ""
shell pwd ".process.cwd = \"/proc/$sleeper/cwd\" | $host"
exits 125 "a directory of the host's" box
said "is not looked at" "process.cwd: /proc/$sleeper/cwd: Permission denied"
done_testing
