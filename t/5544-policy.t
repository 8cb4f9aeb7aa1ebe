#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# linux.memoryPolicy and linux.personality, as the container's program and one
# that joins it have them.
. "${0%/*}/lib.sh"
. "$top/t/run.sh"

bare pid mount ipc
policy='grep " stack\|\[heap\]\|^[0-9a-f]* [a-z]" /proc/self/numa_maps | head -1'
with() { # JSON
	shell "$policy" ".linux.memoryPolicy = $1"
}
if [ -e /proc/self/numa_maps ]; then
	with '{mode: "MPOL_BIND", nodes: "0"}'
	ok "a policy" box
	printed "is the program's" ' bind:0 '
	with '{mode: "MPOL_BIND", nodes: "0-0,0", flags: ["MPOL_F_STATIC_NODES"]}'
	ok "with a flag" box
	printed "has it" ' bind=static:0 '
	with '{mode: "MPOL_LOCAL"}'
	ok "one without nodes" box
	printed "is another" ' local '
	shell 'sleep 100' '.linux.memoryPolicy = {mode: "MPOL_INTERLEAVE",
		nodes: "0"}'
	up "$id"
	x "$id" sh -c "$policy" >seen
	ok "who joins has it, too" grep -q ' interleave:0 ' seen
	down "$id"
	with '{mode: "MPOL_BIND"}'
	exits 125 "nodes that are missing" box
	said "are the kernel's to miss" 'linux.memoryPolicy: Invalid'
else
	skip 9 "a kernel without nodes"
fi
for wrong in '{}' '{mode: "MPOL_X"}' '{mode: "MPOL_BIND", nodes: "0-"}' \
	'{mode: "MPOL_BIND", nodes: "0,,1"}' '{mode: "MPOL_BIND", nodes: "x"}' \
	'{mode: "MPOL_BIND", nodes: "0,"}' '{mode: "MPOL_BIND", nodes: "0,3-1"}' \
	'{mode: "MPOL_BIND", nodes: "1024"}' \
	'{mode: "MPOL_BIND", nodes: "0", flags: ["MPOL_X"]}'; do
	with "$wrong"
	exits 125 "wrong: $wrong" box
	said "is said" 'config.json: linux.memoryPolicy\.'
done
# The kernel may not have each, and want nodes or none.
for mode in $(oci-runtime features | jq -r '.linux.memoryPolicy.modes[]'); do
	for flag in $(oci-runtime features |
		jq -r '.linux.memoryPolicy.flags[]'); do
		with "{mode: \"$mode\", nodes: \"0\", flags: [\"$flag\"]}"
		run box
		is "known: $mode $flag" "$(grep -c 'there is none' "$err")" 0
	done
done

shell 'uname -m' '.linux.personality = {domain: "LINUX32"}'
run box
case $(uname -m) in
x86_64)
	printed "32 bits" '^i686$'
	shell 'sleep 100' '.linux.personality = {domain: "LINUX32"}'
	up "$id"
	x "$id" uname -m >seen
	is "of who joins, too" "$(cat seen)" i686
	down "$id"
	;;
*) skip 2 "not x86_64" ;;
esac
shell 'uname -m' '.linux.personality = {domain: "LINUX"}'
ok "the usual one" box
printed "is that of the machine" "^$(uname -m)$"
shell true '.linux.personality = {domain: "SVR4"}'
exits 125 "another one" box
said "is none" 'linux.personality.domain: SVR4: must be LINUX or LINUX32'
all_gone "nothing is left"
done_testing
