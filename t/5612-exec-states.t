#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-exec: containers that are created, paused, ended or on their way there,
# and several of it at once; by an ordinary user; and its own end.
# shellcheck disable=SC2016 # what is in single quotes is for another shell
. "${0%/*}/lib.sh"
need python3 setpriv
. "$top/t/run.sh"

plain '.process.args = ["sleep", "1000"]'

# Created: its program is still to come.
bundle .
ok "created" oci-create --root "$state" -b b "$id"
first=$(pid_of "$id")
ok "a process in it" x "$id" ps
is "is one beside its first" "$(grep -c . "$out")" 3
is "it is still created" "$(status_of "$id")" created
ok "and started" oci-start --root "$state" "$id"
is "is the same" "$(pid_of "$id")" "$first"
down "$id"

# Ended, and what has its pid now.
bundle '.process.args = ["true"]'
up "$id"
wait_for is_stopped "$id"
exits 125 "a container that has ended" x "$id" true
said "is said to have" "$id: container not running"
sleep 0.05 # a process is known by the clock tick, too, in which it began
sleep 1000 &
other=$!
at_exit "kill -KILL $other 2>/dev/null"
jq --argjson pid $other '.pid = $pid' "$state/$id/state.json" >new.json
cat new.json >"$state/$id/state.json"
exits 125 "another process has its pid" x "$id" true
said "and isn't joined" "$id: container not running"
kill -KILL $other
down "$id"

# Its config.json, which goes first when it is deleted, and a pipe in the place.
bundle .
up "$id"
mv "$state/$id/config.json" kept.json
for p in 'exec ID true' 'update -m 64m ID'; do
	# shellcheck disable=SC2046
	run each $(echo "$p" | sed "s/ID/$id/")
	said "oci-${p%% *} says what engines look for" 'does not exist'
done
mkfifo "$state/$id/config.json"
for p in 'exec ID true' 'update -m 64m ID'; do
	# shellcheck disable=SC2046
	run each $(echo "$p" | sed "s/ID/$id/")
	said "oci-${p%% *} doesn't wait for a pipe" 'not a regular file'
done
rm "$state/$id/config.json"
ok "it is killed all the same" each kill "$id" KILL
wait_for is_stopped "$id"
mkfifo "$state/$id/config.json"
ok "and deleted" down "$id"

# It is ending: a process of it is held, so that the first waits for that.
bundle .
up "$id"
first=$(pid_of "$id")
x -d --pid-file "$tmp/held" "$id" sleep 1000 >held.out 2>&1 </dev/null
python3 -c 'import ctypes, sys, time
libc = ctypes.CDLL(None, use_errno=True)
seize = 0x4206
if libc.ptrace(seize, int(sys.argv[1]), None, None):
    sys.exit("ptrace: %d" % ctypes.get_errno())
print("held", flush=True)
time.sleep(100)' "$(cat held)" >holder.out &
holder=$!
at_exit "kill -KILL $holder 2>/dev/null"
wait_for grep -q held holder.out
kill -KILL "$first"
has_left() { ! readlink "/proc/$first/ns/mnt" >/dev/null 2>&1; }
wait_for has_left
exits 125 "one that is ending" x "$id" true
said "isn't running any more" "$id: container not running"
kill -KILL $holder
wait_for is_stopped "$id"
down "$id"

# It ends meanwhile, with all that is in it.
bundle .
up "$id"
oci-exec --root "$state" "$id" sh -c 'echo up; sleep 1000; true' >at.out &
x=$!
wait_for grep -q up at.out
kill -KILL "$(pid_of "$id")"
wait $x
is "the container's end is its end" "$?" 137
down "$id"

# oci-init is as good as any first process.
bundle .
up --init "$id"
ok "with --init" x "$id" sh -c 'tr "\0" " " </proc/1/cmdline'
printed "oci-init is the first" '^oci-init'
run x "$id" kill -TERM 1 # it may be killed with the rest before it ends
ok "which is ended so" wait_for is_stopped "$id"
down "$id"
bundle '.process.user = {uid: 1000, gid: 1000}'
up --init "$id"
ok "an ordinary user's, too" x "$id" id -u
is "who is he" "$(cat "$out")" 1000
down "$id"

# Another root than its mounts'.
bundle '.process.args = ["chroot", "/inner", "/busybox", "sleep", "1000"] |
	.process.capabilities[] += ["CAP_SYS_CHROOT"]'
mkdir -p b/rootfs/inner/etc
cp b/rootfs/bin/busybox b/rootfs/inner
echo root:x:0:0::/inside: >b/rootfs/inner/etc/passwd
up "$id"
wait_for sh -c 'grep -q sleep "/proc/'"$(pid_of "$id")"'/cmdline"'
ok "with another root" x "$id" /busybox sh -c 'echo $HOME; echo /*'
is "it has that" "$(tr '\n' ' ' <"$out")" "/inside /busybox /etc "
down "$id"

# Without namespaces of its own but that of mounts.
bundle '.linux.namespaces |= map(select(.type == "mount")) |
	del(.hostname)'
