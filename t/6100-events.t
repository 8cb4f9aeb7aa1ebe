#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# oci-events: what a container uses, beside what runc says of the same one, and
# when it runs out of memory.
. "${0%/*}/lib.sh"
. "$top/t/run.sh"
need runc

v2=
[ "$(stat -f -c %T /sys/fs/cgroup)" != cgroup2fs ] || v2=1

# events ARG...: oci-events with the containers of $state.
events() {
	each events "$@"
}

# follow ID [OPTION...]: oci-events behind, into $tmp/followed.
follow() {
	follow_id=$1
	shift
	: >followed
	oci-events --root "$state" "$@" "$follow_id" >followed 2>followed.err &
	follower=$!
	wait_for test -s followed
}

followed() { # TYPE: how many events of it
	grep -c "^{\"type\":\"$1\",\"id\":\"$follow_id\"" followed
}

has_followed() { # TYPE N
	[ "$(followed "$1")" -ge "$2" ]
}

# Of the one container that runc made both count the same to the digit: it is
# frozen, and the state that oci-events has of it is made here.
bundle '.process.args = ["sleep", "300"] | .linux.resources |= (.
	+ {pids: {limit: 50}, cpu: {quota: 50000, period: 100000}}
	| .memory = {limit: 100000000})'
at_exit 'runc --root runc delete -f '"$id-runc"' >/dev/null 2>&1'
runc --root runc run -d -b b "$id-runc" </dev/null >/dev/null 2>"$err" ||
	bail "runc: $(cat "$err")"
