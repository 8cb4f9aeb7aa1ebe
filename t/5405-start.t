#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# oci-run while it starts a container: killed, interrupted, and with what its
# caller left behind.
. "${0%/*}/lib.sh"
need pgrep setsid flock
. "$top/t/run.sh"

chmod 755 "$tmp_base" "$tmp"
mkdir b/rootfs/many
(cd b/rootfs/many && seq 4000 | xargs touch)

slow='.mounts += [range(4) | {destination: "/many", type: "tmpfs",
	source: "tmpfs", options: ["tmpcopyup"]}]'

# Its process, stopped while it copies, so while it is no program yet and has
# no ids to change: sets $run and $child.  On a fast machine it takes tries.
start_stopped() {
	for _ in $(seq 50); do
		env --default-signal oci-run --root "$state" -b b "$id" \
			>"$out" 2>"$err" &
		run=$!
		child=
		while [ ! "$child" ] && kill -0 "$run" 2>/dev/null; do
			child=$(pgrep -P "$run" | head -n 1)
		done
		while [ "$child" ] && kill -STOP "$child" 2>/dev/null; do
			! is_copying || return 0
			case $(readlink "/proc/$child/exe") in
			*oci-run*) kill -CONT "$child" ;;
			*) kill -KILL "$child" && break ;;
			esac
		done
		wait "$run" 2>/dev/null
	done
	bail "no container was stopped while it started"
}

is_copying() {
	find "/proc/$child/fd" -lname '*/many*' 2>/dev/null | grep -q .
}

# gone PID: within ten seconds, and not merely stopped.
gone() {
	for _ in $(seq 200); do
		kill -0 "$1" 2>/dev/null || return 0
		sleep 0.05
	done
	kill -KILL "$1"
	return 1
}

bundle "$slow"' | .process.args = ["true"]'
start_stopped
kill -KILL "$run"
wait "$run" 2>/dev/null
ok "a child doesn't outlive its killed parent" gone "$child"
change '.linux.namespaces += [{type: "user"}] |
	.linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}] |
	.linux.gidMappings = .linux.uidMappings'
start_stopped
kill -KILL "$run"
wait "$run" 2>/dev/null
ok "nor in a user namespace, where it has changed its user" gone "$child"
bundle '.process.args = ["true"]'
ok "the next run clears up" box
is "and leaves nothing" "$(ls "$state")" ""

# INT and TERM end it at once.
bundle "$slow"' | .process.args = ["true"]'
for signal in INT:130 TERM:143 HUP:129; do
	start_stopped
	kill -"${signal%:*}" "$run"
	wait "$run"
	is "${signal%:*} while it starts" $? "${signal#*:}"
	said "is said" 'while the container was starting'
	ok "its process is gone" gone "$child"
	is "and its state" "$(ls "$state")" ""
done

# Nor does it wait for a name that somebody is at.
bundle '.process.args = ["sleep", "1000"]'
box -d "$id" >"$out" 2>"$err" </dev/null
kill -KILL "$(pid_of "$id")"
wait_for is_stopped "$id"
flock "$state/$id" sleep 1000 &
flock=$!
wait_for sh -c "! flock -n $state/$id true"
env --default-signal oci-run --root "$state" -b b "$id" >"$out" 2>&1 &
run=$!
wait_for grep -q nanosleep "/proc/$run/wchan"
kill -INT "$run"
ok "INT while another has the name" gone "$run"
wait "$run"
is "ends it" $? 130
pkill -P "$flock"
wait
bundle '.process.args = ["true"]'
ok "which is free then" box

# What is ignored stays so for oci-run, as nohup(1) means it, and not for the
# program; what is blocked is blocked for neither; and children are waited for
# though the caller doesn't.
bundle '.process.args = ["sh", "-c", "trap \"echo HEARD\" USR1 HUP
	grep Sig[BI] /proc/self/status; echo begun; sleep 1000 & wait"]'
started() {
	setsid env sh -c 'trap "" HUP USR2 CHLD; exec oci-run --root "$0" -b b "$1"' \
		"$state" "$id" >"$out" 2>"$err" &
	run=$!
	for _ in $(seq 400); do
		! grep -q begun "$out" || break
		sleep 0.05
	done
}
started
printed "no signal is blocked in the container" '^SigBlk:	0*$'
printed "and none ignored" '^SigIgn:	0*$'
kill -HUP "$run"
kill -USR1 "$run"
wait "$run"
status=$?
is "one that oci-run ignores is not passed on, another is" \
	"$(grep -c HEARD "$out") $status" "1 138"

is "no state is left" "$(ls "$state")" ""
done_testing
