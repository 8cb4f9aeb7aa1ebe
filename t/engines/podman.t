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
ok "restart" podman restart -t 0 "$name"
is "starts it anew" "$(state_of "$name")" running
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
ok "a volume of podman's" box -v "v$name:/v" busybox sh -c 'echo kept >/v/file'
ok "is there again" box -v "v$name:/v" busybox cat /v/file
is "with what was kept" "$(cat "$out")" kept
ok "until it is removed" podman volume rm "v$name"
exits 5 "-it has a terminal" timeout 60 python3 "$top/t/engines/terminal.py" podman run \
	--cgroup-parent "$parent" --rm -it busybox \
	sh -c 'case $(tty) in /dev/*) exit 5; esac'

# Limits are the cgroup's, and what it counts is podman's.
ok "--memory --pids-limit --cpus" up "$name" --memory 50m --memory-swap 50m \
	--pids-limit 77 --cpus 0.5 busybox sleep 100
is "are a limit of memory" "$(limits memory.limit_in_bytes memory.max)" 52428800
is "of processes" "$(limits pids.max pids.max)" 77
is "and of time" "$(limits cpu.cfs_quota_us cpu.max | cut -d' ' -f1)" 50000
ok "stats" podman stats --no-stream --format '{{.MemUsage}} {{.PIDs}}' "$name"
printed "are its cgroups'" '/ 52\.43MB 1$'
ok "update" podman update --memory 60m --memory-swap 60m "$name"
is "changes the limit" "$(limits memory.limit_in_bytes memory.max)" 62914560
up "$name" --memory 20m --memory-swap 20m busybox \
	sh -c 'x=x; while :; do x=$x$x; done'
ok "what takes too much memory" wait_for is_state "$name" exited
is "has 137" "$(exit_of "$name")" 137
podman rm -f -t 0 "$name" >"$out" 2>&1

ok "--uidmap" box --uidmap 0:100000:65536 --gidmap 0:100000:65536 busybox \
	sh -c 'awk "{ print \$2 }" /proc/self/uid_map; touch /x; stat -c %u /x'
is "is a user namespace" "$(tr '\n' ' ' <"$out")" "100000 0 "

# oci-init is the one of containers.conf.
exits 3 "--init" box --init busybox \
	sh -c 'tr "\0" " " </proc/1/cmdline; echo $$; exit 3'
printed "has oci-init" '^/[a-z/-]*init -- sh -c .*[^0-9][2-9]$'
exits 5 "at a terminal, too" timeout 60 python3 "$top/t/engines/terminal.py" \
	podman run --cgroup-parent "$parent" --rm --init -it busybox \
	sh -c 'case $(tty) in /dev/*) exit 5; esac'
up "$name" --init busybox sleep 100
ok "what heeds no signal as process 1" podman stop -t 30 "$name"
is "ends by TERM" "$(exit_of "$name")" 143

# A pod is a container for the namespaces, and others that join it.  Its cgroup
# podman may leave in hierarchies without controllers, with every runtime.
ok "a pod" podman pod create --name "$name-pod" --cgroup-parent "$parent" \
	--infra-image busybox --infra-command 'sleep 100' --share ipc,net,uts,pid
pod=$(cat "$out")
ok "one in it" podman run -d --pod "$name-pod" --name "$name-1" busybox sleep 101
ok "another" podman run --rm --pod "$name-pod" busybox \
	sh -c 'ps; readlink /proc/self/ns/ipc'
printed "sees the pod's processes" 'sleep 101$'
ns_of() { podman exec "$1" readlink /proc/self/ns/ipc; }
is "and shares its ipc namespace" "$(tail -n 1 "$out")" "$(ns_of "$name-1")"
ok "pod pause" podman pod pause "$name-pod"
is "is seen" "$(state_of "$name-1")" paused
ok "pod unpause" podman pod unpause "$name-pod"
is "is seen" "$(state_of "$name-1")" running
ok "pod stop" podman pod stop -t 0 "$name-pod"
ok "pod rm" podman pod rm -f "$name-pod"
find /sys/fs/cgroup -type d -name "$pod" -exec rmdir {} + 2>"$err"
podman rm -f -t 0 "$name" >"$out" 2>&1
leaves_nothing "nothing is left"
done_testing
