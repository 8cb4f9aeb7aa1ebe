#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# oci-run: the process, its surroundings, its end, and what is left: nothing.
. "${0%/*}/lib.sh"
. "$top/t/run.sh"

shell 'echo out; echo err >&2; exit 7'
exits 7 "the status is the container's" box
printed "its output" '^out$'
said "its error output" '^err$'
is "no state is left" "$(ls "$state")" ""
is "no cgroup is left" "$(leftovers)" ""
shell 'kill -9 $$; exit 3'
exits 3 "process 1 is not killed by its own namespace" box
bundle '.process.args = ["sh", "-c", "sleep 0.2; exit 0"]'
ok "a container that just ends" box

shell 'read x; echo "got $x"'
piped() { echo line | box; }
ok "standard input is the container's" piped
is "all of it" "$(cat "$out")" "got line"

shell 'hostname; pwd; umask; id; env; echo "pid $$"' \
	'.hostname = "seven" | .process.cwd = "/made/here" |
	.process.user = {uid: 1000, gid: 1000, additionalGids: [29], umask: 23} |
	.process.env = ["A=b c", "PATH=/bin"] | .root.readonly = false'
ok "hostname, directory, umask, user, environment" box
printed "hostname" '^seven$'
printed "working directory, made" '^/made/here$'
printed "umask" '^0027$'
printed "ids" '^uid=1000\(user\) gid=1000\(user\) groups=(1000\(user\),)?29\(audio\)'
printed "variables" '^A=b c$'
printed "HOME of the image's passwd" '^HOME=/home$'
printed "pid 1" '^pid 1$'

shell 'grep -E "^(Cap|NoNewPrivs)" /proc/self/status; ulimit -n' \
	'.process.capabilities = {bounding: ["CAP_KILL"], permitted: ["CAP_KILL"],
	effective: ["CAP_KILL"]} |
	.process.rlimits = [{type: "RLIMIT_NOFILE", soft: 99, hard: 100}]'
ok "capabilities, limits" box
printed "effective" '^CapEff:	0000000000000020$'
printed "bounding" '^CapBnd:	0000000000000020$'
printed "inheritable: none" '^CapInh:	0000000000000000$'
printed "no_new_privs" '^NoNewPrivs:	1$'
printed "open files" '^99$'

shell 'touch /x; touch /tmp/x; mount | grep " / "; echo x >/proc/sys/kernel/hostname
	cat /proc/kcore | wc -c; ls /proc/acpi | wc -l; ls /dev
	echo null >/dev/null && ls -l /proc/self/fd | wc -l' \
	'.linux.maskedPaths += ["/home"]'
ok "a read-only root, masked and read-only paths" box
said "the root" 'touch: /x: Read-only file system'
said "a read-only path" "/proc/sys/kernel/hostname: Read-only"
printed "devices" '^urandom$'
printed "the links of /dev" '^stdin$'
is "no descriptor but the three and the directory's" "$(tail -n 1 "$out")" 5

mkdir -p host/sub
echo kept >host/file
bundle '.process.args = ["sh", "-c",
	"cat /m/file /one; touch /m/new; touch /t/x && ls -ld /t"] |
	.root.readonly = false |
	.mounts += [{destination: "/m", type: "bind", source: $host,
	options: ["rbind", "ro"]},
	{destination: "/one", type: "bind", source: ($host + "/file"),
	options: ["bind"]},
	{destination: "/t", type: "tmpfs", source: "tmpfs",
	options: ["nosuid", "mode=1777", "size=1m"]}]'
ok "bind mounts and a tmpfs" box
is "a directory and a file" "$(grep -c kept "$out")" 2
said "read-only" "/m/new: Read-only"
printed "the tmpfs with its mode" '^drwxrwxrwt'
is "nothing came to the host" "$(ls host)" "file
sub"

# The network, by its namespace: lo alone, and up.
shell 'ls /sys/class/net; cat /sys/class/net/lo/flags'
ok "a network of its own" box
printed "lo is up" '^0x9$'
bundle '.process.args = ["cat", "/proc/sys/net/ipv4/ip_default_ttl"] |
	.linux.sysctl = {"net.ipv4.ip_default_ttl": "77"}'
