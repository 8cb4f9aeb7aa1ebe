#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-exec: the container's cgroups, ones below them, and those that are frozen
# or take no processes; on this machine and where there is cgroup v2 alone.
# shellcheck disable=SC2016 # what is in single quotes is for another shell
. "${0%/*}/lib.sh"
need strace
. "$top/t/run.sh"

of() { # PID
	sort "/proc/$1/cgroup"
}
# Its cgroups, a line each, the first by which it is frozen.
cgroups() {
	jq -r '.cgroups[] | select(.role != "parent") | .path' \
		"$state/$id/state.json"
}

plain '.process.args = ["sleep", "1000"]'
bundle .
up "$id"
first=$(pid_of "$id")
x -d --pid-file pid "$id" sleep 1000 </dev/null >/dev/null 2>&1
is "it is in each of the container's" "$(of "$(cat pid)")" "$(of "$first")"
kill -KILL "$(cat pid)"

# One below.
cgroups | while read -r dir; do
	mkdir "$dir/sub" "$dir/sub/below"
	case $dir in
	*/cpuset/*)
		for f in "$dir/sub" "$dir/sub/below"; do
			cat "$dir/cpuset.cpus" >"$f/cpuset.cpus"
			cat "$dir/cpuset.mems" >"$f/cpuset.mems"
		done
		;;
	esac
done
x -d --cgroup /sub/below --pid-file pid "$id" sleep 1000 </dev/null \
	>/dev/null 2>&1
is "one below, in each" "$(of "$(cat pid)")" \
	"$(of "$first" | sed "s:/$id\$:&/sub/below:")"
kill -KILL "$(cat pid)"
exits 125 "one that isn't there" x --cgroup nowhere "$id" true
said "is named" "--cgroup: .*/$id/nowhere: No such file"
exits 125 "one of others" x --cgroup ../.. "$id" true
said "is none of the container's" 'outside of the container'
exits 125 "a controller that isn't there" x --cgroup nothing:sub "$id" true
said "is named" '--cgroup nothing:sub'
exits 2 "none is no cgroup" x --cgroup "" "$id" true
exits 2 "nor can one be for all of several" \
	x --cgroup sub --cgroup pids:sub "$id" true
if grep -q ':freezer:' /proc/self/cgroup && [ -d /sys/fs/cgroup/freezer ]; then
	x -d --cgroup freezer:sub --pid-file pid "$id" sleep 1000 </dev/null \
		>/dev/null 2>&1
	is "one of a controller" "$(of "$(cat pid)")" \
		"$(of "$first" | sed "/:freezer:/s:/$id\$:&/sub:")"
	kill -KILL "$(cat pid)"
else
	skip 1 "no freezer of cgroup v1"
fi

# Into that of v2 it is cloned, which is a good deal faster than to enter it.
if [ -e "$(cgroups | head -n 1)/cgroup.events" ]; then
	# A file for each process, or one's line is cut by another's.
	strace -ff -o trace -e trace=clone3 oci-exec --root "$state" "$id" \
		true >/dev/null 2>&1
	cat trace.* >trace
	ok "it is cloned into that of v2" \
		grep -Eq 'CLONE_INTO_CGROUP.* = ([0-9]|\?)' trace
else
	skip 1 "no cgroup v2"
fi

# Killed before, Linux 6.18 kills what is cloned into it.
below=$(cgroups | head -n 1)/sub/below
if [ -e "$below/cgroup.kill" ]; then
	echo 1 >"$below/cgroup.kill"
	ok "where cgroup.kill has been used" x --cgroup sub/below "$id" true
	ok "again" x --cgroup sub/below "$id" true
else
	skip 2 "no cgroup.kill"
fi

