#!/bin/sh
# SPDX-License-Identifier: ISC
# Eight of everything at once.
. "${0%/*}/lib.sh"
need docker-registry busybox skopeo jq
need_root

registry_start
for n in 1 2 3 4 5 6 7 8; do
	busybox_image "from:v$n" --label "n=$n" --cmd echo --cmd "box $n" \
		>/dev/null
	"$top/t/pushimage" "from:v$n" "$registry/busybox:v$n"
done

# together COMMAND: eight of it, N standing for the number; waits for all.
together() {
	together_pids=
	for n in 1 2 3 4 5 6 7 8; do
		sh -euc "$(echo "$1" | sed "s/N/$n/g")" \
			>"$n.out" 2>"$n.err" </dev/null &
		together_pids="$together_pids $!"
	done
	together_bad=0
	for pid in $together_pids; do
		wait "$pid" || together_bad=$((together_bad + 1))
	done
	[ $together_bad = 0 ] || cat ./*.err >&2
	return $together_bad
}

ok "eight write one layout" together \
	"oci-fetch $registry/busybox:vN | oci-layout-write layout:vN"
is "and leave eight tags" "$(jq '.manifests | length' layout/index.json)" 8
bad=
for n in 1 2 3 4 5 6 7 8; do
	got=$(skopeo inspect "oci:layout:v$n" | jq -r .Labels.n)
	[ "$got" = "$n" ] || bad="$bad $n"
done
is "each its own image" "$bad" ""
ok "eight replace one tag" together \
	"oci-fetch $registry/busybox:vN | oci-layout-write layout:same"
is "and one of them has it" "$(jq '[.manifests[] | select(.annotations[
	"org.opencontainers.image.ref.name"] == "same")] | length' \
	layout/index.json)" 1
ok "it is whole" skopeo inspect oci:layout:same

ok "eight bundles are made" together "oci-mkbundle layout:vN bundleN"
ok "eight containers run" together "oci-run --root state -b bundleN box$$-N"
is "each is itself" "$(cat 1.out 8.out)" "box 1
box 8"
is "nothing is left of them" "$(oci-ps --root state)" ""

# One name, eight who want it: one has it while it runs.
oci-mkbundle layout:v1 nap -- sleep 1
together "oci-run --root state -b nap same$$" 2>/dev/null
is "a name is had by one at a time" "$?" 7
is "the others say so" "$(cat ./*.err | grep -c 'same')" 7

done_testing