ok "a sysctl of its namespace" box
printed "is set" '^77$'
bundle '.linux.sysctl = {"vm.swappiness": "1"}'
exits 125 "a sysctl of the host" box
said "is refused by name" 'linux.sysctl: vm.swappiness'
bundle '.process.args = ["cat", "/proc/self/oom_score_adj"] |
	.process.oomScoreAdj = 321'
ok "oomScoreAdj" box
printed "is set" '^321$'

# A namespace that is joined.
unshare --uts sh -c 'hostname joined && exec sleep 60' &
other=$!
at_exit "kill $other 2>/dev/null"
wait_for grep -q sleep "/proc/$other/comm"
bundle '.process.args = ["hostname"] | del(.hostname) |
	.linux.namespaces |= map(if .type == "uts"
	then .path = "/proc/'$other'/ns/uts" else . end)'
ok "a namespace is joined" box
printed "it is that one" '^joined$'
bundle '.linux.namespaces |= map(if .type == "uts"
	then .path = "/proc/'$other'/ns/net" else . end) | del(.hostname)'
exits 125 "one of another type" box

# A user namespace, as root.
shell 'id -u; cat /proc/self/uid_map; ls -ln /dev/null' \
	'.linux.namespaces += [{type: "user"}] |
	.linux.uidMappings = [{containerID: 0, hostID: 0, size: 1000}] |
	.linux.gidMappings = [{containerID: 0, hostID: 0, size: 1000}]'
ok "a user namespace" box
printed "with its map" '^ +0 +0 +1000$'

# What is asked for and not done is an error with its name.
for property in .process.apparmorProfile .linux.intelRdt.l3 \
	.linux.resources.network.classID .linux.seccomp.listenerPath; do
	case $property in
	*Profile | *Path) value='"x"' ;;
	*l3) value='"x"' ;;
	*classID) value=10 ;;
	esac
	bundle "$property = $value"
	[ $property != .linux.seccomp.listenerPath ] ||
		bundle "$property = $value | .linux.seccomp.defaultAction = \"SCMP_ACT_ALLOW\""
	exits 125 "not done: $property" box
	name=${property#.}
	said "named" "$(echo "$name" | sed 's/\.\(l3\|classID\)$//')"
done
bundle '.unknown = {a: 1} | .linux.alsoUnknown = 2 | .process.args = ["true"]'
ok "what the specification doesn't know is ignored" box
bundle '.process.args = []'
exits 125 "no command" box
bundle '.process.cwd = "relative"'
exits 125 "a relative working directory" box
bundle '.process.user.uid = -1'
exits 125 "a negative user" box
bundle '.linux.namespaces = []'
exits 125 "a host name without a namespace for it" box
printf '{"ociVersion": "1.2.0", "ociVersion": "1.2.0"}' >b/config.json
exits 125 "a name twice" box
echo '{' >b/config.json
exits 125 "no JSON" box
rm b/config.json
exits 125 "no config.json" box
is "no state is left of all these" "$(ls "$state")" ""

bundle '.process.args = ["nothing-here"]'
exits 127 "a command that isn't there" box
bundle '.process.args = ["/etc/passwd"]'
exits 126 "one that can't be executed" box
printf '#!/no/such/shell\n' >b/rootfs/script
chmod +x b/rootfs/script
bundle '.process.args = ["/script"]'
exits 127 "an interpreter that isn't there" box
said "is told apart" 'script: the interpreter.*: No such file'
bundle '.process.args = ["nothing-here"]'
exits 127 "the same detached" box -d "$id"
is "and nothing is left" "$(ls "$state")" ""

exits 2 "two IDs" oci-run -b b one two
exits 2 "an ID with a slash" oci-run -b b ../x
exits 2 "a wrong number" oci-run -b b --preserve-fds x "$id"
exits 2 "an unknown option" oci-run --nothing a
ok "--help" oci-run --help
printed "is help" '^Usage: oci-run'
ok "--version" oci-run --version
exits 125 "a bundle in the place of an ID" oci-run --root "$state" b
said "is told how to be named" 'b is a bundle: oci-run -b b$'

done_testing