# Paused: by whichever freezer there is.
freeze() { # 1 or 0
	for dir in $(cgroups); do
		if [ -e "$dir/freezer.state" ]; then
			[ "$1" = 1 ] && echo FROZEN >"$dir/freezer.state"
			[ "$1" = 1 ] || echo THAWED >"$dir/freezer.state"
		fi
	done
}
freeze2() { # 1 or 0, of v2
	for dir in $(cgroups); do
		[ ! -e "$dir/cgroup.freeze" ] || echo "$1" >"$dir/cgroup.freeze"
	done
}
for by in freeze freeze2; do
	$by 1
	case $(cd "$(cgroups | head -n 1)" && cat cgroup.events 2>/dev/null
		for dir in $(cgroups); do cat "$dir/freezer.state"; done 2>/dev/null) in
	*"frozen 1"* | *FR*) ;;
	*)
		skip 4 "no such freezer"
		continue
		;;
	esac
	exits 125 "$by: a paused container" x "$id" true
	said "is said to be" "$id: the container is paused"
	oci-exec --root "$state" --ignore-paused "$id" echo "resumed" \
		>waited 2>&1 </dev/null &
	sleep 0.5
	is "with --ignore-paused it waits" "$(cat waited)" ""
	$by 0
	wait $!
	is "until the container is resumed" "$(cat waited)" "resumed"
done

# Waiting, it can be ended, and nothing comes of it afterwards.
freeze2 1
freeze 1
oci-exec --root "$state" --ignore-paused "$id" touch /late >/dev/null 2>&1 &
sleep 0.5
kill -TERM $!
wait $!
is "a signal ends what waits" "$?" 143
freeze2 0
freeze 0
only_first() {
	[ "$(find /sys/fs/cgroup -path "*/$id/*cgroup.procs" -exec cat {} + |
		sort -u)" = "$first" ]
}
ok "and it is gone" wait_for only_first
ok "without having run" test ! -e b/rootfs/late

# It isn't the container's any more.
v2=$(cgroups | grep -m 1 .)
down "$id"
bundle '.linux.namespaces |= map(select(.type != "pid"))'
up "$id"
first=$(pid_of "$id") v2=$(cgroups | head -n 1)
echo "$first" >"$v2/../cgroup.procs" 2>/dev/null
rmdir "$v2" && mkdir "$v2"
exits 125 "a cgroup that another has made" x "$id" true
said "is named" "$v2: it isn't the cgroup of $id any more"
rmdir "$v2"
kill -KILL "$first"
down "$id"

# A cgroup v2 that gives controllers to those below it.
given() {
	[ -e "$v2/cgroup.subtree_control" ] || return 1
	given_name=$(cut -d' ' -f1 <"$v2/../cgroup.controllers")
	[ "$given_name" ] || return 1
	echo "+$given_name" >"$v2/../cgroup.subtree_control" &&
		mkdir "$v2/init" "$v2/other" &&
		echo "$first" >"$v2/init/cgroup.procs" &&
		echo "+$given_name" >"$v2/cgroup.subtree_control"
}
bundle .
up "$id"
first=$(pid_of "$id") v2=$(cgroups | head -n 1)
if given 2>/dev/null; then
	x -d --pid-file pid "$id" sleep 1000 </dev/null >/dev/null 2>&1
	is "a cgroup that takes none: that of the first process" \
		"$(grep '^0:' "/proc/$(cat pid)/cgroup")" \
		"$(grep '^0:' "/proc/$first/cgroup")"
	printf '%s\n' "$(cat "/proc/$(cat pid)/cgroup")" >"$out"
	printed "which is below" "/$id/init\$"
	kill -KILL "$(cat pid)"
	ok "or one that is named" x --cgroup :other "$id" true
	echo "$first" >"${v2%"/$id"}/cgroup.procs"
	exits 125 "where that is elsewhere" x "$id" true
	said "it is an error" 'gives controllers to cgroups below'
	echo "$first" >"$v2/init/cgroup.procs"
else
	skip 5 "no controller of cgroup v2"
fi
down "$id"
find /sys/fs/cgroup -depth -path "*/$id*" -type d -exec rmdir {} + 2>/dev/null

is "nothing is left" "$(ls "$state") $(leftovers)" " "
if [ "$(stat -f -c %T /sys/fs/cgroup)" != cgroup2fs ]; then
	ok "and the same with cgroup v2 alone" v2_only "$top/t/${0##*/}"
fi
done_testing
