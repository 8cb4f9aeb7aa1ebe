#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-run: a config.json with odd values is refused by name, and never run;
# what a bundle is called does nothing to the terminal of who lists it.
. "${0%/*}/lib.sh"
. "$top/t/run.sh"

plain '.process.args = ["true"]'

# odd JQ-PATH VALUE...: the values, in JSON, are refused there.  jq would
# round the numbers, so they are put in as text.
odd() {
	where=$1
	shift
	jq "$where = \"@@\"" plain.json >template || bail "jq: $where"
	for value; do
		sed "s/\"@@\"/$value/" template >b/config.json
		run box
		[ "$status" = 125 ] && grep -q '^oci-run: .*config.json' "$err" &&
			continue
		fail "$where = $value" "status $status
$(cat "$err")"
		return
	done
	pass "$(printf %s "$where: $*" | tr -d '\n\t')"
}

# even JQ-PATH VALUE...: and these are not.
even() {
	where=$1
	shift
	jq "$where = \"@@\"" plain.json >template || bail "jq: $where"
	for value; do
		sed "s/\"@@\"/$value/" template >b/config.json
		ok "$where: $value is taken" box
	done
}

# integer JQ-PATH VALUE...: nor are these, which are none.
integer() {
	odd "$@" 1.5 1e400 -1e400 18446744073709551616 \
		99999999999999999999999 '"0"' true '{}' '[]' 0x10 010 -01 +1 \
		.5 1. 1e NaN Infinity -
}

for of in .process.user.uid .process.user.gid '.process.user.additionalGids[0]'; do
	integer "$of" -1 4294967295 4294967296 18446744073709551615 \
		-4294967296
done
even .process.user.uid 0 0.0 1e0 -0
even .process.user.gid 4294967294
integer .process.user.umask -1 512
integer .process.oomScoreAdj -1001 1001
for limit in '.process.rlimits[0].soft' '.process.rlimits[0].hard'; do
		integer "$limit" -2 -9223372036854775808
done
odd '.process.rlimits[0].type' '"RLIMIT_NONE"' '"NOFILE"' '""' 7 '{}'
for member in height width; do
	odd ".process.consoleSize = {height: 1, width: 1} |
		.process.consoleSize.$member" -1 65536 1.5 '"1"'
done
device='.linux.devices = [{path: "/dev/x", type: "c", major: 1, minor: 3}] |
	.linux.devices[0]'
odd "$device.major" -1 4096 4294967297 1.5 '"1"'
odd "$device.minor" -1 1048576 4294967299 1e300 '{}'
odd "$device.fileMode" -1 4294967296 1.5 '"0666"'
odd "$device.uid" -1 4294967295 4294967296
odd "$device.type" '"x"' '"cc"' '""' 1
map='.linux.namespaces += [{type: "user"}] |
	.linux.gidMappings = [{containerID: 0, hostID: 0, size: 1}] |
	.linux.uidMappings = .linux.gidMappings | .linux.uidMappings[0]'
odd "$map.size" 0 -1 4294967296 1.5 '"1"'
odd "$map.hostID" -1 4294967295 4294967296
odd "$map.containerID" -1 4294967295 1e10
odd .linux.resources.pids.limit 1.5 1e400 '"1"' 9223372036854775808
odd .linux.resources.memory.limit 1.5 1e400 '"1"' 9223372036854775808
odd .linux.resources.cpu.shares -1 1.5 '"1"' 18446744073709551616
odd .linux.resources.cpu.quota 1.5 '"1"' 9223372036854775808
odd .linux.resources.cpu.period -1 1.5 '"1"' 18446744073709551616


