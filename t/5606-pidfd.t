#!/bin/sh
# SPDX-License-Identifier: ISC
# --pidfd-socket: the process's pidfd goes to whoever listens there, with what
# runc says beside it, and before the program runs.
. "${0%/*}/lib.sh"
need python3
. "$top/t/run.sh"

# SOCKET SIGNAL COMMAND...: listen, run the command, print the bytes that came,
# the pid of the descriptor, and what it says of a signal.
cat >take.py <<'P'
import array, os, signal, socket, subprocess, sys

s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen(1)
s.settimeout(60)
p = subprocess.Popen(sys.argv[3:], stdin=subprocess.DEVNULL)
c = s.accept()[0]
data, control, flags, _ = c.recvmsg(4096, socket.CMSG_SPACE(64))
fds = array.array("i", control[0][2])
os.unlink(sys.argv[1])
pid = next(line.split()[1] for line in open("/proc/self/fdinfo/%d" % fds[0])
	if line.startswith("Pid:"))
print(data.decode(), len(control), len(fds), pid)
p.wait()
signal.pidfd_send_signal(fds[0], int(sys.argv[2]))
sys.exit(p.returncode)
P
take() { # SIGNAL PROGRAM ARG...
	take_signal=$1 take_program=$2
	shift 2
	timeout -k 5 60 python3 take.py "$tmp/s" "$take_signal" \
		"oci-$take_program" --root "$state" --pidfd-socket "$tmp/s" "$@"
}

bundle '.process.args = ["sleep", "100"]'
ok "a created container's" take 0 create -b b "$id"
is "is its first process's, and the only one" "$(cat "$out")" \
	"standard 1 1 $(pid_of "$id")"
is "which waits for its start" "$(status_of "$id")" created
ok "and starts" each start "$id"
ok "that of another process" take 0 exec -d --pid-file pid "$id" sleep 50
is "is its own" "$(cat "$out")" "setns 1 1 $(cat pid)"
ok "it takes a signal" take 9 exec -d --pid-file pid "$id" sleep 51
is_gone() { ! kill -0 "$(cat pid)"; }
ok "and ends by it" wait_for is_gone
ok "deleted" each delete -f "$id"
ok "a detached run's, and a signal" take 9 run -d -b b "$id"
ok "ends it" wait_for is_stopped "$id"
ok "deleted" each delete "$id"
bundle '.process.args = ["sh", "-c", "exit 7"]'
fails "in the foreground it has ended by then" take 0 run -b b "$id"
is "and came before" "$(cut -d' ' -f1-3 "$out")" "standard 1 1"
fails "through oci-runtime" timeout -k 5 60 python3 take.py "$tmp/s" 0 \
	oci-runtime --root "$state" run --pidfd-socket "$tmp/s" -b b "$id"
is "likewise" "$(cut -d' ' -f1-3 "$out")" "standard 1 1"

# Where it can't go there is no container.
exits 125 "nobody listens" box --pidfd-socket "$tmp/s" "$id"
said "is said" "^oci-run: --pidfd-socket: $tmp/s: "
exits 1 "to create likewise" each create -b b --pidfd-socket /no/s "$id"
long=$(printf '%0120d' 0)
exits 125 "a path that is too long" box --pidfd-socket "/$long" "$id"
said "is said" 'longer than 107 bytes'
all_gone "and nothing is left"
done_testing
