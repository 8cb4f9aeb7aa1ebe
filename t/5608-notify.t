#!/bin/sh
# SPDX-License-Identifier: ISC
# NOTIFY_SOCKET: that the container's program is ready reaches the caller's.
# shellcheck disable=SC2016 # what is in single quotes is for another shell
. "${0%/*}/lib.sh"
need python3 cc
. "$top/t/run.sh"

cc -Wall -Wextra -static -o b/rootfs/bin/notify "$top/t/notify.c" 2>"$err" ||
	skip_all "no static libc here: $(tail -n 1 "$err")"

# SOCKET: print what comes there, a line each, with the number of descriptors.
cat >host.py <<'P'
import array, os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1].replace("@", "\0"))
open("listening", "w").close()
while True:
	data, control, _, _ = s.recvmsg(4096, socket.CMSG_SPACE(64))
	fds = array.array("i", control[0][2] if control else b"")
	print(data.decode().replace("\n", "|"), len(fds), flush=True)
	for fd in fds:
		os.close(fd)
P
host() { # SOCKET
	rm -f listening
	python3 host.py "$1" >heard 2>host.err &
	host=$!
	wait_for test -e listening
}
heard() { # what came so far
	tr '\n' ' ' <heard
}
at_exit 'kill $host 2>/dev/null'
plain '.root.readonly = false'
host "$tmp/notify.host"
export NOTIFY_SOCKET="$tmp/notify.host"

# In the foreground oci-run is the service's process, before and after.
shell 'echo "$NOTIFY_SOCKET"; notify STATUS=x "MAINPID=1
READY=0" NOTREADY=1 READY=11; ls -ld /run/notify | cut -c1-10
	touch /run/notify/x; notify "STATUS=y
READY=1"; i=0; while notify STATUS=later && [ $((i += 1)) -lt 1000 ]; do
	:; done; notify READY=1; exit 7'
exits 7 "a program that gets ready, and says more" box
is "has a socket in a directory that it can't write to" "$(cat "$out")" \
	"/run/notify/notify.sock
drwxr-xr-x"
said "as it is told" 'touch: .*Read-only'
ok "the caller hears" wait_for test -s heard
is "that it is ready, once, and nothing else" "$(heard)" "READY=1 0 "
all_gone "and nothing is left"

# Detached, oci-run ends when the program is ready.
: >heard
shell 'sleep 0.5; touch /ready; notify READY=1; sleep 100'
ok "a detached run" box -d "$id"
ok "comes back when it is ready" test -e b/rootfs/ready
is "with its pid, and has been heard by then" "$(heard)" \
	"MAINPID=$(pid_of "$id")|READY=1 0 BARRIER=1 1 "
ok "deleted" each delete -f "$id"
rm b/rootfs/ready
: >heard
shell 'exit 3'
ok "one that ends before it is ready" box -d "$id"
is "was not" "$(heard)" ""
ok "deleted" each delete "$id"
shell 'trap "" TERM; touch /up; sleep 100'
oci-run --root "$state" -b b -d "$id" >run.out 2>run.err &
runner=$!
wait_for test -e b/rootfs/up
sleep 0.2
is "one that never is is waited for" "$(status_of "$id")" running
kill "$runner"
wait "$runner"
is "until a signal comes" $? 143
all_gone "which is its end"

# Created and started: whoever starts it passes it on.
: >heard
shell 'sleep 0.3; touch /ready; notify READY=1; sleep 100'
ok "created" each create -b b "$id"
ok "started" each start "$id"
ok "when it is ready" test -e b/rootfs/ready
is "that is heard" "$(heard)" \
	"MAINPID=$(pid_of "$id")|READY=1 0 BARRIER=1 1 "
ok "another process" each exec "$id" sh -c 'test ! "$NOTIFY_SOCKET"'
ok "deleted" each delete -f "$id"
: >heard
rm b/rootfs/ready
ok "created again" each create -b b "$id"
ok "started by who has no socket" env -u NOTIFY_SOCKET oci-start \
	--root "$state" "$id"
ok "it says so to nobody" wait_for test -e b/rootfs/ready
is "and is not heard" "$(heard)" ""
ok "deleted" each delete -f "$id"
NOTIFY_SOCKET='' oci-create --root "$state" -b b "$id" >said.out 2>&1 </dev/null
shell 'sleep 100'
ok "one that was created without, and started with" each start "$id"
is "has no directory" "$(ls -d "$state/$id/notify" 2>/dev/null)" ""
ok "deleted" each delete -f "$id"

# A user, also one of a user namespace, may write there.
: >heard
shell 'notify READY=1' '.process.user = {uid: 1000, gid: 1000}'
ok "a user's" box
ok "is heard" wait_for test -s heard
: >heard
shell 'notify READY=1' '.process.user = {uid: 1000, gid: 1000} |
	.linux.namespaces += [{type: "user"}] |
	.linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}] |
	.linux.gidMappings = .linux.uidMappings'
chmod 755 "$tmp_base" "$tmp"
ok "one of a user namespace" box
ok "is heard" wait_for test -s heard

# config.json's own stays.
shell 'echo "$NOTIFY_SOCKET"; grep -c /run/notify /proc/mounts' \
	'.process.env += ["NOTIFY_SOCKET=/own"]'
exits 1 "config.json's own" box
is "stays, and nothing is mounted" "$(cat "$out")" "/own
0"

kill $host
wait $host 2>/dev/null
shell 'notify READY=1; sleep 0.1; echo on'
ok "where nobody listens" box
printed "it goes on" '^on$'
said "with a warning" "^oci-run: NOTIFY_SOCKET: $tmp/notify.host: Conn"
host "@$id"
NOTIFY_SOCKET="@$id"
ok "an abstract socket" box
ok "hears" wait_for test -s heard
NOTIFY_SOCKET=nothing
ok "what is none" box
said "is warned of" 'NOTIFY_SOCKET: nothing: Invalid argument'
all_gone "nothing is left"
done_testing
