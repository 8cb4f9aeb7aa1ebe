#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-delete --stale and --all-stopped: all of a kind, and nothing else.
# shellcheck disable=SC2016 # what is in single quotes is jq's or another shell's
. "${0%/*}/lib.sh"
need flock
. "$top/t/run.sh"

cg=$(sed -n 's/^[0-9]*:pids:/pids/p; s/^0::/./p' /proc/self/cgroup |
	sort -r | head -n 1)
case $cg in
pids*) cg=/sys/fs/cgroup/pids ;;
*) cg=/sys/fs/cgroup ;;
esac
boot=$(cat /proc/sys/kernel/random/boot_id)
written() { # ID BOOT [CGROUP]: a state whose creator is gone
	mkdir -p "$state/$1"
	jq -n '{ociVersion: "1.2.0", id: $id, status: "creating", pid: 0,
		start: 0, boot: $boot, bundle: "/", rootfs: "/", created: "",
		cgroup: $cg} + if $cg == "" then {} else {claim: "1.1.0",
		cgroups: [{path: $cg, device: 0, inode: 0, role: "made"}]} end' \
		--arg id "$1" --arg boot "$2" --arg cg "${3-}" \
		>"$state/$1/state.json"
}

ok "where there is no state directory" each delete --stale -v
is "nothing is removed" "$(cat "$out")" ""
ok "nor made" test ! -e "$state"

hook='#!/bin/sh
jq -r .id >>'"$tmp"'/poststop'
mkdir host
echo "$hook" >host/hook
chmod 755 host/hook
bundle '.process.args = ["sleep", "100"] |
	.hooks.poststop = [{path: ($host + "/hook")}]'
up "$id.runs"
oci-create --root "$state" -b b "$id.created" >said.out 2>&1 </dev/null
bundle '.process.args = ["true"] |
	.hooks.poststop = [{path: ($host + "/hook")}]'
up "$id.stopped"
up "$id.stopped2"
wait_for is_stopped "$id.stopped2"
wait_for is_stopped "$id.stopped"

for n in $(seq 10 29); do
	written "$id.dead$n" "$boot"
	mkdir "$state/$id.bare$n" "$state/.$id.nameless$n"
done
touch "$state/.$id.nameless10/state.json"
mkdir "$state/$id.others"
touch "$state/$id.others/status" # another runtime's
written "$id.reboot" another
jq '.status = "running"' "$state/$id.reboot/state.json" >new.json
cat new.json >"$state/$id.reboot/state.json"
mkdir "$state/$id.torn"
: >"$state/$id.torn/state.json"
mkdir "$cg/$id.left"
setfattr -n trusted.oci.container -v "made 1.1.0" "$cg/$id.left"
written "$id.left" "$boot" "$cg/$id.left"
# Somebody is at these.
written "$id.making" "$boot"
mkdir "$state/.$id.busy"
echo cache >"$state/.seccomp:0"
(flock -x 7 && flock -x 8 && exec sleep 100) 7<"$state/$id.making" \
	8<"$state/.$id.busy" &
locker=$!
at_exit "kill $locker 2>/dev/null"
locked() { ! flock -n "$state/.$id.busy" true; }
wait_for locked

ok "what is stale" each delete -v --stale
{
	for n in $(seq 10 29); do
		printf '%s\n' "$id.dead$n" "$id.bare$n" ".$id.nameless$n"
	done
	printf '%s\n' "$id.reboot" "$id.torn" "$id.left"
} | sort >wanted
is "is removed and told, all of it" "$(cat "$out")" "$(cat wanted)"
is "with its cgroup" "$(leftovers | grep -c left)" 0
is "and nothing else" "$(ls -A "$state")" "$(printf '%s\n' ".$id.busy" \
	.seccomp:0 "$id.created" "$id.making" "$id.others" "$id.runs" \
	"$id.stopped" "$id.stopped2" | sort)"
ok "again" each delete -v --stale
is "there is nothing" "$(cat "$out")" ""
is "no hook has run" "$(cat poststop 2>/dev/null)" ""

written "$id.dead" "$boot"
ok "what has stopped" each delete --verbose --all-stopped
is "is removed, and what is stale, too" "$(cat "$out")" "$id.dead
$id.stopped
$id.stopped2"
is "its hooks have run" "$(cat poststop)" "$id.stopped
$id.stopped2"
is "what runs does" "$(status_of "$id.runs")" running
is "what waits does" "$(status_of "$id.created")" created

kill $locker
wait $locker 2>/dev/null
ok "whom its creator has left" each delete --stale -v
is "is stale now" "$(cat "$out")" ".$id.busy
$id.making"

exits 2 "an ID and all" each delete --all-stopped "$id.runs"
said "is refused" '--all-stopped excludes an ID'
exits 2 "force and all" each delete -f --stale
exits 2 "neither" each delete
said "is refused" 'an operand is missing: ID'
ok "one ID, and -v" each delete -fv "$id.runs"
is "is named" "$(cat "$out")" "$id.runs"
ok "none" each delete -fv "$id.runs"
is "isn't" "$(cat "$out")" ""
ok "without -v" each delete -f "$id.created"
is "nothing is" "$(cat "$out")" ""
mkdir "$state/$id.fifo"
mkfifo "$state/$id.fifo/state.json"
ok "a pipe for a state" each delete --stale
fails "isn't waited for" each delete -f "$id.fifo"
said "nor is it a container" 'not a regular file'
ok "whose name is another's" box "$id.runs"
rm -r "$state/$id.fifo"
rm -r "$state/.seccomp:0" "$state/$id.others"
is "nothing is left" "$(ls -A "$state") $(leftovers)" " "
done_testing
