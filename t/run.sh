# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2034,SC2154
# What the tests of oci-run share: a bundle b of busybox that they change
# again and again, and the containers of it, whose states are in $state.
need jq runc
need_root

state=$tmp/state
# Of this test alone, and no other name begins with it: cgroups are named after
# containers.
id=${0##*/}
id=$$-t${id%%-*}

mkdir b
busybox_rootfs b/rootfs

# A test that fails or is interrupted leaves no container: what is in cgroups
# of such names is killed, frozen or not, and so is who may have none.
run_end() {
	[ "$(leftovers)" ] || ls -d "$state"/* || return 0
	find /sys/fs/cgroup -path "*/$id*/freezer.state" |
		while read -r f; do echo THAWED >"$f"; done
	{
		find /sys/fs/cgroup -path "*/$id*/cgroup.procs" -exec cat {} +
		oci-ps --root "$state" | jq 'select(.pid > 1) | .pid'
	} | sort -u | xargs -r kill -KILL
	for _ in $(seq 100); do
		find /sys/fs/cgroup -depth -type d -path "*/$id*" \
			-exec rmdir {} +
		[ "$(leftovers)" ] || break
		sleep 0.05
	done
}
at_exit 'run_end >/dev/null 2>&1'

# plain FILTER: change plain.json, which every config.json begins as.  That is
# at first what runc spec prints, without a terminal, and without the ambient
# capabilities that it gives in vain.
plain() {
	jq "$1" plain.json >plain.new || bail "jq: $1"
	mv plain.new plain.json
}
(cd b && runc spec)
mv b/config.json plain.json
plain '.process.terminal = false | del(.process.capabilities.ambient)'

# bare NAMESPACE...: have a plain.json that says as little as a container
# can do with, in these namespaces.
bare() {
	jq -n '{ociVersion: "1.0.2", root: {path: "rootfs"},
		process: {user: {uid: 0, gid: 0}, cwd: "/",
			env: ["PATH=/bin"], args: ["true"]},
		mounts: [
			{destination: "/proc", type: "proc", source: "proc"},
			{destination: "/sys/fs/cgroup", type: "cgroup"}],
		linux: {namespaces: $ARGS.positional | map({type: .})}}' \
		--args "$@" >plain.json || bail "jq"
}

# bundle FILTER [JQ-OPTION...]: b/config.json is plain.json with what the
# filter changes.  $host in it is the directory of that name in $tmp.
bundle() {
	run_filter=$1
	shift
	jq --arg host "$tmp/host" "$run_filter" plain.json "$@" \
		>b/config.json || bail "jq: $run_filter"
}

# shell SCRIPT [FILTER]: likewise, and the command is sh -c SCRIPT.
shell() {
	bundle ".process.args = [\"sh\", \"-c\", \$script] | ${2-.}" \
		--arg script "$1"
}

# change FILTER: change b/config.json as it is.
change() {
	jq --arg host "$tmp/host" "$1" b/config.json >config.new ||
		bail "jq: $1"
	mv config.new b/config.json
}

# box [[OPTION...] ID]: run the bundle as the container $id, or as ID.
box() {
	timeout -k 5 60 oci-run --root "$state" -b b "${@:-$id}"
}

# pid_of ID, status_of ID: what oci-ps says of a container of $state, null or
# nothing where it says nothing.  By the shell alone: tests wait for them, and
# jq takes longer than oci-ps.
pid_of() {
	run_said=$(oci-ps --root "$state" "$1")
	case $run_said in
	*'"pid":'*)
		run_said=${run_said#*'"pid":'}
		echo $((${run_said%%,*}))
		;;
	?*) echo null ;;
	esac
}

status_of() {
	run_said=$(oci-ps --root "$state" "$1")
	run_said=${run_said#*'"status":'}
	run_said=${run_said#*'"'}
	echo "${run_said%%'"'*}"
}

is_running() {
	[ "$(status_of "$1")" = running ]
}

is_stopped() {
	[ "$(status_of "$1")" = stopped ]
}

# is_over ID: stopped, or nothing is known of it any more.
is_over() {
	! oci-ps --root "$state" "$1" 2>/dev/null | grep -Eq '"(running|creating)"'
}

# leftovers: the cgroups of this test's containers.
leftovers() {
	find /sys/fs/cgroup -name "$id*" -type d 2>/dev/null
}

# killed_after SECONDS COMMAND...: killed then, and over: timeout(1) with KILL
# may be gone before what it has killed.
killed_after() {
	killed_seconds=$1
	shift
	"$@" >/dev/null 2>&1 </dev/null &
	killed_pid=$!
	sleep "$killed_seconds"
	kill -KILL "$killed_pid" 2>/dev/null
	wait "$killed_pid" 2>/dev/null
}

# each PROGRAM ARG...: oci-PROGRAM with the containers of $state.
each() {
	each_program=$1
	shift
	timeout -k 5 60 "oci-$each_program" --root "$state" "$@"
}

# up [OPTION...] ID, x [OPTION...] ID COMMAND..., down ID: the bundle as a
# container that stays, another process in it, and its end.
up() {
	oci-run --root "$state" -b b -d "$@" >up.out 2>"$tmp/err.up" </dev/null ||
		bail "$(cat "$tmp/err.up")"
}

x() {
	each exec "$@"
}

down() {
	each delete -f "$1"
}

# all_gone NAME: there is no state and no cgroup any more.
all_gone() {
	is "$1" "$(ls "$state" 2>/dev/null) $(leftovers)" " "
}

# host_mounts: what is mounted here, but for what other tests have.
host_mounts() {
	grep -v '/oci-test\.' /proc/self/mountinfo
	grep -F "$tmp_base/" /proc/self/mountinfo
}
