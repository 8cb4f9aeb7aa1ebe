#!/bin/sh
# SPDX-License-Identifier: ISC
# Programs that are killed at any moment leave nothing that looks whole, and
# what was there before still is; the next run does the job.
. "${0%/*}/lib.sh"
need docker-registry busybox skopeo setsid jq
need_root

registry_start
mkdir big
busybox_rootfs big
head -c 12000000 /dev/urandom >big/random
"$top/t/mkimage" --cmd true from:big big >/dev/null
"$top/t/pushimage" from:big "$registry/big:v1"
busybox_image from:small --cmd true >small
oci-fetch "$registry/big:v1" >stream.tar

# killed MS COMMAND: it and all it started get SIGKILL after MS milliseconds.
killed() {
	setsid sh -c "$2" >/dev/null 2>&1 &
	killed_pid=$!
	sleep "$(printf '0.%03d' "$1")"
	kill -KILL "-$killed_pid" 2>/dev/null
	wait "$killed_pid" 2>/dev/null
}

# The moments: near the beginning more of them.
moments='1 3 5 8 12 16 20 25 30 36 43 50 60 70 85 100 120 140 170 200 250'

# A layout either has the image, and then all of it, or hasn't.
torn='' seen_none=''
"$top/t/pushimage" from:small "$registry/small:v1"
for ms in $moments; do
	rm -rf layout
	oci-fetch "$registry/small:v1" | oci-layout-write layout:small \
		>/dev/null
	killed "$ms" "oci-fetch $registry/big:v1 | oci-layout-write layout:big"
	skopeo copy -q oci:layout:small oci:copy:small >/dev/null 2>&1 ||
		torn="$torn ${ms}ms:small"
	rm -rf copy
	if grep -q '"big"' layout/index.json; then
		skopeo copy -q oci:layout:big oci:copy:big >/dev/null 2>&1 ||
			torn="$torn ${ms}ms:big"
		rm -rf copy
	else
		seen_none=1
	fi
done
is "a layout is never torn" "$torn" ""
is "some were killed early enough" "$seen_none" 1
ok "the next writer goes on" sh -euc \
	"oci-fetch $registry/big:v1 | oci-layout-write layout:big"
ok "and the image is whole" skopeo copy -q oci:layout:big oci:copy:big
is "nothing temporary is left" \
	"$(find layout -name '*.tmp*' -o -name '.*' -type f)" ""

# A root file system has its name when it is complete.
torn=''
"$top/t/tree" --no-owner big | wc -l >count
for ms in $moments; do
	rm -rf rootfs
	killed "$ms" "oci-unpack layout:big rootfs"
	[ ! -e rootfs ] || [ "$("$top/t/tree" rootfs | wc -l)" = \
		"$(cat count)" ] || torn="$torn ${ms}ms"
done
is "a root file system is never torn" "$torn" ""
rm -rf rootfs
ok "the next oci-unpack does it" oci-unpack layout:big rootfs
is "and all of it is there" "$("$top/t/tree" rootfs | wc -l)" "$(cat count)"

# A bundle has its name when it is complete.
torn=''
for ms in 1 5 10 20 40 60 90 130 180; do
	rm -rf bundle
	killed "$ms" "oci-mkbundle layout:big bundle"
	[ ! -e bundle ] || { [ -e bundle/rootfs/random ] &&
		[ -e bundle/config.json ]; } || torn="$torn ${ms}ms"
done
is "a bundle is never torn" "$torn" ""
ok "the next oci-mkbundle does it" oci-mkbundle layout:big bundle
is "and cleans up" "$(ls -Ad .bundle* 2>/dev/null)" ""
torn=''
for ms in 1 5 10 20 40 60 90 130 180 10 30 50 70; do
	rm -rf bundle
	oci-mkbundle layout:small bundle
	killed "$ms" "oci-mkbundle --replace layout:big bundle"
	if [ -e bundle/rootfs/random ]; then wanted=big; else wanted=small; fi
	oci-mkbundle "layout:$wanted" bundle || torn="$torn ${ms}ms:$wanted"
	[ ! -e bundle/.new ] || torn="$torn ${ms}ms:.new"
done
is "a root file system that is replaced is the one or the other" "$torn" ""

# oci-ps says what is true of containers whose oci-run was killed.
oci-mkbundle layout:big nap -- sleep 100
n=0 lies=''
for ms in 2 4 6 8 11 15 20 30 60; do
	n=$((n + 1))
	killed "$ms" "oci-run --root state -b nap nap$$-$n"
done
# However slow the machine is, one of them has got as far as to run.
setsid oci-run --root state -b nap "nap$$-last" >/dev/null 2>&1 &
killed_pid=$!
for _ in $(seq 600); do
	run oci-ps --root state "nap$$-last"
	! grep -q '"running"' "$out" || break
	sleep 0.05
done
kill -KILL "-$killed_pid" 2>/dev/null
wait "$killed_pid" 2>/dev/null
run oci-ps --root state
while read -r line; do
	pid=$(echo "$line" | jq ".pid // 0")
	if [ "$pid" -gt 1 ] && echo "$line" | grep -q '"running"'; then
		kill -0 "$pid" || lies="$lies$line "
		kill -KILL "$pid"
	fi
done <"$out"
is "what is said to be running runs" "$lies" ""
sleep 0.3
run oci-ps --root state
printed "some got as far as to have a state" '"stopped"'
is "killed, none of them is running" "$(grep -c '"running"' "$out")" 0
jq -r .cgroup state/*/state.json 2>/dev/null | tr : '\n' | while read -r cgroup
do
	[ -z "$cgroup" ] || rmdir "$cgroup" 2>/dev/null
done

done_testing