# The value, what it must be; nothing was made for it.
ranges() { # JQ VALUE TEXT
	bundle "$1 = $2"
	exits 125 "$1 = $2" box
	is "says it" "$(cat "$err")" "oci-run: config.json: $3"
	is "before anything is made" "$(ls "$state" 2>/dev/null)" ""
}
# taken JQ VALUE...: they are taken, or refused by the kernel for what there
# is above this cgroup.
taken() {
	taken_at=$1
	shift
	for v; do
		bundle "$taken_at = $v"
		run box
		is "$taken_at = $v is in its range" "$(grep -c must "$err")" 0
	done
}
resources=linux.resources
ranges .$resources.memory.limit 65536 "$resources.memory.limit: 65536: must \
be at least 262144 bytes: starting a container takes more than half of that, \
and the smallest program the rest"
ranges .$resources.memory.limit 262143 "$resources.memory.limit: 262143: must \
be at least 262144 bytes: starting a container takes more than half of that, \
and the smallest program the rest"
taken .$resources.memory.limit -1 0 262144
ranges .$resources.cpu.quota 999 \
	"$resources.cpu.quota: 999: must be at least 1000, a millisecond, or \
-1 for none"
ranges .$resources.cpu.quota 17592186044416 "$resources.cpu.quota: \
17592186044416: must be an integer from -1 to 17592186044415"
taken .$resources.cpu.quota -1 0 1000 17592186044415
ranges .$resources.cpu.period 999 "$resources.cpu.period: 999: must be from \
1000 to 1000000, a millisecond to a second"
ranges .$resources.cpu.period 1000001 "$resources.cpu.period: 1000001: must be \
an integer from 0 to 1000000"
taken .$resources.cpu.period 0 1000 1000000
ranges .$resources.cpu '{"quota": 5000, "burst": 5001}' \
	"$resources.cpu.burst: 5001: must be no more than the quota, 5000"
taken .$resources.cpu.shares 0 1 2 262144 262145
ranges .$resources.pids.limit 4194305 "$resources.pids.limit: 4194305: must be \
an integer from -1 to 4194304"
taken .$resources.pids.limit -1 0 4194304
ranges .$resources.memory.swappiness '"a\"b"' "$resources.memory.swappiness: \
\"a\\\"b\": must be an integer from 0 to 100"
most=$(cat /proc/sys/fs/nr_open)
ranges .process.rlimits "[{type: \"RLIMIT_NOFILE\", soft: 9, \
	hard: $((most + 1))}]" "process.rlimits.RLIMIT_NOFILE: hard, \
$((most + 1)), must be no more than $most (fs.nr_open)"
ranges .process.rlimits '[{type: "RLIMIT_CPU", soft: 9, hard: 8}]' \
	"process.rlimits.RLIMIT_CPU: soft, 9, must be no more than hard, 8"
