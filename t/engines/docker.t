#!/bin/sh
# SPDX-License-Identifier: ISC
# Docker runs its containers by oci-runtime.
# shellcheck disable=SC2016 # what is in single quotes is a container's
. "${0%/*}/../lib.sh"
need dockerd docker containerd busybox runc python3 jq
. "$top/t/engines/apart.sh"

export DOCKER_HOST="unix:///run/docker.sock" DOCKER_CONFIG="$tmp/client"
unset DOCKER_CONTEXT DOCKER_TLS_VERIFY
mkdir "$tmp_base/docker"

# D ARG...: docker, as its user calls it.
D() {
	timeout -k 5 60 docker "$@"
}
# daemon_start: live containers outlast the daemon.
daemon_start() {
	rm -f /run/docker.pid
	dockerd --config-file "$tmp/daemon.json" --live-restore \
		--data-root "$tmp_base/docker/root" --storage-driver vfs \
		--exec-root /run/docker --pidfile /run/docker.pid \
		--host "$DOCKER_HOST" \
		--iptables=false --ip6tables=false --bridge=none \
		>>"$tmp_base/docker/log" 2>&1 </dev/null &
	daemon=$!
	wait_for D version
}
# box ARG...: docker run of a container that goes away.
box() {
	D run --cgroup-parent "$parent" --rm "$@"
}
# up ARG...: one that stays, "box".
up() {
	D rm -f box >"$out" 2>&1
	D run --cgroup-parent "$parent" -d --name box "$@" >"$out" 2>"$err" || {
		diag "$(cat "$err")"
		return 1
	}
}
of_box() { # FIELD
	D inspect -f "{{.$1}}" box 2>"$err"
}
no_process() {
	! pgrep -f '^[^ ]*containerd-shim|sleep 100'
}
is_state() {
	[ "$(of_box State.Status)" = "$1" ]
}

. "$top/t/engines/manual.sh"
from_manual /etc/docker/daemon.json >daemon.json
daemon_start || {
	diag "$(tail -n 5 "$tmp_base/docker/log")"
	skip_all "dockerd doesn't start here"
}
busybox_rootfs rootfs
printf '#!/nonexistent\n' >rootfs/bin/noexec
chmod 755 rootfs/bin/noexec
tar -C rootfs -cf image.tar .
mkdir host && echo text >host/file
D import --change 'ENV PATH=/bin' image.tar busybox >"$out" 2>"$err" || {
	diag "$(cat "$err")"
	bail "docker import"
}
box --runtime runc busybox true >"$out" 2>"$err" || {
	diag "$(cat "$err")"
	skip_all "docker runs no container here, by runc either"
}

exits 3 "run, with the program's status" box busybox sh -c 'echo out; exit 3'
is "and its output" "$(cat "$out")" out
exits 127 "no such program is 127" box busybox nosuch
said "is named" 'nosuch.*: executable file not found in'
exits 127 "one that isn't there" box busybox /no/program
said "is named" '/no/program.*: no such file or directory'
exits 126 "one that can't be executed is 126" box busybox /etc/passwd
said "is named" '/etc/passwd.*: permission denied'
exits 126 "as is a directory" box busybox /etc
exits 127 "and one whose interpreter isn't there" box busybox noexec
said "is named" '/bin/noexec: .*: no such file or directory'
is "no cgroup stays" "$(engine_cgroups)" ""

ok "info" D info -f '{{json .}}'
ok "has the runtime's commit" jq -e --arg v \
	"$(oci-runtime --version | sed -n 's/^commit: //p')" \
	'.DefaultRuntime == "oci" and .RuncCommit.ID == $v' "$out"
ok "options" box --hostname h --env A=b --user 1000:1000 --workdir /tmp \
	--read-only --tmpfs /t --cap-drop all --security-opt no-new-privileges \
	--ulimit nofile=100 --shm-size 1m -v "$tmp/host:/mnt:ro" busybox \
	sh -c 'hostname; echo $A $PWD $(id -u) $(id -g) $(cat /mnt/file)
	sed -n "s/CapBnd:.//p; s/NoNewPrivs:.//p; s/Seccomp:.//p" \
		/proc/self/status
	touch /x 2>/dev/null || touch /mnt/x 2>/dev/null || echo ro
	touch /t/x && echo rw; ulimit -n
	df -k /dev/shm | awk "NR == 2 { print \$2 }"'
is "are heeded" "$(tr '\n' ' ' <"$out")" \
	"h b /tmp 1000 1000 text 0000000000000000 1 2 ro rw 100 1024 "

