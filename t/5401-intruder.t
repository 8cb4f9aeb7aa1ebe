#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# oci-run: its own file, its caller's terminal and keys, seen from inside.
. "${0%/*}/lib.sh"
need cc script
. "$top/t/run.sh"

mkdir bin
cp "$B/bin/oci-run" bin
PATH=$tmp/bin:$PATH
compile b/rootfs/intruder intruder.c -static -fno-pic -no-pie
compile b/rootfs/intruder.so intruder.c -shared -fPIC

# All capabilities of files, so that only the seal is between.
plain '.process.capabilities[] += ["CAP_DAC_OVERRIDE", "CAP_FOWNER"] |
	.root.readonly = false'

# The runtime's own file (CVE-2019-5736): the container's program is the
# runtime, with a library of the image that keeps it open.
libraries='.mounts += (["/usr", "/lib", "/lib64"] | map({destination: .,
	type: "bind", source: ., options: ["rbind", "ro"]})) |
	.process.env += ["LD_PRELOAD=/intruder.so",
	"ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0"]'
[ -d /lib64 ] || libraries=$(echo "$libraries" | sed 's:, "/lib64"::')
sum=$(sha256sum bin/oci-run; stat -c %a bin/oci-run)
printf '#!/proc/self/exe --help\n' >b/rootfs/script
chmod +x b/rootfs/script
# One that is linked statically loads no library of anybody's.
case $(ldd bin/oci-run 2>&1) in
*"statically linked"* | *"not a dynamic"*) programs= ;;
*) programs="/proc/self/exe /script" ;;
esac
[ "$programs" ] || skip 6 "oci-run is linked statically"
for program in $programs; do
	bundle "$libraries | .process.args = [\"$program\"]"
	run box
	printed "a program in the place of the runtime, as $program" '^loaded$'
	is "can't write to its file" "$(grep -c WRITTEN "$out")" 0
	is "which is as it was" \
		"$(sha256sum bin/oci-run; stat -c %a bin/oci-run)" "$sum"
done
# A container looks at those that join its pid namespace while they are made,
# from when they have no more privileges than itself to the exec.
bundle '.process.args = ["/intruder", "look"]'
box "$id.one" >seen 2>/dev/null &
at_exit "kill -KILL $! 2>/dev/null"
wait_for is_running "$id.one"
init=$(pid_of "$id.one")
at_exit "kill -KILL $init 2>/dev/null"
bundle '.process.args = ["true"] | .linux.namespaces |= map(if .type == "pid"
	then .path = "/proc/'"$init"'/ns/pid" else . end)'
for i in 1 2 3 4 5 6 7 8 9 10; do
	box "$id.two" || fail "joining its pid namespace, time $i"
done
kill -KILL "$init"
wait
ok "a container looks at others in its pid namespace" grep -q looking seen
is "and sees no file of the runtime's" \
	"$(grep -vE '^(looking|/bin/true)$' seen | sort -u)" ""

# The terminal that the caller has as standard input (CVE-2017-5226).
bundle '.process.args = ["/intruder", "type"]'
# shellcheck disable=SC2094
run script -qec "oci-run --root '$state' -b b $id" /dev/null
printed "the caller's terminal takes no typing" '^type: (Operation not perm|Input)'
is "and can't be taken" "$(grep -cE 'OPENED|TAKEN|TYPED' "$out")" 0
run script -qec "b/rootfs/intruder type" /dev/null
printed "which its own programs could" 'OPENED'

# The keys of the caller's session.
bundle '.process.args = ["/intruder", "key-find"]'
run b/rootfs/intruder key-put oci-run --root "$state" -b b "$id"
if grep -q 'Function not impl' "$out" "$err"; then
	skip 2 "a kernel without keys"
else
	printed "a key of the caller's session is not found" \
		'^key: Required key not available'
	run b/rootfs/intruder key-put oci-run --root "$state" -b b \
		--no-new-keyring "$id"
	printed "but is with --no-new-keyring" '^key: FOUND'
fi

is "no state is left" "$(ls "$state")" ""
done_testing
