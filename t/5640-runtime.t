#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-runtime: runc's command line, by the programs beside it.
# shellcheck disable=SC2016 # what is in single quotes is jq's
. "${0%/*}/lib.sh"
. "$top/t/run.sh"

R() {
	timeout -k 5 60 oci-runtime --root "$state" "$@"
}
create() {
	R create -b b "$@" >said.out 2>"$tmp/err.c" </dev/null
	create_status=$?
	cat "$tmp/err.c" >&2
	return $create_status
}

ok "the version" oci-runtime --version
printed "names the program" '^oci-runtime version [0-9.]+$'
printed "the specification" '^spec: 1\.[0-9.]+$'
oci-runtime features >can
ok "are an object with what is needed" jq -e '.ociVersionMin == "1.0.0" and
	.linux.cgroup.v1 and .linux.cgroup.v2 and .linux.seccomp.enabled and
	(.linux.capabilities | index("CAP_SYS_ADMIN")) and
	(.mountOptions | index("rro"))' can

# What they promise.
bundle '.mounts += [$features[0].mountOptions[] |
	select(test("^(r?(shared|slave|private|unbindable))$") | not) |
	{destination: ("/m/" + .), source: "/proc/version", type: "bind",
	options: ["bind", .]} | select(.options[1] | test("^(tmpcopyup|r?idmap)$") | not)] |
	.process.args = ["true"]' --slurpfile features can
ok "the mount options are taken" R run -b b "$id"
bundle '.process.args = ["true"] | .process.capabilities |=
	map_values($features[0].linux.capabilities)' --slurpfile features can
R run -b b "$id" >"$out" 2>"$err"
is "the capabilities are known" "$(grep -c unknown "$err")" 0
bundle '.process.args = ["true"] | .linux.namespaces =
	[$features[0].linux.namespaces[] | select(. != "user") | {type: .}]' \
	--slurpfile features can
ok "the namespaces are taken" R run -b b "$id"
is "and are all that config.json may ask for" \
	"$(jq -r '.linux.namespaces | join(" ")' can)" \
	"cgroup ipc mount network pid time user uts"
for a in $(jq -r '.linux.seccomp.actions[]' can); do
	bundle '.process.args = ["true"] | .linux.seccomp = {defaultAction:
		"SCMP_ACT_ALLOW", architectures: $f[0].linux.seccomp.archs,
		flags: $f[0].linux.seccomp.supportedFlags, syscalls:
		[$f[0].linux.seccomp.operators[] | {names: ["setns"],
		action: $a, args: [{index: 0, value: 1, valueTwo: 1, op: .}]}]}' \
		--slurpfile f can --arg a "$a"
	ok "$a, with all operators, flags and architectures" R run -b b "$id"
done

bundle '.process.args = ["sleep", "100"]'
ok "create" create "$id"
exits 2 "the state of what" R state
said "an ID is asked for" "state: the ID of a container is missing"
ok "state" R state "$id"
is "is one of created" "$(jq -r .status "$out")" created
ok "start" R start "$id"
ok "list" R list
printed "is a table" "^$id +[0-9]+ +running"
ok "list as JSON" R list --format json
is "is an array" "$(jq -r '.[0].id' "$out")" "$id"
ok "in another way" R list -f json
is "is an array" "$(jq -r '.[0].id' "$out")" "$id"
ok "in a third" R list --format=json
is "is an array" "$(jq -r '.[0].id' "$out")" "$id"
ok "list -q" R list -q
is "is IDs" "$(cat "$out")" "$id"
ok "ps" R ps "$id"
printed "is a table" '^ +[0-9]+ +0 sleep 100'
ok "ps as JSON" R ps --format json "$id"
is "is an array of pids" "$(jq -c . "$out")" "[$(pid_of "$id")]"
ok "events" R events --stats "$id"
is "is runc's object" "$(jq -r '.type, .id' "$out" | tr '\n' ' ')" "stats $id "
ok "an interval as engines give it" R events --interval=5s --stats "$id"
ok "ps with options of ps(1)" R ps "$id" -ef
is "has its header, and the container's lines" \
	"$(awk '{ print $2 }' "$out" | xargs)" "PID $(pid_of "$id")"
ok "in another form" R ps -f table "$id" -N -p 1 -o ppid,pid,args
is "has the column where it is" "$(awk 'END { print $2, $3, $4 }' "$out")" \
	"$(pid_of "$id") sleep 100"
fails "behind words that may have blanks" R ps "$id" -N -p 1 -o args,pid
said "it isn't found" 'PID has to be to the left'
ok "as JSON the pids are all there is" R ps --format=json "$id" -ef
is "and the options nothing" "$(jq -c . "$out")" "[$(pid_of "$id")]"
fails "without a column of pids" R ps "$id" -o args
said "nothing can be found" 'no header with PID'
fails "of no container" R ps "$id.none" -ef
said "is said" 'does not exist'
is "once" "$(wc -l <"$err")" 1
fails "wrong options of ps(1)" R ps "$id" --nope
said "are its own to refuse" 'unknown gnu long option'
exits 3 "exec" R exec "$id" sh -c 'exit 3'
ok "two more processes" R exec -d "$id" sh -c 'sleep 50 & sleep 51'
three() { [ "$(R ps -f json "$id" | jq length)" = 3 ]; }
ok "are in it" wait_for three
fails "delete" R --log log --log-format json delete "$id"
is "is not for one that runs, says the log" "$(jq -r .level log)" error
ok "kill" R kill "$id" KILL
ok "ends it" wait_for is_stopped "$id"
ok "state" R state "$id"
is "has pid 0 then, as engines know it" "$(jq -c .pid "$out")" 0
ok "list as JSON" R list --format json
is "too" "$(jq -c '.[0].pid' "$out")" 0
is "oci-ps has none" "$(oci-ps --root "$state" "$id" | jq .pid)" null
ok "delete" R delete "$id"
ok "by force it is none" R delete --force "$id"
fails "state" R state "$id"
said "of none says so" 'does not exist'
ok "an empty list" R list -f json
is "is an empty array" "$(cat "$out")" "[]"
ok "a run" R run -b b -d "$id"
ok "and its end" R delete -f "$id"

# What isn't there is said when it is created, as engines expect.
for args in '"nonexistent"' '"/bin/nonexistent"' '"/etc"' '"/text"'; do
	echo text >b/rootfs/text
	bundle ".process.args = [$args]"
	case $args in
	*none*) status=127 why='executable file not found|No such file' ;;
	*) status=126 why='Permission denied' ;;
	esac
	exits $status "no program $args" create "$id"
	said "is none" "$why"
done
is "and leaves nothing" "$(ls "$state") $(leftovers)" " "

exits 2 "another command" R nope
exits 2 "no command" R
fails "systemd's cgroups" oci-runtime --systemd-cgroup list
said "are not made" 'cgroupfs'
ok "--debug" R --debug list
said "says what is executed" 'oci-ps'
mkdir elsewhere
cp "$B/bin/oci-runtime" elsewhere
fails "without its siblings" elsewhere/oci-runtime list
said "names the one that is missing" 'elsewhere/oci-ps'
done_testing
