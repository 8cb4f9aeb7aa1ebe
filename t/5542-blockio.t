#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016,SC2317
# linux.resources.blockIO on cgroup v1 and v2: what a container finds in its
# files, and what is said where there is no such file, device or scheduler.
. "${0%/*}/lib.sh"
. "$top/t/run.sh"

bare pid mount ipc cgroup
two=
[ "$(stat -f -c %T /sys/fs/cgroup)" != cgroup2fs ] || two=yes
if [ "$two" ]; then
	grep -qw io /sys/fs/cgroup/cgroup.controllers ||
		skip_all "cgroup v2 without the controller io"
	dir=/sys/fs/cgroup
elif [ -d /sys/fs/cgroup/blkio ]; then
	dir=/sys/fs/cgroup/blkio
else
	skip_all "no controller of block I/O"
fi

# files NAME...: what the container finds in them, in one line.
files() {
	shell 'cd "$DIR" && cat '"$*"' 2>/dev/null; :' "$block |
		.process.env += [\"DIR=$dir\"]"
	box >seen 2>"$err" || { cat "$err" && return; }
	tr '\n' ' ' <seen | sed 's/ $//'
}
# block JSON: what the next bundle has of it; null: nothing.
block() {
	block=".linux.resources.blockIO = $1"
}
# refused JSON TEXT: it is, with this said, and nothing stays.
refused() {
	block "$1"
	bundle "$block"
	exits 125 "refused: $1" box
	said "and why" "$2"
	is "nothing is left" "$(leftovers)" ""
}

# In the units of each scheduler, the order of whose files is that of probe.
block '{weight: 300}'
probe=$(files io.bfq.weight blkio.bfq.weight io.weight)
case $probe in
300 | "default 300" | "default 300 default 2930" | "default 2930")
	ok "a weight: $probe" true
	block '{weight: 5}'
	is "a small one" "$(files io.bfq.weight blkio.bfq.weight io.weight)" \
		"$(echo "$probe" | sed 's/2930/1/; s/300/5/')"
	;;
*)
	probe=
	refused '{weight: 300}' 'blockIO.weight: "300" to .*bfq'
	;;
esac
block '{weight: 0, leafWeight: 0, weightDevice: [], throttleReadBpsDevice: []}'
bundle "$block"
ok "nothing said" box
refused '{weight: 1001}' 'blockIO.weight: 1001: must be an integer from 0 to 1000'
refused '{weightDevice: [{major: 8}]}' 'weightDevice.minor: must be given'
refused '{throttleReadBpsDevice: [{major: 8, minor: 0}]}' \
	'throttleReadBpsDevice.rate: must be given'
refused '{throttleReadIOPSDevice: [{major: 8, minor: 0, rate: -1}]}' \
	'throttleReadIOPSDevice.rate: -1: must be an integer from 0'
if [ "$two" ]; then
	refused '{leafWeight: 300}' 'blockIO.leafWeight: cgroup v2 has nothing like it'
else
	refused '{leafWeight: 300}' 'blockIO.leafWeight: "300" to .*blkio.leaf_weight'
fi
refused '{throttleWriteBpsDevice: [{major: 511, minor: 77, rate: 1048576}]}' \
	'throttleWriteBpsDevice: "511:77 .*there is no such device'

# A whole disk, one with bfq if there is one, and one without.
disk='' weighed=''
for d in /sys/block/*; do
	[ -e "$d/queue" ] || continue
	[ "$(cat "$d/size")" -gt 0 ] || continue
	case $(cat "$d/queue/scheduler") in
	*'[bfq]'*) weighed=$(cat "$d/dev") ;;
	*) disk=$(cat "$d/dev") ;;
	esac
done
any=${disk:-$weighed}
if [ "$any" ]; then
	device="major: ${any%:*}, minor: ${any#*:}"
	block "{throttleReadBpsDevice: [{$device, rate: 1048576}],
		throttleWriteBpsDevice: [{$device, rate: 2097152}],
		throttleReadIOPSDevice: [{$device, rate: 300}],
		throttleWriteIOPSDevice: [{$device, rate: 4294967297}]}"
	if [ "$two" ]; then
		is "four rates" "$(files io.max)" \
			"$any rbps=1048576 wbps=2097152 riops=300 wiops=max"
	else
		is "four rates, the last of which is none" \
			"$(files blkio.throttle.read_bps_device \
			blkio.throttle.write_bps_device \
			blkio.throttle.read_iops_device \
			blkio.throttle.write_iops_device)" \
			"$any 1048576 $any 2097152 $any 300"
	fi
	block "{throttleReadBpsDevice: [{$device, rate: 9007199254740991}],
		throttleReadIOPSDevice: [{$device, rate: 0}]}"
	bundle "$block"
	ok "rates that limit nothing" box
else
	skip 2 "no disk"
fi
if [ "$disk" ] && [ "$probe" ]; then
	refused "{weightDevice: [{major: ${disk%:*}, minor: ${disk#*:},
		weight: 20}]}" 'weightDevice: .*scheduler has no weights'
else
	skip 3 "no disk without weights"
fi
if [ ! "$weighed" ] && [ -e /sys/block/nullb0 ]; then # in the guest
	echo bfq >/sys/block/nullb0/queue/scheduler &&
		weighed=$(cat /sys/block/nullb0/dev)
fi
if [ "$weighed" ]; then
	block "{weightDevice: [{major: ${weighed%:*}, minor: ${weighed#*:},
		weight: 20}]}"
	is "a weight of a device" \
		"$(files io.bfq.weight blkio.bfq.weight_device |
			grep -o "$weighed 20")" "$weighed 20"
else
	skip 1 "no disk with bfq"
fi

# What a container that runs is given later.
update() {
	each update "$@" "$id"
}
limit() {
	jq -r .cgroups[].path "$state/$id/state.json" |
		while read -r path; do cat "$path/$1" 2>/dev/null; done
}
kept() {
	jq -c ".linux.resources.blockIO | $1" "$state/$id/config.json"
}
if [ "$any" ] && [ "$probe" ]; then
	block "{throttleReadBpsDevice: [{$device, rate: 1048576}]}"
	shell 'sleep 100' "$block"
	up "$id"
	ok "a weight" update --blkio-weight 700
	is "is kept" "$(kept .weight)" 700
	is "and there" \
		"$(for f in io.bfq.weight blkio.bfq.weight io.weight; do
			limit $f; done | tr '\n' ' ' | sed 's/ $//')" \
		"$(echo "$probe" | sed 's/2930/6970/; s/300/700/')"
	echo "{\"blockIO\": {\"weight\": 0, \"throttleReadBpsDevice\": [{
		\"major\": ${any%:*}, \"minor\": ${any#*:}, \"rate\": 2097152}],
		\"throttleWriteIOPSDevice\": [{\"major\": ${any%:*},
		\"minor\": ${any#*:}, \"rate\": 40}]}}" >r.json
	ok "rates" update -r r.json
	is "one is changed" "$(kept '.throttleReadBpsDevice | map(.rate)')" \
		"[2097152]"
	is "and holds" "$(limit io.max | grep -o rbps=2097152
		limit blkio.throttle.read_bps_device)" \
		"$(if [ "$two" ]; then echo rbps=2097152; else echo "$any 2097152"; fi)"
	is "the weight stays" "$(kept .weight)" 700
	exits 2 "a weight that is none" update --blkio-weight 1001
	down "$id"
else
	skip 7 "no disk or no weights"
fi
all_gone "nothing is left"
done_testing
