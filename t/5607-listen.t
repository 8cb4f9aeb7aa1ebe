#!/bin/sh
# SPDX-License-Identifier: ISC
# Socket activation: what LISTEN_FDS gives to this process is the container's.
# shellcheck disable=SC2016 # what is in single quotes is for another shell
. "${0%/*}/lib.sh"
. "$top/t/run.sh"

echo three >f3
echo four >f4
echo five >f5
# to PID PROGRAM ARG...: its environment names PID, or itself where that is $$.
to() {
	to_pid=$1 to_program=$2
	shift 2
	timeout -k 5 60 sh -c 'export LISTEN_PID='"$to_pid"'; exec "$@"' sh \
		"oci-$to_program" --root "$state" "$@" 3<f3 4<f4 5<f5 6<f5
}
look='env | grep ^LISTEN | sort; cat <&3; ls /proc/self/fd | xargs'

export LISTEN_FDS=2 LISTEN_FDNAMES=web:log
shell "$look"
ok "two sockets" to '$$' run -b b "$id"
is "are the container's, with their names and its pid" "$(cat "$out")" \
	"LISTEN_FDNAMES=web:log
LISTEN_FDS=2
LISTEN_PID=1
three
0 1 2 3 4 5"
shell "$look; sleep 100"
ok "detached, with a keeper" to '$$' run -d --keep-status -b b "$id"
wait_for grep -q '5' "$out"
is "too" "$(tail -n 1 "$out")" "0 1 2 3 4 5"
ok "deleted" oci-delete --root "$state" -f "$id"
shell "$look"
ok "with others" to '$$' run --preserve-fds 1 -b b "$id"
is "these come behind" "$(tail -n 1 "$out")" "0 1 2 3 4 5 6"
shell 'echo "$LISTEN_PID $$"'
ok "behind oci-init" to '$$' run --init -b b "$id"
ok "it is the program's pid" awk '$1 != $2 || $1 == 1 { exit 1 }' "$out"
shell 'echo "$LISTEN_PID $$"' '.linux.namespaces |= map(select(.type != "pid"))'
ok "without a pid namespace" to '$$' run -b b "$id"
ok "likewise" awk '$1 != $2 || $1 == 1 { exit 1 }' "$out"
shell "$look" '.process.env += ["LISTEN_FDS=7", "LISTEN_PID=7"]'
ok "config.json's own" to '$$' run -b b "$id"
is "are replaced" "$(grep -c 7 "$out")" 0

shell "$look; sleep 100"
to '$$' create -b b "$id" >said.out 2>&1 </dev/null
ok "a created container" each start "$id"
ok "has them" wait_for grep -q '^0 1 2 3 4 5$' said.out
ok "oci-exec" to '$$' exec "$id" sh -c 'env | grep ^LISTEN; ls /proc/self/fd |
	xargs'
is "has none" "$(cat "$out")" "0 1 2 3"
ok "deleted" each delete -f "$id"

# What is another's, or can't be.
shell 'env | grep ^LISTEN; ls /proc/self/fd | xargs'
ok "another's" to '$PPID' run -b b "$id"
is "are not passed on" "$(cat "$out")" "0 1 2 3"
ok "nobody's" oci-run --root "$state" -b b "$id"
is "are not either" "$(cat "$out")" "0 1 2 3"
LISTEN_FDS=9
exits 125 "one that is closed" to '$$' run -b b "$id"
said "is said" 'LISTEN_FDS 9: descriptor 7: Bad file'
LISTEN_FDS=-1
exits 125 "no number" to '$$' run -b b "$id"
said "is said" 'LISTEN_FDS: -1: must be'
LISTEN_FDS=0
ok "none" to '$$' run -b b "$id"
is "is none" "$(cat "$out")" "0 1 2 3"
all_gone "nothing is left"
done_testing
