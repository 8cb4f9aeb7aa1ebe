#!/bin/sh
# SPDX-License-Identifier: ISC
# The end of a container that has made cgroups in its own, frozen them, and
# left processes in them; and what no end can be made of takes no longer for
# that.
. "${0%/*}/lib.sh"
. "$top/t/run.sh"

cg=/sys/fs/cgroup v1=
if [ "$(stat -f -c %T $cg)" != cgroup2fs ]; then
	v1=$cg cg=$cg/unified
fi
[ "$(stat -f -c %T $cg 2>/dev/null)" = cgroup2fs ] || skip_all "no cgroup v2"
# Without a pid namespace nothing ends what it started but its cgroup.
bare mount cgroup
plain '.process.args = ["leave"] | .linux.cgroupsPath = "/'"$id"'"'
bundle .

leave() { # a script, in which @ is the number of this test
	{
		cat <<-'E'
			#!/bin/sh
			v1=/sys/fs/cgroup v2=$v1
			[ ! -d $v1/unified ] || v2=$v1/unified
		E
		sed "s/@/$$/"
	} >b/rootfs/bin/leave
	chmod 755 b/rootfs/bin/leave
}

# left COMMAND-LINE: the pids of what was left, once they are gone for good.
left() {
	for _ in $(seq 100); do
		pgrep -f "$1\$" || return 0
		sleep 0.02
	done
	pgrep -f "$1\$"
}

leave <<'E'
mkdir -p $v2/a/b/c $v2/d $v2/.e $v2/.e/..f
sleep 731@ & echo $! >$v2/a/b/c/cgroup.procs
sleep 731@ & echo $! >$v2/.e/..f/cgroup.procs
sleep 731@ & echo $! >$v2/d/cgroup.procs
echo 1 >$v2/d/cgroup.freeze
echo 1 >$v2/a/cgroup.freeze
E
ok "cgroups below its own, some frozen" box
is "the processes have ended" "$(left "sleep 731$$")" ""
is "nothing is left" "$(leftovers)" ""

if [ "$v1" ]; then
	leave <<'E'
mkdir -p $v1/freezer/a/b $v1/freezer/c $v1/memory/x/y $v1/systemd/.z
sleep 732@ & echo $! >$v1/freezer/a/b/tasks
echo $! >$v1/memory/x/y/tasks
sleep 732@ & echo $! >$v1/freezer/c/tasks
echo $! >$v1/systemd/.z/tasks
echo FROZEN >$v1/freezer/a/b/freezer.state
echo FROZEN >$v1/freezer/a/freezer.state
echo FROZEN >$v1/freezer/c/freezer.state
E
	ok "the same in hierarchies of v1" box
	is "the processes have ended" "$(left "sleep 732$$")" ""
	is "nothing is left" "$(leftovers)" ""

	# v2's cgroup.kill doesn't reach what v1 has frozen, and the first
	# process of a pid namespace ends after all others.
	bundle '.linux.namespaces += [{type: "pid"}] |
		.process.args = ["sh", "-c", "leave; exec sleep 1000"]'
	leave <<'E'
mkdir -p $v1/freezer/a
sleep 736@ & echo $! >$v1/freezer/a/tasks
echo FROZEN >$v1/freezer/a/freezer.state
E
	ok "a container of which a part is frozen" box -d "$id"
	wait_for grep -q FROZEN "$v1/freezer/$id/a/freezer.state"
	before=$(date +%s)
	ok "is deleted" each delete -f "$id"
	ok "at once" test $(($(date +%s) - before)) -lt 8
	is "nothing is left" "$(leftovers)" ""
	bundle .

	# Where there is no v2, they are killed one by one.
	leave <<'E'
