#!/bin/sh
# SPDX-License-Identifier: ISC
# A container that is being created can be killed, once it has a process.
# shellcheck disable=SC2016 # what is in single quotes is jq's
. "${0%/*}/lib.sh"
need flock
. "$top/t/run.sh"

mkdir host
cat >host/hook <<'END'
#!/bin/sh
cd "${0%/*}" && touch at
exec sleep 100
END
chmod 755 host/hook
bundle '.process.args = ["true"] |
	.hooks.createContainer = [{path: ($host + "/hook")}]'

# begin PROGRAM: it waits for the hook, in the container's first process.
begin() {
	rm -f host/at
	"oci-$1" --root "$state" -b b "$id" >begun.out 2>begun.err </dev/null &
	creator=$!
	wait_for test -e host/at
}
ended() { # NAME STATUS
	wait $creator
	is "$1" $? "$2"
	all_gone "nothing is left"
}

begin create
is "it is being created" "$(status_of "$id")" creating
pid=$(pid_of "$id")
is "and has a process" "$(cat "/proc/$pid/comm")" oci-create
ok "which can be killed" each kill "$id" KILL
ended "that is the end of the creation" 1
ok "as is said" grep -Eqx "oci-create: $id: killed by signal 9 .*hooks ran" \
	begun.err
begin run
ok "with all others" each kill -a "$id" KILL
ended "likewise" 125
begin create
fails "without force it isn't deleted" timeout 20 oci-delete --root "$state" "$id"
ok "with force it is" timeout 8 oci-delete --root "$state" -f "$id"
ended "and its creation has failed" 1

# Another process has the pid by now, or it has ended.
mkdir -p "$state/$id"
cp b/config.json "$state/$id"
written() { # PID START
	jq -n '{ociVersion: "1.2.0", id: $id, status: "creating", pid: $pid,
		start: $start, boot: $boot, bundle: "/", rootfs: "/",
		created: "", cgroup: ""}' --arg id "$id" --argjson pid "$1" \
		--argjson start "$2" >"$state/$id/state.json" \
		--arg boot "$(cat /proc/sys/kernel/random/boot_id)"
}
sleep 1000 &
other=$!
at_exit 'kill $other 2>/dev/null'
sh -c 'flock -x 7 && exec sleep 1000' 7<"$state/$id" &
locker=$!
at_exit 'kill $locker 2>/dev/null'
locked() { ! flock -n "$state/$id" true; }
wait_for locked
start=$(sed 's/.*) //' /proc/$other/stat | cut -d' ' -f20)
written $other 1
fails "another process's pid" each kill "$id" KILL
said "is nobody's" 'container not running'
is "nor shown" "$(oci-ps --root "$state" "$id" | jq -c '[.status, .pid]')" \
	'["creating",null]'
ok "the process lives" kill -0 $other
written $other "$start"
ok "its own is" each kill "$id" KILL
wait $other 2>/dev/null
is "killed" $? 137
fails "what has ended" each kill "$id" KILL
written 0 0
fails "none so far" each kill "$id" KILL
kill $locker
wait $locker 2>/dev/null
ok "deleted" each delete -f "$id"
all_gone "nothing is left"
done_testing
