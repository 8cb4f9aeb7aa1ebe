#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# A cgroup is a container's by more than its name: another one's, another
# run's of the machine, and the administrator's are left alone.
. "${0%/*}/lib.sh"
need setfattr getfattr
. "$top/t/run.sh"

cg=/sys/fs/cgroup
[ "$(stat -f -c %T $cg)" = cgroup2fs ] || cg=$cg/unified
[ "$(stat -f -c %T $cg 2>/dev/null)" = cgroup2fs ] || skip_all "no cgroup v2"
bare pid mount cgroup

# box_of ROOT COMMAND...: run it in the container under that state directory.
box_of() {
	at=$1
	shift
	bundle '.process.args = $ARGS.positional |
		.linux.cgroupsPath = $path' --arg path "${path-/$id}" --args "$@"
	timeout 20 oci-run --root "$tmp/$at" -b b ${detach:+-d} \
		--pid-file "pid.$at" "$id"
}

start() {
	detach=y box_of "$1" sleep 300
}

# gone ROOT: removed, which is what the next run of that ID does first.
gone() {
	path=/$id.other box_of "$1" true
}

lives() {
	oci-ps --root "$1" "$id" | grep -q '"running"' && [ -d "$cg/$id" ] &&
		grep -qx "$(cat "pid.$1")" "$cg/$id/cgroup.procs"
}

kill_box() {
	kill -KILL "$(cat "pid.$1")"
	state=$1 wait_for is_stopped "$id"
}

directories() { # mkdir | rmdir, in every hierarchy
	if [ $cg = /sys/fs/cgroup ]; then
		"$1" "$cg/$id"
	else
		find /sys/fs/cgroup -mindepth 2 -maxdepth 2 \
			-name cgroup.procs | sed "s:cgroup.procs$:$id:" |
			xargs "$1"
	fi
}

# shellcheck disable=SC2317 # at the end
finish() {
	for p in a b c; do
		[ ! -d $p ] || ! lives $p || kill_box $p
		[ ! -d $p ] || gone $p
	done
	directories rmdir 2>/dev/null
}
at_exit 'finish >/dev/null 2>&1'

# The one of a stopped container, under a name that another took.
ok "a container" start a
ok "has its cgroup" lives a
exits 125 "another one can't have it" start b
said "it is in use" "linux.cgroupsPath: .*/$id: there are processes in it"
ok "the first is none the worse" lives a
ok "it is killed" kill_box a
ok "a second takes the name" start b
ok "it is in there" lives b
ok "the first is removed" gone a
ok "the second lives" lives b
ok "it is killed" kill_box b
ok "and removed" gone b
is "nothing is left" "$(leftovers)" ""

# One that somebody else has made, with settings of his.
directories mkdir
echo 7 >"$cg/$id/cgroup.max.depth"
echo 1 >"$cg/$id/cgroup.kill" # since then clone into it is the end
ok "a container in a cgroup that was there" start a
ok "is in there" lives a
ok "it is killed" kill_box a
ok "a second one, too" start b
ok "the first is removed" gone a
ok "the second lives" lives b
exits 125 "a third can't have it" start c
ok "the second lives" lives b
ok "it is killed" kill_box b
ok "and removed" gone b
is "what was there is still there" "$(cat "$cg/$id/cgroup.max.depth")" 7
is "and free" "$(getfattr -d -m - "$cg/$id" 2>/dev/null)" ""
mkdir "$cg/$id/below"
exits 125 "one with cgroups below it is refused" start a
said "for them" "there are cgroups below it"
ok "they stay" rmdir "$cg/$id/below"
directories rmdir

# One that is claimed: by a process that lives, or not any more.
claimed() { # PID START ROLE
	rmdir "$cg/$id" 2>/dev/null
	mkdir "$cg/$id"
	setfattr -n trusted.oci.container -v "$3 $1.$2.0" "$cg/$id"
}
started=$(sed 's/.*) //' /proc/$$/stat | cut -d' ' -f20)
for role in made taken; do
	claimed $$ "$started" $role
	exits 125 "one that is $role for another container" box_of a true
	said "is being made" "another container is being made or removed there"
	claimed $$ $((started + 1)) $role
	ok "one that was $role for another" box_of a true
done
is "the one that was taken stays" "$(leftovers)" "$cg/$id"
rmdir "$cg/$id"

# Another inode, another run of the machine: not the container's.
for change in \
	'.cgroups[].inode |= . + 1' \
	'.cgroups[].device |= . + 1' \
	'.claim = "0"' \
	'del(.claim)' \
	'.boot = "00000000-0000-0000-0000-000000000000"'; do
	ok "a container" start a
	cp "a/$id/state.json" kept.json
	pid=$(cat pid.a)
	jq "$change | .start = 1" kept.json >"a/$id/state.json"
	ok "its state says: $change" gone a
	is "it lives" "$(cat "$cg/$id/cgroup.procs")" "$pid"
	mkdir -p "a/$id"
	jq '.start = 1' kept.json >"a/$id/state.json"
	ok "its own does what it should" gone a
	is "it is gone" "$(leftovers)" ""
done
ok "a container" start a
cp "a/$id/state.json" kept.json
jq '.boot = "00000000-0000-0000-0000-000000000000"' kept.json \
	>"a/$id/state.json"
ok "of another run of the machine" oci-ps --root a "$id"
printed "is stopped" '"status": "stopped"'
cp kept.json "a/$id/state.json"
ok "it is killed" kill_box a
ok "and removed" gone a

# Two at a time, again and again: one at most has the cgroup.
cat >b/rootfs/bin/alone <<'E'
#!/bin/sh
cd /sys/fs/cgroup && { [ ! -d unified ] || cd unified; }
sleep 0.1
grep -qx 0 cgroup.procs && echo SHARED
exit 0
E
chmod 755 b/rootfs/bin/alone
bundle '.process.args = ["alone"] | .linux.cgroupsPath = "/'"$id"'"'
for made in '' y; do
	[ ! "$made" ] || directories mkdir
	for _ in 1 2 3 4 5; do
		for at in a b; do
			timeout 20 oci-run --root "$tmp/$at" -b b "$id" \
				>out.$at 2>&1 &
		done
		wait
		cat out.a out.b >>outs
	done
done
ok "one has it, of two" grep -q 'processes in it\|taken it\|being made' outs
is "no two containers were in one cgroup" "$(grep SHARED outs)" ""
directories rmdir 2>/dev/null
is "nothing is left" "$(leftovers)" ""

# Seen from a cgroup namespace that it isn't in, this process has no place.
mkdir "$cg/$id"
exec 9>"$cg/cgroup.procs"
bundle .
run sh -c 'echo $$ >"$1/cgroup.procs"; shift
	exec unshare -C -m sh -c '\''umount -l /sys/fs/cgroup
		mount -t cgroup2 none /sys/fs/cgroup; echo $$ >&9
		exec "$@"'\'' outside "$@"' outside "$cg/$id" \
	timeout 20 oci-run --root "$tmp/a" -b b "$id.x"
exec 9>&-
is "a process that is outside of its cgroup namespace" "$status" 125
said "is told so" "can't be seen from here; set linux.cgroupsPath"
rmdir "$cg/$id"
is "and nothing is made elsewhere" "$(leftovers; find /sys/fs /sys -maxdepth 1 \
	-name "$id*")" ""
done_testing
