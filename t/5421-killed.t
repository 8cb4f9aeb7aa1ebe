#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# oci-run killed at any point of a start leaves nothing that the next run of
# that name doesn't find; what isn't its own it leaves alone.
. "${0%/*}/lib.sh"
need python3 setfattr
. "$top/t/run.sh"

cg=/sys/fs/cgroup
[ "$(stat -f -c %T $cg)" = cgroup2fs ] || cg=$cg/unified
[ "$(stat -f -c %T $cg 2>/dev/null)" = cgroup2fs ] || skip_all "no cgroup v2"
# The one above it is the container's, too.
bare pid mount cgroup
plain '.linux.cgroupsPath = "/'"$id"'/it"'
bundle '.process.args = ["true"]'
mkdir "$state"

# all_left: of containers, other than compiled filters.
states_left() {
	find "$state" -mindepth 1 ! -name '.seccomp:*'
}
all_left() {
	leftovers
	states_left
}

# made: the cgroups where this test has them made.  To look through all of the
# machine takes longer than a container.
made() {
	ls -d "$cg/$id"* /sys/fs/cgroup/*/"$id"* 2>/dev/null
}

# killed_at CALL: at the first, then the second, until all are done.
killed_at() {
	n=0 left=''
	while :; do
		n=$((n + 1))
		run timeout 20 strace -o trace -e trace="$1" \
			-e inject="$1:signal=KILL:when=$n" \
			oci-run --root "$state" -b b "$id"
		[ "$status" = 137 ] || return
		[ -z "$(made)" ] || left="$left $n"
		wait_for is_over "$id"
		box >/dev/null || return
		[ -z "$(made; states_left)" ] || return
	done
}

if command -v strace >/dev/null; then
	for call in mkdirat fsetxattr fchmod renameat unlinkat; do
		killed_at $call
		is "killed before any $call, the last of $((n - 1)): it runs" \
			"$status" 0
		is "and nothing is left" "$(all_left)" ""
		ok "though there was after some: $left" test -n "$left"
	done
else
	skip 15 "no strace"
fi

# At random moments of the first 20 ms.
cat >killer.py <<'P'
import random, subprocess, sys, time
for n in range(int(sys.argv[1])):
    p = subprocess.Popen([a.replace("@", str(n)) for a in sys.argv[2:]],
                         stderr=subprocess.DEVNULL)
    time.sleep(random.random() * 0.02)
    p.kill()
    p.wait()
P
python3 killer.py 150 oci-run --root "$state" -b b "$id"
wait_for is_over "$id"
ok "after 150 kills at random" box
is "nothing is left" "$(all_left)" ""

# Names that never come back: what is left under them later runs remove.
plain 'del(.linux.cgroupsPath)'
bundle '.process.args = ["true"]'
mkdir -p "$state/.$id.nameless" "$state/$id.cut-short"
python3 killer.py 100 oci-run --root "$state" -b b "$id.@"
all_over() {
	! oci-ps --root "$state" | grep -Eq '"(running|creating)"'
}
wait_for all_over
left=$(all_left | wc -l)
bundle '.process.args = ["sleep", "100"]'
for i in 1 2 3 4 5; do box -d "$id.lives$i"; done
bundle '.process.args = ["true"]'
for i in $(seq 30); do box "$id.later$i"; done
is "$left names and cgroups of 100 killed runs are removed" \
	"$(all_left | grep -v lives | grep -c -e nameless -e cut-short)" 0
run oci-ps --root "$state"
is "those that were created" \
	"$(jq -r .status "$state"/*/state.json | grep -c creating)" 0
is "those that live are not" "$(grep -c '"running"' "$out")" 5
for i in 1 2 3 4 5; do
	kill -KILL "$(pid_of "$id.lives$i")"
	wait_for is_stopped "$id.lives$i"
done
for name in "$state"/*; do box "${name##*/}"; done
is "nothing is left" "$(all_left)" ""

# planned: a state of a run that was killed before it had made its cgroup.
planned() {
	mkdir -p "$state/$id"
	jq -n '{ociVersion: "1.2.0", id: $id, status: "creating", pid: 0,
		start: 0, boot: $boot, bundle: "/", rootfs: "/", created: "",
		cgroup: $path, claim: "1.1.0", cgroups: [{path: $path,
			device: 0, inode: 0, role: "made"}, {path: $above,
			device: 0, inode: 0, role: "parent"}]}' \
		--arg id "$id" --arg path "$cg/$id/it" --arg above "$cg/$id" \
		--arg boot "$(cat /proc/sys/kernel/random/boot_id)" \
		>"$state/$id/state.json"
}

# marked MARK: the attribute of the cgroup that is there by that name then.
marked() {
	mkdir -p "$cg/$id/it"
	setfattr -n trusted.oci.container -v "$1" "$cg/$id/it"
}

plain '.linux.cgroupsPath = "/'"$id"'.other"'
bundle '.process.args = ["true"]'
planned
ok "one that was planned and never made" box
planned
mkdir -p "$cg/$id/it"
ok "one that somebody else has made" box
ok "is left alone" rmdir "$cg/$id/it"
ok "with the one above" rmdir "$cg/$id"
planned
marked "made 2.2.0"
ok "another container's" box
ok "is left alone" rmdir "$cg/$id/it" "$cg/$id"
planned
marked "taken 1.1.0"
ok "one that was there and had been taken" box
is "is given back" "$(getfattr -d -m - "$cg/$id/it" 2>/dev/null)" ""
ok "and stays" rmdir "$cg/$id/it" "$cg/$id"
planned
marked "made 1.1.0"
ok "one that was made" box
is "is removed, not the one above" "$(leftovers)" "$cg/$id"
rmdir "$cg/$id"
planned
marked "made 1.1.0"
setfattr -n trusted.oci.container -v "parent 1.1.0" "$cg/$id"
ok "one that was made with the one above" box
is "goes with it" "$(leftovers)" ""
planned
mkdir -p "$cg/$id/it"
chmod 1755 "$cg/$id/it" "$cg/$id"
ok "one that was made and not marked yet" box
is "is removed" "$(leftovers)" ""
planned
mkdir -p "$cg/$id/it/in"
chmod 1755 "$cg/$id/it"
ok "one like it that is in use" box
ok "is left alone" rmdir "$cg/$id/it/in" "$cg/$id/it" "$cg/$id"
done_testing