up "$id"
ok "where the rest is the host's" x "$id" readlink /proc/self/ns/pid
down "$id"

# In another network namespace than the container's caller was.
bundle '.linux.namespaces |= map(select(.type != "network"))'
up "$id"
net=$(readlink /proc/self/ns/net)
ok "from elsewhere" unshare -n oci-exec --root "$state" "$id" \
	readlink /proc/self/ns/net
is "it has the container's, the host's" "$(cat "$out")" "$net"
down "$id"

# Eight at once, and what has a terminal.
bundle .
up "$id"
for i in 1 2 3 4 5 6 7 8; do
	x "$id" sh -c "echo $i; exit $i" >at$i 2>&1 &
	eval "x$i=\$!"
done
wrong=
for i in 1 2 3 4 5 6 7 8; do
	eval "wait \$x$i"
	[ $? = $i ] && [ "$(cat at$i)" = $i ] || wrong="$wrong $i"
done
is "eight at once" "$wrong" ""

# Killed at any moment it leaves none that isn't its program.
half() {
	for p in $(cat "/proc/$(pid_of "$id")/root/proc/1/task/1/children" \
		2>/dev/null) $(in_cgroup); do
		read -r comm <"/proc/$p/comm" 2>/dev/null || continue
		case $comm in sleep | true) ;; *) echo "$p $comm" ;; esac
	done
}
in_cgroup() {
	find /sys/fs/cgroup -path "*/$id/cgroup.procs" -exec cat {} + | sort -u
}
none_half() { [ ! "$(half)" ]; }
stuck=
for delay in 0.0005 0.001 0.0015 0.002 0.0025 0.003 0.0035 0.004 0.0045 0.005 \
	0.006 0.007 0.008 0.01 0.012 0.015; do
	killed_after $delay oci-exec --root "$state" "$id" true
	wait_for none_half || stuck="$stuck $delay: $(half)"
done
is "killed at sixteen moments nothing is stuck" "$stuck" ""
is "the container doesn't mind" "$(status_of "$id")" running
for s in INT TERM HUP; do
	for delay in 0.001 0.002 0.003 0.005; do
		timeout -s $s $delay oci-exec --root "$state" "$id" sleep 0.2 \
			>/dev/null 2>&1 </dev/null
	done
done
ok "nor after other signals" wait_for none_half
down "$id"

# A limit that leaves no room: whoever joins needs one more for a moment.
bundle '.linux.resources.pids = {limit: 3}'
up "$id"
x "$id" sh -c 'echo up; exec sleep 1000' >full.out 2>&1 &
ok "a process within the limit" wait_for grep -q up full.out
exits 125 "no more processes" x "$id" true
said "is said" 'limit of processes|temporarily unavailable'
down "$id"
wait

# An ordinary user's container, of one id.
. "$top/t/user.sh"
cp -r b home/b
chown -R 65534:65534 home
jq '.linux.namespaces += [{type: "user"}] | del(.linux.resources) |
	.linux.uidMappings = [{containerID: 0, hostID: 65534, size: 1}] |
	.linux.gidMappings = .linux.uidMappings |
	.mounts |= map(select(.type != "cgroup" and .type != "sysfs")) |
	.linux.namespaces |= map(select(.type != "network")) |
	(.mounts[] | select(.type == "devpts") | .options) -= ["gid=5"] |
	.process.oomScoreAdj = 600' plain.json >home/b/config.json
ok "an ordinary user's container" as_user oci-run -d -b b "$id.u"
ok "has another process" as_user oci-exec "$id.u" \
	sh -c 'id -u; cat /proc/self/oom_score_adj; readlink /proc/self/ns/user'
is "as root, and adjusted" "$(head -n 2 "$out" | tr '\n' ' ')" "0 600 "
is "in its user namespace" "$(tail -n 1 "$out")" \
	"$(readlink "/proc/$(as_user oci-ps "$id.u" | jq .pid)/ns/user")"
run script -qec "cd home && setpriv --reuid=65534 --regid=65534 --clear-groups \
	env XDG_RUNTIME_DIR='$tmp/home' oci-exec -t $id.u tty" /dev/null
printed "and with a terminal" '/dev/pts/0'
exits 125 "by the superuser" oci-exec --root home/oci "$id.u" id -u
said "it isn't, for the user says what the container is" \
	'belongs to another user'
as_user oci-delete -f "$id.u"

# Of ranges, as root, and with the first process hidden before its start.
jq '.linux.namespaces += [{type: "user"}] |
	.linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}] |
	.linux.gidMappings = .linux.uidMappings' plain.json >b/config.json
chown -R 100000:100000 b/rootfs
ok "a user namespace" oci-create --root "$state" -b b "$id"
ok "before the start" x -u 5:6 -g 7 "$id" id
printed "it is joined" '^uid=5 gid=6 groups=7$'
oci-start --root "$state" "$id"
ok "and after it" x "$id" sh -c 'cat /proc/self/uid_map; cat /proc/1/cmdline'
printed "with its ids" '0 +100000 +65536'
down "$id"

is "nothing is left" "$(ls "$state") $(leftovers)" " "
done_testing
