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
		tap_why "$err"
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
leaves_nothing "nothing is left"

ok "run -d" up "$name" busybox sh -c 'echo said; exec sleep 100'
is "is by oci-runtime" "$(podman inspect -f '{{.OCIRuntime}}' "$name")" \
	"$B/bin/oci-runtime"
logged() { podman logs "$name" | grep -qx said; }
ok "logs" wait_for logged
exits 4 "exec" podman exec "$name" sh -c 'exit 4'
ok "exec -e -w -u" podman exec -e A=b -w /tmp -u 1000:1000 "$name" \
	sh -c 'echo $A $PWD $(id -u) $(id -g)'
is "has them" "$(cat "$out")" "b /tmp 1000 1000"
exits 127 "exec of no program" podman exec "$name" nosuch
exits 126 "of none that can be executed" podman exec "$name" /etc/passwd
ok "top" podman top "$name" args
printed "shows the process" 'sleep 100'
ok "pause" podman pause "$name"
is "is paused" "$(state_of "$name")" paused
ok "unpause" podman unpause "$name"
is "runs" "$(state_of "$name")" running
ok "kill -s KILL" podman kill -s KILL "$name"
ok "ends it" wait_for is_state "$name" exited
is "with 137" "$(exit_of "$name")" 137

up "$name" busybox sh -c 'trap "exit 7" TERM; echo said; while :; do sleep 0.1; done'
wait_for logged
ok "stop" podman stop -t 30 "$name"
is "is TERM" "$(exit_of "$name")" 7
up "$name" busybox sleep 100
ok "stop of what doesn't heed it" podman stop -t 1 "$name"
is "is KILL" "$(exit_of "$name")" 137
up "$name" busybox sleep 100
ok "rm -f of a running one" podman rm -f -t 0 "$name"
leaves_nothing "leaves nothing"

ok "options" box --hostname h --env A=b --user 1000 --read-only --tmpfs /t \
	--cap-drop all busybox sh -c 'hostname; echo $A; id -u
	sed -n s/CapBnd:.//p /proc/self/status
	touch /x 2>/dev/null || echo ro; touch /t/x && echo rw'
is "are heeded" "$(tr '\n' ' ' <"$out")" "h b 1000 0000000000000000 ro rw "
mkdir vol && echo text >vol/file
ok "volumes" box -v "$tmp/vol:/ro:ro" -v "$tmp/vol:/rw" busybox \
	sh -c 'cat /ro/file; touch /ro/x 2>/dev/null || touch /rw/new'
is "are read-only or not" "$(cat "$out") $(cd vol && echo *)" "text file new"
exits 5 "-it has a terminal" timeout 60 python3 "$top/t/engines/terminal.py" podman run \
	--cgroup-parent "$parent" --rm -it busybox \
	sh -c 'case $(tty) in /dev/*) exit 5; esac'
done_testing
