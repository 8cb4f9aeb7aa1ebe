#!/bin/sh
# SPDX-License-Identifier: ISC
# A registry, six programs, a running container.
. "${0%/*}/lib.sh"
need docker-registry busybox curl jq
need_root

pipe() {
	sh -euc "$1"
}

registry_start
busybox_image from:v1 --cmd sh --cmd -c --cmd 'echo hello; exit 7' \
	--env COLOUR=blue --workdir /home >digest
"$top/t/pushimage" from:v1 "$registry/a/busybox:v1"

ok "an image becomes a layout" \
	pipe "oci-fetch $registry/a/busybox:v1 | oci-layout-write box:v1"
is "its descriptor is printed" "$(jq -r .digest "$out")" "$(cat digest)"
ok "a bundle is made of it" oci-mkbundle box:v1 bundle
ok "with the root file system" test -x bundle/rootfs/bin/sh
exits 7 "it runs and its status comes back" \
	oci-run --root state -b bundle "box$$"
is "with its output" "$(cat "$out")" hello
is "nothing is left of it" "$(oci-ps --root state)" ""

ok "the stream unpacks without a layout" \
	pipe "oci-fetch $registry/a/busybox:v1 | oci-unpack - rootfs"
oci-unpack box:v1 rootfs2
"$top/t/tree" rootfs >a
"$top/t/tree" rootfs2 >b
ok "to the same tree" cmp a b

# Platforms that share layers, which are in the stream once.
for name in shared s390x arm64; do
	echo "file $name $name" | "$top/t/mklayer" "$name.tar"
done
"$top/t/mkimage" --platform linux/s390x from:s shared.tar s390x.tar >"$out"
"$top/t/mkimage" --platform linux/arm64 from:a arm64.tar shared.tar >"$out"
"$top/t/mkindex" from:multi s a >"$out"
"$top/t/pushimage" from:multi "$registry/a/multi:v1"
for name in s390x arm64; do
	ok "all platforms, of which $name is unpacked" pipe "oci-fetch -a \
		$registry/a/multi:v1 | oci-unpack --platform linux/$name - $name"
	is "it has its layers" "$(cd $name && cat "$name" shared)" "${name}shared"
done

# A container that stays, as oci-ps sees it.
oci-mkbundle box:v1 nap -- sleep 100
ok "a container runs detached" oci-run --root state -d -b nap "nap$$"
ok "oci-ps prints its state" oci-ps --root state "nap$$"
is "it is running" "$(jq -r .status "$out")" running
pid=$(jq -r .pid "$out")
[ "$pid" -gt 1 ] || bail "no process: $(cat "$out")"
is "as the process it says" "$(tr '\0' ' ' <"/proc/$pid/cmdline")" \
	"sleep 100 "
is "its bundle is named" "$(jq -r .bundle "$out")" "$tmp/nap"
ok "the list has it" oci-ps --root state
is "as one line of JSON" "$(jq -r .id "$out")" "nap$$"
ok "as a table too" oci-ps --root state --format table
printed "with a header" '^ID +PID +STATUS +BUNDLE +CREATED'
printed "and a line" "^nap$$ +$pid +running +$tmp/nap "
cgroups=$(jq -r .cgroup "state/nap$$/state.json" | tr : ' ')
at_exit "kill -KILL $pid 2>/dev/null; sleep 0.3; rmdir $cgroups 2>/dev/null"
kill -KILL "$pid"
i=0
while kill -0 "$pid" 2>/dev/null && [ $((i += 1)) -lt 50 ]; do
	sleep 0.1
done
run oci-ps --root state "nap$$"
is "killed, it is stopped" "$(jq -r .status "$out")" stopped

fails "no image of that name" \
	pipe "oci-fetch $registry/a/none >x"
said "names what is missing" "a/none"
fails "a fetch that failed leaves nothing to write" \
	pipe "oci-fetch $registry/a/none 2>/dev/null | oci-layout-write none"
ok "and nothing was written" test ! -e none/index.json

done_testing
