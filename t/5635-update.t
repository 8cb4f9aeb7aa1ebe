#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016 # what is in single quotes is for another shell
# oci-update: limits of a container that runs, on cgroup v1 and v2.
. "${0%/*}/lib.sh"
. "$top/t/run.sh"

update() {
	each update "$@" "$id"
}
# limit NAME-IN-V1 NAME-IN-V2: what the container's cgroup has there.
limit() {
	limit_paths=$(jq -r .cgroups[].path "$state/$id/state.json")
	for limit_file; do
		for limit_path in $limit_paths; do
			[ ! -e "$limit_path/$limit_file" ] ||
				cat "$limit_path/$limit_file"
		done
	done
}
# kept FILTER: what the kept config.json has in linux.resources.
kept() {
	jq -c ".linux.resources | $1" "$state/$id/config.json"
}
bare pid mount ipc uts
shell 'x=$(head -c 3000000 /dev/zero | tr "\0" x); sleep 1000'
if ! jq '.linux.resources = {memory: {limit: 33554432}, cpu: {quota: 50000,
	period: 100000}, pids: {limit: 50},
	devices: [{allow: true, access: "rwm"}]}' b/config.json >limited ||
	! cp limited b/config.json || ! box -d "$id" 2>"$err"; then
	skip_all "no limits here: $(cat "$err")"
fi
two=
[ ! "$(limit memory.max)" ] || two=yes
is "memory at first" "$(limit memory.limit_in_bytes memory.max)" 33554432

ok "memory" update --memory 64m
is "has changed" "$(limit memory.limit_in_bytes memory.max)" 67108864
is "and is kept" "$(kept .memory.limit)" 67108864
is "what else is kept, too" "$(kept .pids.limit)" 50
ok "reservation" update --memory-reservation 20000k
is "has changed" "$(limit memory.soft_limit_in_bytes memory.low)" 20480000
ok "processes" update --pids-limit 60
is "have changed" "$(limit pids.max)" 60
ok "no limit of them" update --pids-limit -1
is "have changed" "$(limit pids.max)" max
ok "shares" update --cpu-shares 512
is "have changed" "$(limit cpu.shares cpu.weight)" "$([ "$two" ] && echo 59 || echo 512)"
ok "a quota" update --cpu-quota 30000
is "has changed, with the period that was" \
	"$(limit cpu.cfs_quota_us cpu.cfs_period_us cpu.max | tr '\n' ' ')" \
	"30000 100000 "
ok "a period" update --cpu-period 200000
is "has changed, with the quota that was" \
	"$(limit cpu.cfs_quota_us cpu.cfs_period_us cpu.max | tr '\n' ' ')" \
	"30000 200000 "
ok "processors" update --cpuset-cpus 0 --cpuset-mems 0
is "have changed" "$(limit cpuset.cpus)" 0

# Memory and swap, up and down: either may hold the other back on v1.
if [ "$(limit memory.memsw.limit_in_bytes memory.swap.max)" ]; then
	for pair in "96m 128m" "256m 300m" "32m 32m" "64m -1" "64m 80m" "512m 1g"; do
		ok "memory and swap: $pair" update --memory "${pair% *}" \
			--memory-swap "${pair#* }"
		memory=$(kept .memory.limit) swap=$(kept .memory.swap)
		case $two$swap in
		yes-1) swap=max ;;
		yes*) swap=$((swap - memory)) ;;
		-1) swap=9223372036854771712 ;;
		esac
		is "are that" "$(limit memory.limit_in_bytes memory.max \
			memory.memsw.limit_in_bytes memory.swap.max |
			tr '\n' ' ')" "$memory $swap "
	done
	fails "less with swap than without" update --memory 1g --memory-swap 512m
	said "is named" 'linux.resources.memory'
	ok "no limit of memory" update --memory -1
	is "is none of swap, which includes it" "$(kept .memory.swap)" -1
	is "nor in the files" "$(limit memory.memsw.limit_in_bytes \
		memory.swap.max)" "$([ "$two" ] && echo max ||
		echo 9223372036854771712)"
fi

# As engines do it: JSON on standard input, with zeros for what isn't said.
echo '{"memory": {"limit": 134217728, "swap": 0, "reservation": null},
	"cpu": {"shares": 0, "cpus": ""}, "pids": {"limit": 70},
	"blockIO": {"weight": 0}, "devices": []}' >r.json
ok "resources from a file" update -m -1 --memory-swap -1
ok "resources from a file" update -r r.json
is "memory" "$(limit memory.limit_in_bytes memory.max)" 134217728
is "processes" "$(limit pids.max)" 70
is "shares stay" "$(kept .cpu.shares)" 512
ok "an option beside it" update --resources r.json --pids-limit 71
is "is what counts" "$(limit pids.max)" 71
update_input() {
	echo '{"pids": {"limit": 72}}' |
		oci-runtime --root "$state" update --resources - "$id"
}
run update_input
is "from standard input, by runc's command line" "$status $(limit pids.max)" "0 72"
change_back() {
	jq '.linux.resources | .pids.limit = 72' "$state/$id/config.json" >all.json
	update -r all.json
}
is "devices are kept" "$(kept ".devices | length")" 1
ok "all that is kept" change_back
echo '{}' >empty.json
ok "nothing at all" update -r empty.json
for wrong in '{"devices": [{"allow": true}]}' '{"memory": {"limit": "1"}}' \
	'{"blockIO": {"weight": 5000}}' '[]' '{' '{"pids": 1}' \
	'{"cpu": {"quota": 5}}'; do
	echo "$wrong" >wrong.json
	fails "resources: $wrong" update -r wrong.json
done
fails "a file that isn't there" update -r nowhere
is "what is refused is not kept" "$(kept '.pids.limit, .blockIO.weight' |
	tr '\n' ' ')" "72 null "
for wrong in "-m 0" "-m x" "-m 12q" "-m -2" "-m 99999999999g" \
	"--pids-limit x" "--cpu-period 1" "--cpu-idle 2" ""; do
	# shellcheck disable=SC2086
	exits 2 "wrong: $wrong" update $wrong
done
if [ "$two" ]; then
	ok "it uses some" wait_for eval \
		'[ "$(limit memory.current)" -gt 3000000 ]'
	echo '{"memory": {"limit": 1048576, "checkBeforeUpdate": true}}' >low.json
	ok "without it a limit" update -m 128m
	fails "less than is used" update -r low.json
	said "is refused" 'bytes in use'
	is "and the container lives" "$(status_of "$id")" running
fi
ok "paused" each pause "$id"
ok "one that is paused" update --pids-limit 80
is "is changed" "$(limit pids.max)" 80
ok "killed" each kill "$id" KILL
ok "it ends" wait_for is_stopped "$id"
fails "one that is stopped" update --pids-limit 81
said "is not" "$id: container not running"
ok "deleted" each delete "$id"
fails "nor one that isn't" update --pids-limit 81
said "there" "$id: container does not exist"

# What has its name by now is not touched, and no controller is an error.
ok "another" each create -b b "$id"
ok "that is created" update --pids-limit 40
is "is changed" "$(limit pids.max)" 40
jq '.cgroups |= map(.inode += 1)' "$state/$id/state.json" >changed
cp "$state/$id/state.json" good
cat changed >"$state/$id/state.json"
fails "with other cgroups" update --pids-limit 41
said "it has none" 'linux.resources.*: the container has no cgroup of'
cat good >"$state/$id/state.json"
is "and nothing has changed" "$(limit pids.max)" 40
ok "deleted" each delete -f "$id"
is "nothing is left" "$(leftovers)" ""
done_testing
