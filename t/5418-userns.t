#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# oci-run: what is the host's, in a container with a user namespace.
. "${0%/*}/lib.sh"
need unshare
. "$top/t/run.sh"

chmod 755 "$tmp_base" "$tmp"
plain '.linux.namespaces += [{type: "user"}] |
	.linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}] |
	.linux.gidMappings = .linux.uidMappings'

# The standard streams are its user's.
streams() {
	shell 'echo one >/dev/stdout; echo two >/dev/stderr' \
		".process.user = {uid: $1, gid: $1}"
	: >file
	: >file2
	box >file 2>file2
}
for uid in 0 1000; do
	ok "/dev/stdout of user $uid" streams "$uid"
	is "is his" "$(stat -c %u file) $(cat file file2 | tr '\n' ' ')" \
		"$((100000 + uid)) one two "
done
piped() { box 2>&1 | cat; }
ok "and a pipe, too" piped
is "can be opened" "$(tr '\n' ' ' <"$out")" "one two "
done_testing