ranges .hostname '["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l",
	"m", "n", "o", "p", "q"]' 'hostname: '\
'["a","b","c","d","e","f","g","h","i","j","k","l","m","n","o"...: must be a '\
'string'
ranges .hostname "\"$(printf 'x%.0s' $(seq 65))\"" "hostname: \
$(printf 'x%.0s' $(seq 65)): must be no longer than 64 bytes"
ranges .linux.uidMappings '["a"]' 'linux.uidMappings: ["a"]: must hold only '\
'objects'

# What programs in Go write for "not said".
even .linux.resources.memory.kernel 0 -1 null 1048576
even .linux.resources.blockIO null '{}' '{"weight": 0}' \
	'{"weight": null, "weightDevice": [], "leafWeight": 0}'
even .linux.resources.network null '{"classID": 0, "priorities": null}'
even .linux.resources.cpu null '{}' '{"shares": 0, "quota": 0, "cpus": ""}'
even .linux.resources.memory '{"limit": 0, "swap": 0, "reservation": null}'
even .linux.resources.rdma null '{}' '{"mlx5_1": {}}'
odd .linux.resources.rdma '{"a b": {}}' '{"": {}}' '{"a": 1}' \
	'{"a": {"hcaHandles": -1}}' '{"a": {"hcaObjects": 4294967296}}'
even .linux.resources null
odd .linux.resources.blockIO '{"weight": 1001}' '{"weight": "10"}' 1
odd .linux.resources.hugepageLimits '[{"pageSize": "2MB"}]' \
	'[{"pageSize": "2M", "limit": 0}]' '[{"pageSize": "..\/2MB", "limit": 0}]' \
	'[{"pageSize": "2MB", "limit": -1}]'

# Text that two readers could take for two things, and what is no text.
odd '.process.args[0]' '"true\\u0000x"' '"\\ud800"' 1 null '[]'
odd .process.cwd '""' '"."' '"proc"' '"\\u0000"' 1
odd .root.path '""' '"no\/such"' '"config.json"' 1 '[]'
odd .ociVersion '""' '"2.0.0"' '"v1"' 1 1.2
odd '.mounts[0].destination' '""' 1 '[]'
odd '.linux.namespaces[0].type' '""' '"mnt"' '"PID"' 1
odd '.linux.rootfsPropagation' '"sharedx"' '"r"' 1
printf '{"process": %s1%s}' "$(printf '[%.0s' $(seq 5000))" \
	"$(printf ']%.0s' $(seq 5000))" >b/config.json
exits 125 "5000 levels" box
head -c 5000000 /dev/zero | tr '\0' ' ' >b/config.json
exits 125 "five megabytes of nothing" box
rm b/config.json
mkfifo b/config.json
(: >b/config.json) &
run box
is "a FIFO" "$status" 125
: <>b/config.json
wait
rm b/config.json

# Each member of the configuration replaced by each of four others: whatever
# comes of it, it's no crash, and nothing is left.
jq -c '. as $all | paths as $p | (-1, "x", [-1], {"x": {"x": 1}}) as $v |
	$all | setpath($p; $v)' plain.json >variants
n=0 crashed=''
while read -r config; do
	printf '%s\n' "$config" >b/config.json
	n=$((n + 1))
	run box
	case $status in
	0 | 1 | 125 | 126 | 127) ;;
	*) crashed="$crashed $status: $(head -c 300 "$err")
$config
" ;;
	esac
done <variants
is "of $n variants none crashes or hangs" "$crashed" ""
ok "there are hundreds" test "$n" -gt 400
is "no state is left" "$(ls "$state")" ""

# Names that would move the cursor, write the title, turn the line round.
name=$(printf 'b\033[2J\033]0;x\007\nfake 1 running\t\r\302\233\342\200\256')
cp -r b "$name"
jq '.process.args = ["sleep", "60"] | .annotations = {
	"a\u001b[2J\u0007\u202e": "\u001b]0;x\u0007\n\u009b"}' plain.json \
	>"$name/config.json"
ok "a bundle with a name of control characters" \
	oci-run --root "$state" -d --pid-file "$tmp/pid" -b "$name" "$id"
for locale in C C.UTF-8; do
	ok "oci-ps, in $locale" env LC_ALL=$locale oci-ps --root "$state" -f table
	is "two lines" "$(wc -l <"$out")" 2
	is "with no control character" \
		"$(tr -d '\n' <"$out" | LC_ALL=C tr -cd '\000-\037\177' | wc -c)" 0
	is "and none that turns a line or is one of C1" \
		"$(grep -cE "$(printf '\342\200\256|\302\233')" "$out")" 0
	ok "as JSON" env LC_ALL=$locale oci-ps --root "$state" -f json
	is "one line, with none either" "$(wc -l <"$out") $(tr -d '\n' <"$out" |
		LC_ALL=C tr -cd '\000-\037\177' | wc -c)" "1 0"
done
is "the annotation is what it was" "$(jq -c .annotations "$out")" \
	"$(jq -c .annotations "$name/config.json")"
kill -KILL "$(cat pid)"
wait_for is_stopped "$id"
cp plain.json b/config.json
ok "a run of the same name removes what has ended" box
is "no state is left" "$(ls "$state")" ""
is "nor a cgroup" "$(leftovers)" ""
done_testing