runc --root runc pause "$id-runc"
pid=$(runc --root runc state "$id-runc" | jq .pid)
mkdir -p "$state/$id-runc"
chmod 700 "$state"
sed -n 's/^[0-9]*:\([a-z,]*\):\(.*\)/\1 \2/p' "/proc/$pid/cgroup" |
	while read -r controllers path; do
		case $controllers in
		/*) dir=/sys/fs/cgroup$controllers ;;
		*) dir=/sys/fs/cgroup/$controllers$path ;;
		esac
		[ -d "$dir" ] || continue
		stat -c "{\"path\": \"%n\", \"device\": %d, \"inode\": %i,
			\"role\": \"made\"}" "$dir"
	done | jq -s --arg id "$id-runc" --argjson pid "$pid" --argjson start \
	"$(sed 's/.*) //' "/proc/$pid/stat" | cut -d' ' -f20)" \
	'{ociVersion: "1.0.2", $id, status: "running", $pid, $start,
	bundle: "/b", rootfs: "/b/rootfs", created: "2026-01-02T03:04:05Z",
	cgroup: "", cgroups: .}' >"$state/$id-runc/state.json"

# told FILE: without what is 0, which runc leaves out, and what is only ours.
told() {
	jq -S 'del(.. | .psi?) | if $v2 == "" then . else del(.data.cpuset,
			.data.hugetlb, .data.memory.usage.max) end
		| walk(if type == "object" then with_entries(select(.value != 0
			and .value != {} and .value != null)) else . end)' \
		--arg v2 "$v2" "$1"
}
# The kernel may take a moment to settle: until runc says the same twice.
measured() {
	runc --root runc events --stats "$id-runc" >theirs &&
		events --stats "$id-runc" >ours &&
		runc --root runc events --stats "$id-runc" | cmp -s theirs
}
ok "runc tells of its container, and oci-events of the same" wait_for measured
is "in one line" "$(wc -l <ours)" 1
is "all that runc tells, and the same" "$(told ours)" "$(told theirs)"
is "the limits among it" "$(jq -c '.data | [.memory.usage.limit, .pids.limit]' \
	ours)" "[$((100000000 / 4096 * 4096)),50]"
is "numbers that no double can hold, to the digit" \
	"$(grep -Eo '[0-9]{17,}' ours | sort -u)" \
	"$(grep -Eo '[0-9]{17,}' theirs | sort -u)"
is "of each of its objects there is one" "$(jq -c '.data | keys' ours)" \
	"$(jq -c '.data | keys' theirs)"
runc --root runc resume "$id-runc"
runc --root runc delete -f "$id-runc"
rm -r "$state/$id-runc"

# What it says of containers that there is nothing to be told of.
fails "of no container" events --stats "$id"
said "it says so" "^oci-events: $id: container does not exist\$"
exits 2 "without an ID" events
exits 2 "an interval of nothing" events --interval 0s "$id"
exits 2 "an interval that is none" events --interval 5x "$id"
bundle '.process.args = ["sleep", "300"]'
up "$id"
for interval in 1 0.5 2s 1m30s 1.5h 250ms 100us; do
	ok "an interval of $interval" events --interval "$interval" --stats "$id"
done
ok "it runs" events --stats "$id"
is "and has one process" "$(jq .data.pids.current "$out")" 1
each kill "$id" KILL
wait_for is_stopped "$id"
fails "of one that has stopped" events --stats "$id"
said "it says so, too" "^oci-events: $id: container not running\$"
fails "also without --stats" events "$id"
down "$id"

# Lines come at once, in time, and end with the container.
up "$id"
follow "$id" --interval 100ms
ok "another comes after the interval" wait_for has_followed stats 3
kill -0 "$follower"
down "$id"
wait "$follower"
is "the end of the container is its end" "$?" 0
is "of which nothing is said" "$(cat followed.err)" ""
is "every line is an object of it" \
	"$(jq -r '.type + " " + .id' followed | sort -u)" "stats $id"
follower=
up "$id"
(sleep 0.3; down "$id") >/dev/null 2>&1 &
started=$(date +%s)
ok "it ends with the container however long the interval" \
	timeout 30 oci-events --root "$state" --interval 1h "$id"
is "having told once" "$(wc -l <"$out")" 1
wait
[ $(($(date +%s) - started)) -lt 30 ] || fail "it took long"

# Who reads may go, which is told at once and not with the next line.
up "$id"
{
	timeout 30 oci-events --root "$state" --interval 1h "$id" 2>gone.err
	echo $? >gone
} | head -n 1 >first
is "the first line comes at once" "$(jq -r .type first)" stats
is "it doesn't wait for the next to see that nobody reads" "$(cat gone)" 1
is "and says so" "$(cat gone.err)" \
	"oci-events: standard output: nobody reads it any more"
down "$id"

# Its own network, as it sees it.
if nsenter -t 1 -n ip link show lo >/dev/null 2>&1 && up "$id" &&
	nsenter -t "$(pid_of "$id")" -n ip link add oc0 type veth peer oc1; then
	is "of a network with nothing but lo, and then with more" "$(
		events --stats "$id" | jq -c '[.data.network_interfaces[] |
		[.Name, .RxBytes, .TxPackets]] | sort')" \
		'[["oc0",0,0],["oc1",0,0]]'
else
	skip 1 "no ip, or no veth"
fi
down "$id"

# An ordinary user of a container of his own, in cgroups that are his.
mkdir his his/state
chmod 755 "$tmp_base" "$tmp"
for dir in /sys/fs/cgroup/* /sys/fs/cgroup; do
	[ -e "$dir/cgroup.procs" ] || continue
	mkdir -p "$dir/$id-his/in"
	chown -R 65534:65534 "$dir/$id-his"
done
chown -R 65534:65534 his
cp -r b his/b
as_user() {
	find /sys/fs/cgroup -path "*/$id-his/in/cgroup.procs" 2>/dev/null >procs
	sh -c 'while read -r f; do echo $$ >$f; done <procs 2>/dev/null
		exec "$@"' as_user setpriv --reuid=65534 --regid=65534 --clear-groups \
		env TMPDIR="$tmp/his" "$@"
}
cp "$B"/bin/oci-* his
jq --arg path "/$id-his/box" '.linux.cgroupsPath = $path
	| .linux.namespaces += [{type: "user"}]
	| .linux.uidMappings = [{containerID: 0, hostID: 65534, size: 1}]
	| .linux.gidMappings = .linux.uidMappings | del(.linux.resources)
	| .mounts |= map(select(.type != "cgroup")
		| .options |= (. // [] | map(select(test("^gid=") | not))))' \
	b/config.json >his/b/config.json
ok "an ordinary user's container" as_user his/oci-run -d --root his/state \
	-b his/b "$id"
ok "he sees what it uses" as_user his/oci-events --root his/state --stats "$id"
is "in his cgroup of processes" "$(jq .data.pids.current "$out")" 1
as_user his/oci-events --root his/state --interval 1h "$id" >his.out 2>his.err &
wait_for test -s his.out
as_user his/oci-delete --root his/state -f "$id"
wait $!
is "he may wait for want of memory" "$(cat his.err)" ""
find /sys/fs/cgroup -depth -type d -name "$id-his" -exec rmdir {} + 2>/dev/null

# A process in a cgroup below its own counts as much as any.
shell 'exec sleep 300'
up "$id"
x "$id" true
before=$(events --stats "$id" | jq .data.cpu.usage.total)
dir=$(oci-ps --root "$state" "$id" >/dev/null; jq -r '.cgroups[] |
	select(.role == "made").path' "$state/$id/state.json" |
	grep -E "${v2:-/cpuacct|cpu,cpuacct}" | head -n 1)
mkdir "$dir/below" && pid_of "$id" >"$dir/below/cgroup.procs"
x "$id" sh -c 'for i in $(seq 100000); do :; done'
after=$(events --stats "$id" | jq .data.cpu.usage.total)
ok "what it used grows ($before, $after)" test "$after" -gt "$before"
pid_of "$id" >"$dir/cgroup.procs"
rmdir "$dir/below"
down "$id"

# A cgroup that took the name of the container's is not its own.
up "$id"
jq '.cgroups[].inode = 1' "$state/$id/state.json" >other.json
cp other.json "$state/$id/state.json"
ok "none of its cgroups is there" events --stats "$id"
is "so nothing is told of them" \
	"$(jq -c '.data | [.memory, .blkio, .pids]' "$out")" '[{},{},{}]'
run_end >/dev/null 2>&1
rm -rf "${state:?}/$id"

if [ ! -e /sys/fs/cgroup/memory/cgroup.event_control ] && [ ! "$v2" ]; then
	skip 9 "no memory controller"
	done_testing
fi

# Each want of memory is told, that of a process which isn't the first too, and
# the one that ends the container, whose cgroup goes at once.
# hungry: a command that needs more than it may.
hungry='dd if=/dev/zero of=/dev/null bs=80M count=1 2>/dev/null'
limit='.linux.resources.memory = {limit: 20000000}'
[ ! "$v2" ] || limit="$limit | .linux.resources.unified[\"memory.swap.max\"] = \"0\""
shell "while read -r line; do sh -c '$hungry'; echo done >/tmp/\$line; done; exec $hungry" \
	"$limit"' | .root.readonly = false'
mkfifo asked
exec 8<>asked
oci-run --root "$state" -b b -d "$id" <asked >/dev/null 2>"$err" ||
	bail "$(cat "$err")"
follow "$id" --interval 1h
echo 1 >&8
ok "want of memory is told" wait_for has_followed oom 1
wait_for test -e b/rootfs/tmp/1
echo 2 >&8
ok "once more when it comes again" wait_for has_followed oom 2
wait_for test -e b/rootfs/tmp/2
is "and not more often" "$(followed oom)" 2
is "as runc writes it" "$(grep oom followed | sort -u)" \
	"{\"type\":\"oom\",\"id\":\"$id\"}"
x "$id" true
is "nothing else makes one" "$(followed oom)" 2
down "$id"
wait "$follower"
is "and the container's end makes none" "$(followed oom)" 2
exec 8>&-

shell "sleep 1; exec $hungry" "$limit"
lost=0
for n in 1 2 3; do
	box "$id$n" >/dev/null 2>&1 &
	wait_for is_running "$id$n"
	follow "$id$n" --interval 1h
	wait "$follower"
	[ "$(followed oom)" = 1 ] || lost=$((lost + 1))
	wait
done
is "the one that ends it is told once, however soon its cgroup goes" \
	"$lost" 0

# However late it looks: what was, is told when the cgroup is gone, too.
shell "read -r line; exec $hungry" "$limit"
late() { # ENDING: how many wants of memory it tells, of an ending in its sleep
	oci-run --root "$state" -b b -d "$id" <asked >/dev/null 2>"$err" ||
		bail "$(cat "$err")"
	follow "$id" --interval 1h
	kill -STOP "$follower"
	$1
	wait_for is_stopped "$id"
	oci-delete --root "$state" -f "$id"
	kill -CONT "$follower"
	wait "$follower"
	followed oom
}
ask() { echo 1 >&8; }
killed() { oci-kill --root "$state" "$id" KILL; }
exec 8<>asked
is "one that it slept through is told" "$(late ask)" 1
is "of one that is only killed there is none" "$(late killed)" 0
exec 8>&-
all_gone "nothing is left"
done_testing
