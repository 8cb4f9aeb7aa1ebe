#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# What a container is not to get of its caller's or the host's: the old root,
# the mounts, the file creation mask, signals, limits, ids.  And each mount has
# just the attributes that it was asked for with.
. "${0%/*}/lib.sh"
need python3 strace unshare
. "$top/t/run.sh"

plain '.root.readonly = false'
# runs SCRIPT [FILTER]
runs() {
	shell "$@"
	box
}

# The root that was left lies on top of the new one until it is taken away.
ok "a container" runs 'cat /proc/self/mountinfo; cd /..
	[ "$(ls /..)" = "$(ls /)" ] && [ "$(ls)" = "$(ls /)" ] && echo same'
is "has one root" "$(awk '$5 == "/"' "$out" | wc -l)" 1
is "above which is nothing" "$(tail -n 1 "$out")" same

# Of the caller's umask nothing is seen, whichever way it is.
made='.mounts += [{destination: "/made/for", type: "tmpfs"},
	{destination: "/made/file", type: "bind", source: "/etc/hostname",
		options: ["bind"]}] | .process.cwd = "/made/cwd" |
	.linux.devices = [
		{path: "/dev/one", type: "c", major: 1, minor: 3},
		{path: "/dev/two", type: "c", major: 1, minor: 3, fileMode: 402,
			uid: 3, gid: 4},
		{path: "/made/fifo", type: "p", fileMode: 438}]'
look='umask; cd /; stat -c "%a %u %g %n" dev/null dev/zero dev/one dev/two \
	made made/cwd made/fifo'
for mask in 000 077; do
	rm -rf b/rootfs/made
	shell "$look" "$made"
	ok "a caller with umask $mask" sh -c "umask $mask; oci-run \"\$@\"" sh \
		--root "$state" -b b "$id"
	is "has it for himself" "$(cat "$out")" "0022
666 0 0 dev/null
666 0 0 dev/zero
666 0 0 dev/one
622 3 4 dev/two
755 0 0 made
755 0 0 made/cwd
666 0 0 made/fifo"
	is "nor does a file have it" "$(stat -c %a b/rootfs/made/file)" 644
done
ok "a umask of its own" runs umask '.process.user.umask = 7'
is "is taken" "$(cat "$out")" 0007

# A node that the image has is not given to anybody.
rm -rf b/rootfs/made
mkdir b/rootfs/made
mknod b/rootfs/made/null c 1 3
chmod 600 b/rootfs/made/null
ok "a device of the image's" runs 'stat -c "%a %u %g" /made/null' \
	'.linux.devices = [{path: "/made/null", type: "c", major: 1, minor: 3,
		uid: 3, gid: 4}]'
is "stays as it is" "$(cat "$out")" "600 0 0"

# Ids, the saved ones among them, a session, limits, signals.
user='.process.user = {uid: 1000, gid: 1001, additionalGids: [1002]}'
ok "a user" runs 'grep "^[UG]id:\|^Groups:" /proc/self/status' "$user"
is "is one in all ways" "$(tr '\t' ' ' <"$out")" "Uid: 1000 1000 1000 1000
Gid: 1001 1001 1001 1001
Groups: 1002 "
ok "process 1" runs 'sed "s/.*) //" /proc/1/stat | cut -d" " -f4'
is "leads a session" "$(cat "$out")" 1
shell 'ulimit -Sn; ulimit -Hn; exec cat /proc/self/status' 'del(.process.rlimits)'
cat >caller.py <<'P'
import os, resource, signal, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (1000, int(sys.argv[1])))
for n in (signal.SIGUSR1, signal.SIGRTMIN + 2, signal.SIGRTMAX):
    signal.signal(n, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR2, signal.SIGRTMAX})
os.execvp("oci-run", ["oci-run", "--root", sys.argv[2], "-b", "b", sys.argv[3]])
P
ok "a caller who ignores and blocks signals" python3 caller.py 2000 "$state" "$id"
is "has his limits" "$(head -n 2 "$out" | paste -sd' ')" "1000 2000"
is "and keeps the signals to himself" "$(grep -c '^Sig[BI].*0000000000000000$' \
	"$out")" 2