cd $v1/freezer
for i in $(seq 60); do mkdir d && cd d || exit; done
(sh -c 'echo $$ >tasks; exec sleep 733@') &
while ! grep -q . tasks; do :; done
echo FROZEN >../freezer.state
E
	# shellcheck disable=SC2016
	ok "v1 alone, sixty deep and frozen" unshare -m --propagation private \
		sh -c 'umount -l "$1" && shift && exec "$@"' v1 "$cg" \
		timeout 20 oci-run --root "$state" -b b "$id"
	is "the process has ended" "$(left "sleep 733$$")" ""
	is "nothing is left" "$(leftovers)" ""
else
	skip 10 "no cgroup v1 here"
fi

# The container itself frozen from outside, and killed so.
bundle '.process.args = ["sleep", "734'$$'"]'
ok "a container" box -d "$id"
if [ "$v1" ]; then
	echo FROZEN >"$v1/freezer/$id/freezer.state"
else
	echo 1 >"$cg/$id/cgroup.freeze"
fi
jq '.start = 1' "state/$id/state.json" >stopped.json
cp stopped.json "state/$id/state.json"
bundle '.process.args = ["true"]'
ok "frozen, its end is made all the same" box
is "the process has ended" "$(left "sleep 734$$")" ""
is "nothing is left" "$(leftovers)" ""

# A hook freezes what its cgroup is in, and fails: the process that was begun
# has no end until somebody lets it go.
if [ "$v1" ]; then
	above=$v1/freezer/$id.above
	printf '#!/bin/sh\n: >%s/hooked\necho FROZEN >%s/freezer.state\nexit 1\n' \
		"$tmp" "$above" >hook
	chmod 755 hook
	thaw() {
		echo THAWED >"$above/freezer.state"
	}
	at_exit 'thaw 2>/dev/null'
	no_more() { # PID
		! kill -TERM "$1"
	}
	bundle '.linux.cgroupsPath = "/'"$id.above/$id"'" |
		.hooks.createRuntime = [{path: "'"$tmp/hook"'"}]'
	exits 125 "frozen above, it is given up" box
	said "with what was wrong" 'hooks.createRuntime.*exit status 1'
	said "and what is left" "$id: the cgroup can't be removed"
	ok "which its state tells" test -s "state/$id/state.json"
	thaw
	ok "it is let go, and deleted" wait_for each delete -f "$id"

	rm hooked
	oci-run --root "$state" -b b "$id" 2>"$err" &
	given_up=$!
	wait_for grep -q FROZEN "$above/freezer.state"
	# The first may come while it isn't being undone yet.
	ok "a signal ends the wait" wait_for no_more $given_up
	kill -KILL $given_up 2>/dev/null
	wait $given_up 2>/dev/null
	ok "with the state left" test -s "state/$id/state.json"
	thaw
	ok "for others to try" wait_for each delete -f "$id"
	all_gone "nothing is left"
else
	skip 8 "no freezer of cgroup v1"
fi

# Somebody makes cgroups in it faster than they can be removed.
bundle '.process.args = ["sleep", "735'$$'"]'
ok "a container" box -d "$id"
jq '.start = 1' "state/$id/state.json" >stopped.json
cp stopped.json "state/$id/state.json"
cat >busy.py <<'E'
import os, sys
top = sys.argv[1]
open("busy", "w").close()
n = 0
while not os.path.exists("enough"):
    n += 1
    try:
        os.mkdir("%s/%d" % (top, n))
    except OSError:
        pass
E
python3 busy.py "$cg/$id" &
busy=$!
at_exit "kill $busy 2>/dev/null"
while [ ! -e busy ]; do sleep 0.02; done
bundle '.process.args = ["true"] | .linux.cgroupsPath += ".other"'
before=$(date +%s)
exits 125 "its name isn't free" box
said "for what is left" "$id: the cgroup can't be removed"
ok "it takes seconds, not for ever: $(($(date +%s) - before))" \
	test $(($(date +%s) - before)) -lt 15
is "its process has ended" "$(left "sleep 735$$")" ""
is "what is left is known by its state" "$(status_of "$id")" stopped
: >enough
wait "$busy"
ok "for others to try" wait_for each delete "$id"
all_gone "nothing is left"
done_testing
