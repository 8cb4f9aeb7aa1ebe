#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# System calls that oci-run finds missing: it goes on without, or says which
# one it is and what has it, once, and leaves nothing.
. "${0%/*}/lib.sh"
need cc
. "$top/t/run.sh"
ENOSYS=38 EPERM=1

compile without without.c -lseccomp
bundle '.process.args = ["echo", "here"] | .process.oomScoreAdj = 100'
ok "the directory of states" box

lacking() { # CALLS ERROR
	./without "$1" "$2" oci-run --root "$state" -b b "$id"
}
for call in clone3 keyctl memfd_create clone3,keyctl; do
	ok "without $call" lacking $call $ENOSYS
	printed "it runs" '^here'
done
while read -r call version; do
	exits 125 "without $call" lacking "$call" $ENOSYS
	said "says so" "$call.* not implemented: it needs Linux $version"
	said "and what else it may be" "seccomp profile"
	is "in one line" "$(wc -l <"$err")" 1
	exits 125 "with $call forbidden" lacking "$call" $EPERM
	said "says so" 'Operation not permitted'
	is "and leaves nothing" "$(ls "$state")" ""
done <<END
openat2 5.6
open_tree 5.2
move_mount 5.2
mount_setattr 5.12
fsopen 5.2
fsmount 5.2
fsconfig 5.2
close_range 5.9
END
for call in pivot_root umount2 setgroups setresuid capset waitid signalfd4 \
	sethostname prctl socketpair; do
	for error in $ENOSYS $EPERM; do
		exits 125 "without $call ($error)" lacking "$call" "$error"
		is "says so in one line" "$(wc -l <"$err")" 1
		is "and leaves nothing" "$(ls "$state")" ""
	done
done
done_testing