# A socket, as a pipe, is given to the user: it can be opened by its name no
# more than before, but it is his.
cat >streams.py <<'P'
import os, socket, subprocess, sys
a, b = socket.socketpair()
r = subprocess.run(["oci-run", *sys.argv[1:]], stdout=b)
print(os.fstat(b.fileno()).st_uid)
sys.exit(r.returncode)
P
shell true "$user"
ok "a socket as standard output" python3 streams.py --root "$state" -b b "$id"
is "is the user's" "$(cat "$out")" 1000

# The flags of a filter are the kernel's, who does not tell what he was given.
shell true '.process.noNewPrivileges = true | .linux.seccomp = {
	defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["acct"],
		action: "SCMP_ACT_ERRNO"}],
	flags: ["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW"]}'
for how in compiled "from the cache"; do
	ok "a filter with flags, $how" strace -f -o trace -e trace=seccomp \
		oci-run --root "$state" -b b "$id"
	ok "has them" grep -q 'SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_LOG|'\
'SECCOMP_FILTER_FLAG_SPEC_ALLOW, {' trace
done

# The attributes of mounts, as the kernel tells them.
options='def m: {destination: ("/m/" + join("+")), type: "tmpfs",
	options: .}; .mounts += [
	["nosuid"], ["nodev"], ["noexec"], ["nosymfollow"], ["ro"],
	["nodiratime"], ["noatime"], ["strictatime"], ["relatime"],
	["norelatime"], ["nostrictatime"], ["atime"],
	["ro", "rw"], ["rw", "ro"], ["nosuid", "suid"], ["suid", "nosuid"],
	["noatime", "strictatime"], ["strictatime", "noatime"],
	["noatime", "relatime"], ["noexec", "nodev", "exec"],
	["x-comment=a", "X-b", "defaults", "async"] | m]'
ok "mounts with options" runs 'cat /proc/self/mountinfo' "$options"
is "have those attributes" "$(awk '$5 ~ "^/m/" {
	sub("^rw", "rw", $6); print substr($5, 4), $6 }' "$out" | sort)" \
	"$(sort <<'M'
nosuid rw,nosuid,relatime
nodev rw,nodev,relatime
noexec rw,noexec,relatime
nosymfollow rw,relatime,nosymfollow
ro ro,relatime
nodiratime rw,nodiratime,relatime
noatime rw,noatime
strictatime rw
relatime rw,relatime
norelatime rw
nostrictatime rw,relatime
atime rw,relatime
ro+rw rw,relatime
rw+ro ro,relatime
nosuid+suid rw,relatime
suid+nosuid rw,nosuid,relatime
noatime+strictatime rw
strictatime+noatime rw,noatime
noatime+relatime rw,relatime
noexec+nodev+exec rw,nodev,relatime
x-comment=a+X-b+defaults+async rw,relatime
M
)"
mkdir -p b/rootfs/hidden
ok "a masked directory" runs 'cat /proc/self/mountinfo' \
	'.linux.maskedPaths = ["/hidden", "/proc/acpi"]'
is "is nothing but a wall" "$(awk '$5 == "/hidden" {print $6}' "$out")" \
	ro,nosuid,nodev,noexec,relatime

# What is mounted in the bundle's root comes with it; what tmpcopyup copies
# ends where another mount begins, and isn't deep for being much.
mkdir -p b/rootfs/below b/rootfs/data/in
cat >below <<'S'
mount -t tmpfs below b/rootfs/below && touch b/rootfs/below/it &&
	exec oci-run --root "$2" -b b "$1"
S
shell 'ls /below'
ok "a root with a mount in it" unshare -m sh below "$id" "$state"
is "keeps that" "$(cat "$out")" it
for i in $(seq 300); do mkdir "b/rootfs/data/$i"; done
ok "a tmpfs with what it covers" runs 'ls /data | wc -l' \
	'.mounts += [{destination: "/data/in", type: "bind", source: "/etc",
		options: ["bind"]}, {destination: "/data", type: "tmpfs",
		options: ["tmpcopyup"]}]'
