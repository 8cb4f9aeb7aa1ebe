#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# What a caller may leave behind: closed standard streams, whose numbers a
# file of ours must not get, blocked signals and an ignored SIGCHLD.
. "${0%/*}/lib.sh"
need jq python3
need_root

busybox_image img --cmd true >/dev/null
tar -cf img.tar -C img oci-layout index.json blobs
echo start >log

# left COMMAND...: with standard input, output and error closed, and so on.
left() {
	python3 -c '
import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))
for fd in map(int, sys.argv[1]):
	os.close(fd)
os.execvp(sys.argv[2], sys.argv[2:])' "$@"
}

for closed in 0 2 02; do
	rm -rf bundle rootfs
	ok "oci-unpack without $closed" left $closed oci-unpack img rootfs
	ok "oci-mkbundle without $closed" left $closed oci-mkbundle img bundle
	is "with all of it" "$(ls bundle/rootfs/bin)" "$(ls rootfs/bin)"
	ok "oci-run without $closed" left $closed \
		oci-run --root "$tmp/state" -b bundle c$$
	ok "oci-ps without $closed" left $closed oci-ps --root "$tmp/state"
done
is "nothing is left of the containers" "$(ls state)" ""

# Without standard output what was to be printed is lost, and that is said;
# and no file that is written comes to be standard output.
for closed in 1 01; do
	rm -rf layout
	run left $closed oci-layout-write layout:x
	is "oci-layout-write without $closed" "$status" 1
	run left $closed oci-ps --root "$tmp/state" none
	is "oci-ps without $closed" "$status" 1
	run left $closed oci-fetch localhost:1/x
	is "oci-fetch without $closed" "$status" 1
	said "says so" 'standard output'
done
written() {
	left 1 oci-layout-write layout:x <img.tar
}
run written
is "a stream without a place for the answer" "$status" 1
said "is taken, and that said" 'standard output'
ok "and is whole" oci-unpack layout:x again
is "to the byte" "$(cat layout/oci-layout)" "$(cat img/oci-layout)"
done_testing
