#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-pause and oci-resume: by the freezer of v1 or v2, whichever is there, and
# then where v2 alone is.
# shellcheck disable=SC2016 # what is in single quotes is for another shell
. "${0%/*}/lib.sh"
. "$top/t/run.sh"

create() {
	each create -b b "$@" >said.out </dev/null
}
running() { # [ID]: a container that adds a line to said.out all the time.
	: >said.out
	each run -d -b b "${1-$id}" >said.out </dev/null
}
goes_on() {
	lines=$(wc -l <said.out)
	wait_for eval '[ "$(wc -l <said.out)" -gt $((lines + 1)) ]'
}
stands_still() {
	lines=$(wc -l <said.out)
	sleep 0.3
	[ "$(wc -l <said.out)" = "$lines" ]
}
# state_change FILTER: of the container's state.json.
state_change() {
	jq "$1" "$state/$id/state.json" >changed &&
		cat changed >"$state/$id/state.json"
}
ticks='trap "echo termed; exit 7" TERM; while :; do echo; sleep 0.02; done'

shell "$ticks"
ok "a container" running
ok "goes on" goes_on
fails "one that isn't paused is not resumed" each resume "$id"
said "and it says so" "$id: container not paused"
ok "paused" each pause "$id"
is "it is" "$(status_of "$id")" paused
is "also in the list" "$(oci-ps --root "$state" | jq -r .status)" paused
ok "and stands still" stands_still
ok "its processes are there" kill -0 "$(pid_of "$id")"
fails "it is not paused twice" each pause "$id"
said "and it says so" "$id: container is paused already"
fails "nor started" each start "$id"
said "and it says so" "$id: .*paused"
exits 125 "nor entered" each exec "$id" true
said "and it says so" "paused"
fails "nor deleted" each delete "$id"
said "and it says so" "$id: it is paused"
ok "a signal" each kill "$id" TERM
ok "waits" stands_still
ok "resumed" each resume "$id"
ok "it comes" wait_for grep -q termed said.out
ok "stopped" wait_for is_stopped "$id"
fails "a stopped one isn't paused" each pause "$id"
said "and it says so" "$id: container not running"
fails "nor resumed" each resume "$id"
ok "deleted" each delete "$id"
for p in pause resume; do
	fails "oci-$p: what isn't there" each $p "$id.no"
	said "says so" "$id.no: container does not exist"
	exits 2 "oci-$p: what can't be" each $p ../x
	exits 2 "oci-$p of nothing" each $p
done

ok "another" running
ok "paused by runc's command line" oci-runtime --root "$state" pause "$id"
is "it is" "$(status_of "$id")" paused
ok "and resumed" oci-runtime --root "$state" resume "$id"
is "it runs" "$(status_of "$id")" running
ok "and goes on" goes_on
ok "paused" each pause "$id"
ok "killed" each kill "$id" KILL
ok "it ends" wait_for is_stopped "$id"
ok "deleted" each delete "$id"
ok "another" running
ok "paused" each pause "$id"
ok "deleted by force" each delete -f "$id"
is "nothing is left" "$(leftovers)" ""
shell "$ticks" '.linux.namespaces |= map(select(.type != "pid"))'
ok "without a pid namespace" running
ok "paused" each pause "$id"
ok "killed" each kill "$id" KILL
ok "it ends" wait_for is_stopped "$id"
ok "deleted" each delete "$id"

# Before its start.
shell "$ticks"
ok "created" create "$id"
ok "paused" each pause "$id"
is "it is" "$(status_of "$id")" paused
fails "it isn't started" each start "$id"
said "and it says so" "$id: cannot start a container that is paused"
ok "resumed" each resume "$id"
is "it is created" "$(status_of "$id")" created
ok "and is started" each start "$id"
ok "and goes on" goes_on

# What the state says of its cgroups is what is frozen.
cp "$state/$id/state.json" good
state_change '.cgroups = []'
fails "without a cgroup" each pause "$id"
said "it says so" "$id: it has no cgroup"
state_change '.cgroups = []'
cp good "$state/$id/state.json"
state_change '.cgroups |= map(.inode += 1)'
fails "with other cgroups of the name" each pause "$id"
said "it has none" "$id: it has no cgroup"
cp good "$state/$id/state.json"
ok "paused" each pause "$id"
state_change '.cgroups |= map(.inode += 1)'
is "another's frozen cgroup of the name" "$(status_of "$id")" running
cp good "$state/$id/state.json"
state_change '.cgroups |= map(select(.path | test("/memory/")))'
if [ "$(jq '.cgroups | length' "$state/$id/state.json")" = 1 ]; then
	fails "no freezer" each pause "$id"
	said "is said" "$id: none of its cgroups has a freezer"
fi
cp good "$state/$id/state.json"
ok "resumed" each resume "$id"
ok "deleted" each delete -f "$id"

# Below a cgroup that is frozen, too.
shell "$ticks" ".linux.cgroupsPath = \"/$id-up/box\""
ok "a container below another cgroup" running
ok "paused" each pause "$id"
above() { # TEXT-OF-V1 TEXT-OF-V2
	find /sys/fs/cgroup -path "*/$id-up/freezer.state" | while read -r f; do
		echo "$1" >"$f"
	done
	[ -e "$(jq -r '[.cgroups[].path][0]' "$state/$id/state.json")/freezer.state" ] ||
		find /sys/fs/cgroup -path "*/$id-up/cgroup.freeze" |
		while read -r f; do
			echo "$2" >"$f"
		done
}
above FROZEN 1
fails "what is frozen above is not let go of" each resume "$id"
said "and that is said" "a cgroup above"
above THAWED 0
ok "then it goes on" goes_on
ok "deleted" each delete -f "$id"

# One whose processes are never the same.
shell 'while :; do for i in 1 2 3 4; do (true) & done; wait; done'
ok "a container that forks" running
for n in 1 2 3 4 5; do
	ok "paused $n" each pause "$id"
	is "it is" "$(status_of "$id")" paused
	ok "resumed" each resume "$id"
	is "it is" "$(status_of "$id")" running
done
ok "deleted" each delete -f "$id"
is "nothing is left" "$(leftovers)" ""

# inner NAME COMMAND...: all of it by way of the command.
inner() {
	inner_name=$1
	shift
	ok "all of it where $inner_name alone is" "$@" env PAUSE_INNER=1 \
		"$top/t/5630-pause.t"
}
v1_only() {
	unshare -m --propagation private sh -c '
		umount -l $(findmnt -nt cgroup2 -o TARGET) && exec "$@"' v1 "$@"
}
if [ ! "${PAUSE_INNER-}" ] &&
	[ "$(stat -f -c %T /sys/fs/cgroup)" != cgroup2fs ]; then
	inner v2 v2_only
	[ ! "$(findmnt -nt cgroup2)" ] || inner v1 v1_only
fi
done_testing
