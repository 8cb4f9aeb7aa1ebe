#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016,SC2154
# A container without a mount namespace of its own is in that of the caller, or
# in the one that it is told, and what is mounted for it is seen by nobody else.
. "${0%/*}/lib.sh"
need unshare nsenter pgrep
. "$top/t/run.sh"

none='del(.linux.namespaces[] | select(.type == "mount"))'
in_it() { # PID: in the mount namespace of that process
	echo "(.linux.namespaces[] | select(.type == \"mount\")).path =
		\"/proc/$1/ns/mnt\""
}
mounts_of() { # PID: the root, and those of this test
	cut -d' ' -f5- "/proc/$1/mountinfo" | grep -e '^/ ' -e "^$tmp"
}

mkdir host
echo ours >host/file
data='.mounts += [{destination: "/data", type: "bind", source: $host,
	options: ["bind", "ro"]}] | .linux.maskedPaths += ["/etc/passwd"]'
mounts_of self >mounts
shell 'readlink /proc/self/ns/mnt; cat /data/file; stat -f -c %T /proc
	cd /; cd ../..; [ -e bin/busybox ] && echo root
	for f in /root/x /data/x /proc/sys/kernel/x; do
		[ -e "$f" ] || ! echo 2>/dev/null >"$f" || echo "$f"
	done
	wc -c </etc/passwd; echo x >/dev/shm/x && cat /dev/shm/x' \
	"$none | $data"
run box
is "without one it is in the caller's" "$(head -1 "$out")" \
	"$(readlink /proc/self/ns/mnt)"
is "with its mounts, and nowhere else to go" "$(sed 1d "$out" | tr '\n' ' ')" \
	"ours proc root 0 x "
mounts_of self >after
ok "nothing is mounted out here, or otherwise than before" cmp mounts after

change '.process.args = ["sleep", "1000"]'
up "$id"
run x "$id" sh -c 'readlink /proc/self/ns/mnt; cat /data/file
	mount -t tmpfs x /dev/shm 2>/dev/null && echo mounted
	ls / | grep -c proc'
is "another process joins it there" "$(tr '\n' ' ' <"$out")" \
	"$(readlink /proc/self/ns/mnt) ours 1 "
mounts_of self >after
ok "nor while it runs" cmp mounts after
down "$id"

mkdir b/rootfs/late
printf '#!/bin/sh\nmount -t tmpfs x %s && echo hook >%s/file\n' \
	"$tmp/b/rootfs/late" "$tmp/b/rootfs/late" >hook
chmod 755 hook
shell 'cat /late/file' "$none |
	.hooks.createContainer = [{path: \"$tmp/hook\"}]"
ok "what a hook mounts is there" box
printed "with what is in it" '^hook$'

unshare -m --propagation private sh -c 'mount -t tmpfs x host &&
	echo theirs >host/file && echo up && exec sleep 1000' >up.sh &
there=$!
at_exit "kill $there"
wait_for test -s up.sh
mounts_of $there >mounts.there
shell 'readlink /proc/self/ns/mnt; cat /data/file; wc -c </etc/passwd' \
	"$(in_it $there) | $data"
run box
is "the one that is joined is where it is" "$(head -1 "$out")" \
	"$(readlink /proc/$there/ns/mnt)"
is "and where the paths are looked up" "$(sed 1d "$out" | tr '\n' ' ')" \
	"theirs 0 "
mounts_of $there >after
ok "there nothing is mounted" cmp mounts.there after
is "and the processes have their root" \
	"$(nsenter -t $there -m cat "$tmp/host/file")" theirs
shell 'cat /data/file' "$data | $(in_it self)"
ok "its own can be named, too" box
printed "and is what it was" '^ours$'
hooked=".hooks.createContainer = [{path: \"$tmp/hook\"}]"
shell 'cat /late/file' "$(in_it self) | $hooked"
ok "with its hooks" box

# A program that only that namespace has, as another container's image may.
printf '#!/bin/sh\necho ran >%s/ran\n' "$tmp" >theirs
chmod 755 theirs
nsenter -t $there -m cp "$tmp/theirs" "$tmp/host/hook"
bundle "$(in_it $there) | .hooks.createContainer = [
	{path: \"$tmp/host/hook\"}]"
exits 125 "a hook isn't looked up in another's" box
said "which is said" 'hooks.createContainer: with the path of a mount names'
ok "nor run from there" test ! -e ran

bundle "$(in_it $there)"
exits 125 "readiness isn't passed on from there" \
	env NOTIFY_SOCKET=@notify timeout -k 5 60 \
	oci-run --root "$state" -b b "$id"
said "which is said" "NOTIFY_SOCKET: can't be passed on"

unshare -mpf --mount-proc --kill-child --propagation private \
	sh -c 'echo up && exec sleep 1000' >apart.sh &
at_exit "kill -KILL $!" # unshare -f ignores TERM
wait_for test -s apart.sh
apart=$(pgrep -P $!)
bundle "$(in_it "$apart")"
exits 125 "the /proc of other processes is none to be made with" box
said "what helps is said" \
	"/proc/$apart/ns/mnt: its /proc .* of another pid namespace, whose path"
shell 'echo joined' "$(in_it "$apart") |
	(.linux.namespaces[] | select(.type == \"pid\")).path =
		\"/proc/$apart/ns/pid\""
ok "and helps" box
printed "as the program says" '^joined$'

bundle "$none | .linux.rootfsPropagation = \"rshared\""
exits 125 "propagation has nowhere to go" box
said "which is said" 'rootfsPropagation: needs a mount namespace'
bundle "$none | $data | .mounts[-1].options += [\"unbindable\"]"
exits 125 "nor can what is not to be cloned be there" box
said "which is said" '/data: unbindable needs a mount namespace'
users='.linux.namespaces += [{type: "user"}] |
	.linux.uidMappings = [{containerID: 0, hostID: 0, size: 1000}] |
	.linux.gidMappings = .linux.uidMappings'
bundle "$none | $users"
exits 125 "a user namespace has no rights over the caller's" box
said "which is said" 'with a user namespace a mount namespace must be'
bundle "$(in_it $there) | $users"
exits 125 "nor over another's" box
said "which is said" "/proc/$there/ns/mnt: Operation not permitted"
all_gone "nothing is left of all these"
done_testing
