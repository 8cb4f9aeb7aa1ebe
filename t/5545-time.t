#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# linux.timeOffsets: a time namespace, and what its clocks have more.
. "${0%/*}/lib.sh"
. "$top/t/run.sh"

[ -e /proc/self/ns/time ] || skip_all "a kernel without time namespaces"
bare pid mount ipc
clocks='cat /proc/self/timens_offsets; cut -d. -f1 /proc/uptime'
with() { # JSON [FILTER]
	shell "$clocks" ".linux.namespaces += [{type: \"time\"}] |
		.linux.timeOffsets = $1 | ${2-.}"
}
uptime() {
	cut -d. -f1 /proc/uptime
}
seen() { # SECONDS: the clock is later than it was when that began
	printed "the clocks are set" "^boottime +$1 +0\$"
	late=$(($(tail -1 "$out") - before - $1))
	ok "and show it" test $late -ge 0 -a $late -lt 600
}

before=$(uptime)
with '{boottime: {secs: 1000000}, monotonic: {secs: 7, nanosecs: 5}}'
ok "a time namespace with offsets" box
printed "one of them finely" '^monotonic +7 +5$'
seen 1000000
with '{boottime: {secs: 1000000}, monotonic: null}' \
	'.linux.namespaces += [{type: "user"}] |
	.linux.uidMappings = [{containerID: 0, hostID: 0, size: 1000}] |
	.linux.gidMappings = .linux.uidMappings'
ok "in a user namespace, too" box
seen 1000000
with '{}'
change '.process.args = ["sleep", "1000"]'
ok "none" box -d "$id"
time_of() {
	readlink "/proc/$1/ns/time"
}
its=$(time_of "$(pid_of "$id")")
ok "and a namespace all the same" test "$its" != "$(time_of self)"
run x "$id" readlink /proc/self/ns/time
is "which another process joins" "$(cat "$out")" "$its"
shell 'readlink /proc/self/ns/time' ".linux.namespaces +=
	[{type: \"time\", path: \"/proc/$(pid_of "$id")/ns/time\"}]"
run box "$id.2"
is "and another container" "$(cat "$out")" "$its"
change '.linux.timeOffsets = {boottime: {secs: 1}}'
exits 125 "whose clocks can't be set any more" box "$id.2"
said "which is said" 'timeOffsets: given without a new time namespace'
down "$id"

with '{boottime: {secs: -1000000000}}'
exits 125 "a clock before 0" box
said "is none" 'timeOffsets .*between 0 and 146 years.*(range|representable)'
for wrong in '{realtime: {secs: 1}}' '{boottime: 1}' \
	'{boottime: {secs: 9223372037}}' '{boottime: {nanosecs: 1000000000}}'; do
	with "$wrong"
	exits 125 "wrong: $wrong" box
	said "which is said" 'linux.timeOffsets.*must be'
done
all_gone "nothing is left"
done_testing
