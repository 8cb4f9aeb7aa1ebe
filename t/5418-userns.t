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

# Namespaces of the host, which aren't the container's user namespace's.
shell 'for n in net ipc uts; do readlink /proc/self/ns/$n; done' 'del(.hostname)'
unshare -niu sleep 1000 &
other=$!
at_exit "kill $other"
other_joined() {
	[ "$(readlink /proc/self/ns/uts)" != "$(readlink "/proc/$other/ns/uts")" ]
}
wait_for other_joined
change ".linux.namespaces |= map(if .type == \"network\" or .type == \"ipc\" or
	.type == \"uts\" then .path = \"/proc/$other/ns/\" +
	{network: \"net\", ipc: \"ipc\", uts: \"uts\"}[.type] else . end) |
	.mounts |= map(select(.type != \"mqueue\"))"
ok "namespaces that are joined" box
is "are those" "$(cat "$out")" \
	"$(cd "/proc/$other/ns" && readlink net ipc uts)"
shell 'ls /sys/class/net; grep " /sys " /proc/mounts; touch /sys/kernel/x' \
	'.linux.namespaces |= map(select(.type != "network"))'
run box
is "with the host's network /sys is the host's" \
	"$(grep -v ' /sys ' "$out" | sort | tr '\n' ' ')" \
	"$(find /sys/class/net/ -mindepth 1 -printf '%f\n' | sort | tr '\n' ' ')"
printed "read-only" ' /sys sysfs ro,nosuid,nodev,noexec'

# What others can't get at.
mkdir -p closed/in his/in b/rootfs/in b/rootfs/his
touch b/rootfs/file
echo seen >closed/in/file
echo his >his/in/file
chmod 700 closed his
chown 1000 his
shell 'cat /in/file /file /his/file' ".mounts += [
	{destination: \"/in\", type: \"bind\", source: \"$tmp/closed/in\"},
	{destination: \"/his\", type: \"bind\", source: \"../his/in\"},
	{destination: \"/file\", type: \"bind\", source: \"$tmp/closed/in/file\"}]"
ok "sources in directories of others" box
is "are there" "$(tr '\n' ' ' <"$out")" "seen seen his "
change '.mounts[-1].source += ".not"'
exits 125 "one that isn't there" box
said "isn't reached" 'closed/in/file.not: No such'
mv b closed/b
jq '.process.args = ["cat", "/etc/passwd"]' plain.json >closed/b/config.json
ok "a root file system in one" \
	oci-run --root "$state" -b closed/b "$id"
printed "is there" '^root:'
mv closed/b b
# Called in a user namespace, as by podman of an ordinary user, for a container
# that has none of its own.
shell 'ls -d /dev/* | tr "\n" " "; echo >/dev/null && head -c 3 /dev/zero | wc -c' \
	'.linux.namespaces |= map(select(.type != "user")) |
	del(.linux.uidMappings, .linux.gidMappings) |
	(.mounts[].options | arrays) |= map(select(. != "gid=5")) |
	.linux.devices = [{path: "/dev/null", type: "c", major: 1, minor: 3}]'
ok "in the user namespace of whoever calls it" \
	unshare --user --map-root-user --mount oci-run --root "$state.u" -b b "$id"
printed "it has its devices" '/dev/full .*/dev/null .*/dev/urandom .*/dev/zero'
printed "which can be used" ' 3$'
mkdir runtime
user_root() {
	XDG_RUNTIME_DIR=$tmp/runtime unshare --user --map-root-user --mount "$@"
}
ok "by no --root" user_root oci-run -b b "$id"
is "its state is where a user's is" "$(ls runtime)" oci
mkdir -p open/oci
chmod 777 open/oci
ok "not root's, whatever that says" env XDG_RUNTIME_DIR="$tmp/open" oci-ps
done_testing
