#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-run -- COMMAND: another command in the bundle, several at a time.
# shellcheck disable=SC2010,SC2012
. "${0%/*}/lib.sh"
need jq runc
need_root

state=$tmp/state b="a b$$" id=a_b$$
mkdir "$b"
busybox_rootfs "$b/rootfs"
(cd "$b" && runc spec)
jq '.process.terminal = false | del(.process.capabilities.ambient) |
	.process.args = ["echo", "of the bundle"] | .process.env +=
	["A=config"] | .process.user.additionalGids = [7] |
	.root.readonly = false' "$b/config.json" >c || bail jq
mv c "$b/config.json"

box() {
	oci-run --root "$state" -b "$b" "$@"
}

# gone ID...: of each that was detached nothing is left, its cgroup neither.
gone() {
	for one; do
		kill -9 "$(oci-ps --root "$state" "$one" | jq .pid)"
		for _ in $(seq 100); do
			case $(oci-ps --root "$state" "$one" 2>&1) in
			*stopped* | *oci-ps:*) break ;;
			esac
			sleep 0.1
		done
		ok "$one ends" box "$one" -- true
	done
}

# shellcheck disable=SC2016
ok "another command" box id$$ -- sh -c 'echo "$0 $#"' -n -- x
printed "gets its words as they are" '^-n 2$'
exits 7 "its status is oci-run's" box -- sh -c 'exit 7'
ok "no command is the bundle's" box id$$
printed "which it is" '^of the bundle$'
ok "without an ID, too" box
printed "which it is" '^of the bundle$'
exits 127 "one that isn't there" box -- no-such
exits 2 "two IDs" box one two
said "names what is a command" '^oci-run: two: a command comes after --$'
exits 2 "an empty command" box -- ''

for i in 1 2 3 4; do
	box -- sh -c "echo $i; sleep 0.\$(($i % 2)); echo $i >/out$i; exit 1$i" \
		>"out$i" 2>"err$i" &
	eval "pid$i=$!"
done
for i in 1 2 3 4; do
	eval "wait \$pid$i"
	is "one of four at once: its status" "$?" "1$i"
	is "its output" "$(cat "out$i" "err$i" "$b/rootfs/out$i")" "$i
$i"
done
is "nothing is left of any" "$(ls "$state")" ""

ok "detached without an ID" box -d -- sleep 100
ok "and again" box -d -- sleep 101
oci-ps --root "$state" >list
is "oci-ps shows both, named after the bundle" \
	"$(jq -r .id list | sed 's/[0-9]*$/PID/')" "$id-PID
$id-PID"
of_each() { # FILE of /proc/PID
	for pid in $(jq .pid list); do
		tr '\0' ' ' <"/proc/$pid/$1"
		echo
	done
}
is "each has its command" "$(of_each cmdline | sort)" "sleep 100 
sleep 101 "
is "and a cgroup of its own" "$(of_each cgroup | grep -o "$id-[0-9]*" |
	sort -u)" "$(jq -r .id list | sort)"
# shellcheck disable=SC2046
gone $(jq -r .id list)

# The name of a bundle's directory, and what it becomes.
while read -r dir name; do
	mkdir -p "$dir"
	cp "$b/config.json" "$dir"
	ln -sfn "$tmp/$b/rootfs" "$dir/rootfs"
	ok "the bundle $dir" oci-run -d --root "$state" -b "$dir" -- sleep 9
	is "is in the ID" "$(ls "$state" | sed 's/[0-9]*$//')" "$name-"
	gone "$(ls "$state")"
done <<EOF
.hidden _hidden
x/.. $(basename "$tmp" | tr -c 'A-Za-z0-9_+.\n-' _)
ä+b __+b
./-a.b-c _a.b-c
$(printf %0255d 0) $(printf %0243d 0)
EOF

# An ID that another has, be it from another namespace of pids.
mkdir -p "$state"
# shellcheck disable=SC2016
ok "a name that is taken" sh -c 'for d in "$1/$2-$$" "$1/$2-$$.2"; do
		mkdir "$d" && echo "{" >"$d/state.json"
	done
	exec oci-run --root "$1" -b "$3" -d -- sleep 9' sh "$state" "$id" "$b"
third=$(ls "$state" | grep '\.3$')
is "is passed over" "$(ls "$state" | wc -l) ${third#"$id"-*.}" "3 3"
gone "$third"
is "no cgroup is left of any" "$(find /sys/fs/cgroup -name "$id-*")" ""

# Its surroundings.
ok "--env, --cwd, --user" box -e A=1 --env B= --env B=2 --cwd /tmp \
	--user 5:6 -- sh -c 'pwd; id; env'
printed "a variable in place of the bundle's" '^A=1$'
printed "a new one, the last counts" '^B=2$'
printed "the directory" '^/tmp$'
printed "the user, who keeps the groups" '^uid=5.* gid=6.* groups=.*7'
ok "no shell between" box -e A=1 -e B=1 -e B=2 -- env
is "each is there once" "$(grep '^[AB]=' "$out")" "A=1
B=2"
ok "a user without a group" box -u 5:6 -u 5 -- id
printed "has the bundle's" '^uid=5.* gid=0'
while read -r options; do
	# shellcheck disable=SC2086
	exits 2 "wrong: $options" box $options -- true
	said "is told with its value" "^oci-run: --${options#--}: must be"
done <<'EOF'
--env A
--env =x
--cwd tmp
--user root
--user 5:
--user 5x
--user 5:6x
--user 5:x
--user -1
--user 4294967295
--user 5:4294967295
EOF

for args in 'del(.process.args)' '.process.args = []'; do
	jq "$args" "$b/config.json" >c && cp c "$b/config.json"
	ok "$args: a command in its place" box -- echo hello
	printed "is run" '^hello$'
	exits 125 "and none" box
	said "is an error" 'process.args: must name a command'
done

done_testing