is "has all but what is mounted there" "$(cat "$out")" 300

# A sysctl of a namespace that the container shares is the host's.
exits 125 "a sysctl of the host's network" runs true '.linux.namespaces |=
	map(select(.type != "network")) | .linux.sysctl["net.ipv4.ip_forward"] =
	"'"$(cat /proc/sys/net/ipv4/ip_forward)"'"'
said "is refused" 'linux.sysctl: net.ipv4.ip_forward: is the host'

# A user keeps what he is given, and the cgroups are as they were asked for.
ok "a user with a capability" runs 'grep "^Cap[EPA]" /proc/self/status' \
	"$user"' | .process.capabilities |= (.inheritable = [] |
	.ambient = [] | .[] = ["CAP_KILL"])'
is "has it" "$(grep -c '0000000000000020$' "$out")" 3
ok "cgroups of a namespace, read-only" runs \
	'grep -w cgroup2* /proc/self/mountinfo' '.mounts |= map(
	select(.destination != "/sys/fs/cgroup")) + [{destination:
	"/sys/fs/cgroup", type: "cgroup", options: ["ro"]}] |
	.linux.namespaces |= map(select(.type != "cgroup")) +
	[{type: "cgroup"}]'
is "are so" "$(awk '$5 ~ "^/sys/fs/cgroup" {print $6}' "$out" | sort -u)" \
	ro,nosuid,nodev,noexec,relatime
map='[{containerID: 0, hostID: 0, size: 65536}]'
exits 125 "another number for a device, in a user namespace" runs true \
	'.linux.namespaces += [{type: "user"}] | .linux.uidMappings = '"$map"' |
	.linux.gidMappings = '"$map"' | .linux.devices = [{path: "/dev/null",
		type: "c", major: 1, minor: 5}]'
said "is refused" "only the host's device of that name"

# With a host whose mounts are shared, as systemd makes them: none of the
# container's gets there, and of the host's those that are asked for come.
cat >shared <<'S'
set -e
id=$1 state=$2
mkdir -p host/sub
mount -t tmpfs sub host/sub
mkdir host/sub/in host/sub/late
jq --arg host "$PWD/host" '.process.args = ["sh", "-c",
	"mount -t tmpfs in /sub/in && mount -t tmpfs in /own && echo up >/sub/up &&
	exec sleep 100"] | .process.capabilities[] += ["CAP_SYS_ADMIN"] |
	.mounts += [{destination: "/sub", type: "bind", source: ($host + "/sub"),
	options: ["rbind"]}, {destination: "/own", type: "bind", source: $host,
	options: ["rbind", "rshared"]}]' plain.json >b/config.json
for propagation in "" slave rslave shared private rprivate; do
	jq --arg p "$propagation" '.linux.rootfsPropagation = $p' b/config.json \
		>config.new
	mv config.new b/config.json
	rm -f host/sub/up
	oci-run -d --root "$state" -b b "$id" >log 2>&1
	for _ in $(seq 100); do [ -e host/sub/up ] && break; sleep 0.05; done
	pid=$(oci-ps --root "$state" "$id" | jq .pid)
	mount -t tmpfs late host/sub/late
	echo "$propagation: $(grep -c "host/sub/in\|host tmpfs\|/own" \
		/proc/self/mountinfo) $(grep -c /sub/late "/proc/$pid/mountinfo")"
	umount host/sub/late
	kill -KILL "$pid"
	for _ in $(seq 100); do
		oci-ps --root "$state" "$id" | grep -q stopped && break
		sleep 0.05
	done
done
S
ok "a host whose mounts are shared" unshare -m --propagation shared \
	sh shared "$id" "$state"
is "gets none of the container's, which gets those after it" "$(cat "$out")" \
	": 0 2
slave: 0 2
rslave: 0 2
shared: 0 2
private: 0 0
rprivate: 0 0"
shell true
ok "what is left is removed" box
is "with its cgroups" "$(leftovers)" ""
done_testing