exits 3 "--init" box --init busybox \
	sh -c 'tr "\0" " " </proc/1/cmdline; cat /sbin/docker-init | wc -c; exit 3'
is "is oci-init" "$(sed 's/ -- .* / /' "$out")" \
	"/sbin/docker-init $(wc -c <"$B/bin/oci-init")"
exits 5 "-it has a terminal" timeout 60 python3 "$top/t/engines/terminal.py" \
	docker run --cgroup-parent "$parent" --rm -it busybox \
	sh -c 'case $(tty) in /dev/*) exit 5; esac'


ok "run -d" up --memory 50m --memory-swap 50m --pids-limit 77 --cpus 0.5 \
	busybox sh -c 'echo said; exec sleep 1000'
is "is by oci-runtime" "$(of_box HostConfig.Runtime)" oci
is "has a limit of memory" "$(limits memory.limit_in_bytes memory.max)" 52428800
is "of processes" "$(limits pids.max pids.max)" 77
is "and of time" "$(limits cpu.cfs_quota_us cpu.max | cut -d' ' -f1)" 50000
logged() { D logs box | grep -qx said; }
ok "logs" wait_for logged
exits 4 "exec" D exec -e A=b -w /tmp -u 1000:1000 box \
	sh -c 'echo $A $PWD $(id -u) $(id -g); exit 4'
is "and its output" "$(cat "$out")" "b /tmp 1000 1000"
# A status of its own it has for that only lately: it was 126, by runc too.
run D exec box nosuch
is "exec of no program names it" "$(cat "$out" "$err" |
	grep -c 'nosuch.*: executable file not found in')" 1
exits 126 "of none that can be executed" D exec box /etc/passwd
exits 5 "exec -it" timeout 60 python3 "$top/t/engines/terminal.py" \
	docker exec -it box sh -c 'case $(tty) in /dev/*) exit 5; esac'
ok "top" D top box
printed "shows the process" 'sleep 1000'
ok "stats" D stats --no-stream --format '{{.MemUsage}} {{.PIDs}}' box
printed "are its cgroups'" '/ 50MiB 1$'
ok "update" D update --memory 60m --memory-swap 60m --pids-limit 88 \
	--cpus 0.25 box
is "changes memory's limit" "$(limits memory.limit_in_bytes memory.max)" \
	62914560
is "that of processes" "$(limits pids.max pids.max)" 88
is "and of time" "$(limits cpu.cfs_quota_us cpu.max | cut -d' ' -f1)" 25000
ok "pause" D pause box
is "is seen" "$(of_box State.Status)" paused
ok "unpause" D unpause box
is "is seen" "$(of_box State.Status)" running

kill -KILL "$daemon"
wait "$daemon" 2>/dev/null
ok "dockerd comes back" daemon_start
is "to the same container" "$(of_box State.Status)" running
ok "exec" D exec box true
ok "another joins its namespaces" box --pid container:box \
	--network container:box busybox ps
printed "and sees it" 'sleep 1000'
ok "restart" D restart -t 0 box
is "starts another" "$(of_box State.Status)" running
ok "kill" D kill -s KILL box
ok "ends it" wait_for is_state exited
is "with 137" "$(of_box State.ExitCode)" 137

up busybox sh -c 'trap "exit 7" TERM; echo said; while :; do sleep 0.1; done'
wait_for logged
ok "stop" D stop -t 30 box
is "is TERM" "$(of_box State.ExitCode)" 7
up busybox sleep 1000
ok "stop of what doesn't heed it" D stop -t 1 box
is "is KILL" "$(of_box State.ExitCode)" 137
# Docker knows of what it is told before the container ends.
up --memory 20m --memory-swap 20m busybox \
	sh -c '(x=x; while :; do x=$x$x; done); sleep 2'
ok "what takes too much memory" wait_for is_state exited
is "is said to" "$(of_box State.OOMKilled)" true
ok "events" D events --since 10m --until "$(($(date +%s) + 1))" \
	--format '{{.Status}}' --filter "container=$(of_box Id)"
is "are told" "$(sort "$out" | tr '\n' ' ')" \
	"create die oom start "
up busybox sleep 1000
ok "rm -f of a running one" D rm -f box
is "no cgroup stays" "$(engine_cgroups)" ""
ok "no process" wait_for no_process
is "no state" "$(find /run/docker/runtime-* -mindepth 2 ! -name '.seccomp:*')" ""
done_testing
