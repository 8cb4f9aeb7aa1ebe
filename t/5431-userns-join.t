#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016,SC2317
# A user namespace that is there already, as the containers of a pod share it.
. "${0%/*}/lib.sh"
need cc unshare
. "$top/t/run.sh"

chmod 755 "$tmp_base" "$tmp"
# A pod: its user namespace owns the others.
unshare -Unui sleep 1000 &
pod=$!
at_exit "kill $pod"
joined() {
	[ "$(readlink /proc/self/ns/uts)" != "$(readlink "/proc/$1/ns/uts")" ]
}
wait_for joined $pod
echo "0 100000 65536" >/proc/$pod/uid_map || skip_all "no user namespaces"
echo "0 200000 65536" >/proc/$pod/gid_map
# Namespaces of the host's, which it doesn't.
unshare -nui sleep 1000 &
other=$!
at_exit "kill $other"
wait_for joined $other

# join PID TYPE...: the namespaces of the bundle that are joined.
join() {
	join_pid=$1
	shift
	for type; do
		case $type in
		network) name=net ;;
		mount) name=mnt ;;
		*) name=$type ;;
		esac
		plain ".linux.namespaces |= map(select(.type != \"$type\")) +
			[{type: \"$type\", path: \"/proc/$join_pid/ns/$name\"}]"
	done
}
of() { # PID KIND...: its namespaces, one a line
	of_pid=$1
	shift
	for kind; do readlink "/proc/$of_pid/ns/$kind"; done
}
plain 'del(.hostname) | .mounts |= map(select(.type != "mqueue")) |
	.process.oomScoreAdj = 500'
cp plain.json base.json

join $pod user network ipc uts
show='for n in user net ipc uts; do readlink /proc/self/ns/$n; done'
shell "$show"
ok "the namespaces of a pod" box
is "are those" "$(cat "$out")" "$(of $pod user net ipc uts)"
shell 'id -u; cat /proc/self/uid_map /proc/self/gid_map /proc/self/oom_score_adj
	grep ^Groups /proc/self/status; echo x >>/dev/stdout; mount -t tmpfs x /tmp'
run box
is "the user is its root, with its maps and no more" \
	"$(tr -s ' \t' '  ' <"$out" | tr '\n' '|')" \
	"0| 0 100000 65536| 0 200000 65536|500|Groups: |x|"
for maps in '[{containerID: 0, hostID: 0, size: 1}]' '[]'; do
	shell 'cat /proc/self/uid_map; echo x >>/dev/stdout' \
		".linux.uidMappings = $maps | .linux.gidMappings = $maps"
	: >file
	ok "maps of config.json are not its: $maps" eval 'box >file'
	is "it has its own, and the streams" \
		"$(tr -s ' ' <file | tr '\n' '|')$(stat -c %u file)" \
		" 0 100000 65536|x|100000"
done
mkdir -p host b/rootfs/data
echo x >host/file
shell 'stat -c %u:%g /data/file' '.mounts += [{destination: "/data",
	source: $host, options: ["bind", "idmap"]}]'
run box
if grep -q 'can this file system' "$err"; then
	skip 1 "a file system that can't map ids"
else
	printed "ids of a mount are mapped as in there" '^0:0$'
fi

shell 'ls /sys/class/net; grep " /sys " /proc/mounts | cut -d" " -f1,3'
ok "a sysfs" box
is "is that of its network" "$(tr '\n' ' ' <"$out")" "lo sysfs sysfs "

# In and out again.
shell 'sleep 100'
create() {
	each create -b b "$id" </dev/null >/dev/null 2>&1
}
ok "created" create
ok "started" each start "$id"
pid=$(pid_of "$id")
is "its first process is there" "$(of "$pid" user net)" "$(of $pod user net)"
is "in its cgroup" "$(jq -r '.cgroups[].path' "$state/$id/state.json" |
	while read -r path; do
		[ ! -e "$path/cgroup.procs" ] || cat "$path/cgroup.procs"
	done | sort -u)" "$pid"
x "$id" sh -c "$show; id -u; touch /dev/shm/x && stat -c %u /dev/shm/x" >seen
is "so is who joins it" "$(tr '\n' ' ' <seen)" \
	"$(of $pod user net ipc uts | tr '\n' ' ')0 0 "
down "$id"

# Others that the user namespace doesn't own, and a pid namespace.
cp base.json plain.json
join $pod user
join $other network ipc uts
shell "$show"
ok "with namespaces of the host's" box
is "they are joined" "$(cat "$out")" "$(of $pod user; of $other net ipc uts)"
cp base.json plain.json
join $pod user network
shell 'sleep 100'
up "$id.a"
join "$(pid_of "$id.a")" pid
shell 'cat /proc/1/cmdline | tr "\0" " "; readlink /proc/self/ns/user'
ok "with a pid namespace" box
is "its processes are to be seen" "$(tr '\n' ' ' <"$out")" \
	"sleep 100 $(of $pod user) "
down "$id.a"
cp base.json plain.json
join $pod user
shell 'readlink /proc/self/ns/user; ls /sys/class/net'
ok "alone" box
printed "it is joined" "^$(of $pod user | sed 's/[][]/\\&/g')"
printed "and the network is a new one" '^lo$'

# The runtime's own is none to be joined.
cp base.json plain.json
join self user
shell 'readlink /proc/self/ns/user; tr -s " " </proc/self/uid_map'
ok "the host's" box
is "is that" "$(tr '\n' '|' <"$out")" \
	"$(of self user)|$(tr -s ' ' </proc/self/uid_map)|"

# Who has all rights in there looks into those that come.
compile b/rootfs/intruder intruder.c -static -fno-pic -no-pie
cp base.json plain.json
join $pod user
plain '.process.capabilities[] += ["CAP_SYS_PTRACE", "CAP_DAC_OVERRIDE"]'
bundle '.process.args = ["/intruder", "look"]'
box "$id.look" >looked 2>/dev/null &
at_exit "kill -KILL $! 2>/dev/null"
wait_for is_running "$id.look"
looker=$(pid_of "$id.look")
at_exit "kill -KILL $looker 2>/dev/null"
join "$looker" pid
bundle '.process.args = ["true"]'
for i in 1 2 3 4 5 6 7 8 9 10; do
	box "$id.two" || fail "joining its user namespace, time $i"
done
kill -KILL "$looker"
wait_for is_over "$id.look"
ok "a container with rights in there looks at what joins it" \
	grep -q looking looked
is "and into none of the runtime's" \
	"$(grep -E "oci-|cgroup|$state|ns/|:\[" looked | sort | uniq -c)" ""

cp base.json plain.json
join $pod user
bundle '.linux.namespaces[-1].path = "/nowhere"'
exits 125 "none there" box
said "is an error" 'linux.namespaces: /nowhere: No such file'
bundle ".linux.namespaces[-1].path = \"/proc/$pod/ns/net\""
exits 125 "one of another kind" box
said "is an error" "ns/net: not a namespace of that type"
mkfifo fifo
bundle '.linux.namespaces[-1].path = $fifo' --arg fifo "$tmp/fifo"
exits 125 "nor is a FIFO waited for" box
said "is said of it, too" "fifo: not a namespace of that type"
all_gone "nothing is left"
done_testing
