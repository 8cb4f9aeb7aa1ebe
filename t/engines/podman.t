#!/bin/sh
# SPDX-License-Identifier: ISC
# podman runs its containers by oci-runtime: what it calls, the texts and exit
# statuses that it looks for, and what it finds out from cgroups.
# shellcheck disable=SC2016 # what is in single quotes is a container's
. "${0%/*}/../lib.sh"
. "$top/t/engines/podman.sh"

# box ARG...: podman run of a container that goes away.
box() {
	timeout -k 5 60 podman run --cgroup-parent "$parent" --rm "$@"
}
# up NAME ARG...: one that stays.
up() {
	up_name=$1
	shift
	podman rm -f -t 0 "$up_name" >"$err" 2>&1
	timeout -k 5 60 podman run --cgroup-parent "$parent" -d \
		--name "$up_name" "$@" >"$out" 2>"$err" || {
		diag "$(cat "$err")"
		return 1
	}
}
state_of() {
	podman inspect -f '{{.State.Status}}' "$1" 2>/dev/null
}
exit_of() {
	podman inspect -f '{{.State.ExitCode}}' "$1" 2>/dev/null
}
is_state() {
	[ "$(state_of "$1")" = "$2" ]
}

exits 3 "run, with the program's status" box busybox sh -c 'echo out; exit 3'
is "and its output" "$(cat "$out")" out
exits 127 "no such program is 127" box busybox nosuch
exits 126 "one that can't be executed is 126" box busybox /etc/passwd
exits 126 "as is a directory" box busybox /etc
exits 125 "podman's own failure is 125" box --nosuch busybox true
done_testing
