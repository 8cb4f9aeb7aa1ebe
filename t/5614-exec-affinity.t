#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-exec: the processors of execCPUAffinity, outside of the container's
# cgroups and in them.
# shellcheck disable=SC2016 # what is in single quotes is for another shell
. "${0%/*}/lib.sh"
need taskset
. "$top/t/run.sh"

all=$(sed -n 's/^Cpus_allowed_list:\t//p' /proc/self/status)
# The first two that may be used here.
a=$(echo "$all" | sed 's/[^0-9].*//')
b=$(seq $((a + 1)) 4096 | while read -r n; do
	taskset -c "$n" true 2>/dev/null && echo "$n" && break
done)
[ "$b" ] || skip_all "there is one processor only"

affinity() { # JSON: a container that has it
	down "$id" 2>/dev/null
	bundle '.process.args = ["sleep", "1000"] |
		.process.execCPUAffinity = '"$1"
	up "$id"
}
allowed='s/^Cpus_allowed_list:\t//p'
in_it() { # ARG...: of a process in the container
	x "$@" sed -n "$allowed" /proc/self/status
}

affinity "{initial: \"$a\", final: \"$b\"}"
ok "a process" in_it "$id"
is "has the last" "$(cat "$out")" "$b"
x "$id" sh -c 'echo up; sleep 1000' >x.out &
wait_for grep -q up x.out
is "the container's first process has all" \
	"$(sed -n "$allowed" "/proc/$(pid_of "$id")/status")" "$all"
# The one above timeout(1).
exec=$(pgrep -f "^oci-exec --root $state $id" | tail -n 1)
is "oci-exec has the first" "$(sed -n "$allowed" "/proc/$exec/status")" "$a"
kill "$exec"
affinity "{initial: \"$a\"}"
ok "with the first alone" in_it "$id"
is "a process has all" "$(cat "$out")" "$all"
ok "also where its parent hasn't" taskset -c "$a" oci-exec --root "$state" \
	"$id" sed -n "$allowed" /proc/self/status
is "which is what the specification wants" "$(cat "$out")" "$all"
affinity "{final: \" $b , $b-$b\"}"
ok "the last alone, in another form" in_it "$id"
is "is what it has" "$(cat "$out")" "$b"
affinity '{initial: "", final: null}'
ok "nothing is said" taskset -c "$a" oci-exec --root "$state" "$id" \
	sed -n "$allowed" /proc/self/status
is "and it has its parent's" "$(cat "$out")" "$a"

# A process of its own.
affinity "{final: \"$b\"}"
jq '.process | .args = ["sed", "-n", "s/^Cpus_allowed_list:.//p",
	"/proc/self/status"]' b/config.json >process.json
jq ".execCPUAffinity = {final: \"$a\"}" process.json >own.json
ok "a file of a process" x -p own.json "$id"
is "has its own" "$(cat "$out")" "$a"
jq 'del(.execCPUAffinity)' process.json >none.json
ok "or nothing of it" x -p none.json "$id"
is "and then the container's" "$(cat "$out")" "$b"

for list in x 3-1 ',' '0,' '0-,' -1 '0,,1' 1x 65536 '0 1'; do
	jq --arg l "$list" '.execCPUAffinity = {final: $l}' process.json >bad.json
	exits 125 "the list '$list'" x -p bad.json "$id"
	said "is said to be wrong" 'execCPUAffinity.final: .*(list|no machine)'
done
jq '.execCPUAffinity = {final: "65535"}' process.json >bad.json
exits 125 "one that isn't there" x -p bad.json "$id"
said "is said not to be" 'execCPUAffinity.final: none of these'
down "$id"
bundle '.process.execCPUAffinity = {initial: "x"}'
exits 125 "in config.json it is wrong before an exec" box "$id"
said "and said" 'config.json: process.execCPUAffinity.initial: x: must be'
all_gone "nothing is left"
done_testing
