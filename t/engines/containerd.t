#!/bin/sh
# SPDX-License-Identifier: ISC
# containerd's ctr runs containers by oci-runtime.
# shellcheck disable=SC2016 # what is in single quotes is a container's
. "${0%/*}/../lib.sh"
export space=default
. "$top/t/engines/containerd.sh"
need python3 jq

cat >config.toml <<'T'
version = 2
disabled_plugins = ["io.containerd.grpc.v1.cri",
	"io.containerd.internal.v1.opt"]
T
containerd_start

is_task() { # STATUS
	C task ls | grep -Eq "^box +[0-9]+ +$1"
}
is_no_task() {
	! C task ls | grep -Eq "^box "
}

exits 3 "a run has the status" box --rm "$image" box sh -c 'echo out; exit 3'
is "and the output" "$(cat "$out")" out
fails "a program that isn't in PATH" box --rm "$image" box nope
said "is named" 'nope: executable file not found in'
fails "one that isn't there" box --rm "$image" box /no/program
said "is named" '/no/program: no such file or directory'
fails "one that can't be executed" box --rm "$image" box /etc
said "is named" '/etc: permission denied'
mkdir host && echo text >host/file
ok "options" box --rm --cwd /tmp --env A=b --read-only \
	--seccomp --cap-drop CAP_CHOWN \
	--mount "type=bind,src=$tmp/host,dst=/mnt,options=rbind:ro" \
	"$image" box sh -c 'echo $PWD $ONE $A $(cat /mnt/file)
	touch /mnt/x 2>/dev/null || touch /x 2>/dev/null || echo ro
	sed -n "s/Seccomp:.//p" /proc/self/status'
is "are heeded" "$(tr '\n' ' ' <"$out")" "/tmp 1 b text ro 2 "
ok "a user namespace" box --rm --uidmap 0:100000:65536 \
	--gidmap 0:100000:65536 "$image" box \
	sh -c 'awk "{ print \$2 }" /proc/self/uid_map; touch /x; id -u'
is "has its owners" "$(tr '\n' ' ' <"$out")" "100000 0 "
ok "a privileged one" box --rm --privileged "$image" box \
	sed -n 's/CapEff:.//p' /proc/self/status
is "has what root has" "$(cat "$out")" \
	"$(sed -n 's/CapEff:.//p' /proc/self/status)"
exits 5 "at a terminal" timeout 60 python3 "$top/t/engines/terminal.py" \
	ctr run --rm -t --cgroup "$parent/box" --runc-binary "$oci" \
	"$image" box sh -c 'case $(tty) in /dev/*) exit 5; esac'
is "no cgroup stays" "$(engine_cgroups)" ""

ok "a detached run" box -d --memory-limit 50000000 --cpu-shares 512 \
	"$image" box sleep 1000
is "is by oci-runtime" "$(C container info box |
	jq -r .Runtime.Options.value | base64 -d | grep -c "$oci")" 1
is "has its limit" "$(limits memory.limit_in_bytes memory.max)" 49999872
ok "task ls" C task ls
printed "has it" '^box +[0-9]+ +RUNNING'
ok "task ps" C task ps box
printed "has its process" '^[0-9]+'
exits 5 "exec has the status" C task exec --exec-id e1 --cwd /tmp \
	--user 1000:1000 box sh -c 'echo $PWD $(id -u) $(id -g); exit 5'
is "and the output" "$(cat "$out")" "/tmp 1000 1000"
fails "exec of no program" C task exec --exec-id e2 box nope
said "names it" 'nope: executable file not found in'
exits 5 "exec at a terminal" timeout 60 python3 "$top/t/engines/terminal.py" \
	ctr task exec -t --exec-id e4 box \
	sh -c 'case $(tty) in /dev/*) exit 5; esac'
ok "another process" C task exec -d --exec-id e3 box sleep 1001
ok "task ps" C task ps box
is "has both" "$(grep -Ec '^[0-9]' "$out")" 2
ok "metrics" C task metrics box
printed "are its cgroups'" '^pids.current +2'
ok "pause" C task pause box
ok "is seen" is_task PAUSED
ok "resume" C task resume box
ok "is seen" is_task RUNNING

kill -KILL "$daemon"
wait "$daemon" 2>/dev/null
ok "containerd comes back" daemon_start
ok "to the same container" is_task RUNNING
ok "exec" C task exec --exec-id e5 box true
ok "kill" C task kill -s TERM box
ok "of what doesn't heed it" is_task RUNNING
ok "and what can't but" C task kill -s KILL box
ok "end it" wait_for is_task STOPPED
fails "a signal to what ended" C task kill box
said "finds nothing" 'not found'
ok "delete" C task rm box
said "has the status" 'exit code 137'
ok "the container goes" C container rm box

ok "one" box -d "$image" box sh -c 'sleep 1000 & sleep 1001'
kill -KILL "$(pgrep -f '^[^ ]*containerd-shim')"
ok "whose shim is killed ends" wait_for is_no_task
ok "and goes" C container rm box
ok "one" box -d "$image" box sleep 1000
ok "is removed by force" C task rm -f box
ok "and goes" C container rm box
is "no cgroup stays" "$(engine_cgroups)" ""
ok "no process" wait_for no_process
is "no state" "$(find /run/containerd/runc -mindepth 2 ! -name ".seccomp:*")" ""
done_testing
