#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# oci-run: detached, signals, the terminal, names that are taken, kill -9.
. "${0%/*}/lib.sh"
need python3
. "$top/t/run.sh"

bundle '.process.args = ["sleep", "100"]'
ok "detached" box -d --pid-file "$tmp/pid" "$id.nap"
is "it runs" "$(status_of "$id.nap")" running
is "the pid file" "$(cat pid)" "$(pid_of "$id.nap")"
exits 125 "its name is taken" box "$id.nap"
said "and it says so" 'nap'
kill -9 "$(cat pid)"
ok "killed, it is stopped" wait_for is_stopped "$id.nap"
bundle '.process.args = ["true"]'
ok "its name is free then" box "$id.nap"
is "nothing is left" "$(ls "$state")" ""

# Signals come through, and the state shows the container meanwhile.
bundle '.process.args = ["sh", "-c",
	"trap \"exit 33\" TERM; echo ready; while :; do sleep 0.1; done"]'
oci-run --root "$state" -b b "$id.sig" >sig.out &
runner=$!
ok "it is up" wait_for grep -q ready sig.out
is "in the state too" "$(status_of "$id.sig")" running
kill -TERM $runner
wait $runner
is "TERM reached it" "$?" 33
bundle '.process.args = ["sh", "-c", "echo ready; sleep 100"]'
oci-run --root "$state" -b b "$id.sig" >kill.out &
runner=$!
ok "another" wait_for grep -q ready kill.out
kill -9 "$(pid_of "$id.sig")"
wait $runner
is "killed by 9: 137" "$?" 137
is "nothing is left" "$(ls "$state")" ""

# kill -9 of oci-run itself: the container goes on, and is seen.
bundle '.process.args = ["sleep", "100"]'
oci-run --root "$state" -b b "$id.lost" &
runner=$!
ok "a third" wait_for is_running "$id.lost"
kill -9 $runner
wait $runner
is "without oci-run it runs" "$(status_of "$id.lost")" running
kill -9 "$(pid_of "$id.lost")"
ok "until it is killed" wait_for is_stopped "$id.lost"
bundle '.process.args = ["true"]'
ok "the name can be had again" box "$id.lost"
is "and the cgroup is gone" "$(leftovers)" ""

# oci-run killed at any moment of the start: the next run goes on.
for delay in 0.000 0.001 0.002 0.003 0.004 0.006 0.008 0.012 0.02 0.03; do
	killed_after $delay oci-run --root "$state" -b b "$id.early"
done
wait_for is_over "$id.early"
ok "after kills at ten moments" box "$id.early"
is "all is clean" "$(find "$state" -mindepth 1 ! -name '.*')" ""

# Many at once.
for i in 1 2 3 4 5 6 7 8; do
	box "$id.many$i" &
done
wait
is "eight at once leave nothing" "$(ls "$state")" ""

# One name, eight takers: one wins.
bundle '.process.args = ["sleep", "0.5"]'
for i in 1 2 3 4 5 6 7 8; do
	(box "$id.same" 2>/dev/null && echo won >>"$tmp/won") &
done
wait
is "of eight takers of a name one wins" "$(wc -l <"$tmp/won")" 1

# A crash of the machine may take the text of a state, which isn't waited for
# to be on the disk; then nothing else of the container is left.
bundle '.process.args = ["true"]'
for text in '' '\0\0\0\0'; do
	mkdir "$state/$id.torn"
	printf %b "$text" >"$state/$id.torn/state.json"
	ok "a state without its text makes room" box "$id.torn"
done
mkdir "$state/$id.torn"
echo '{' >"$state/$id.torn/state.json"
exits 125 "another that can't be read doesn't" box "$id.torn"
rm -r "$state/$id.torn"

# Engines give several runtimes the same --root.
mkdir "$state/$id.theirs" "$state/$id.theirs2" "$state/$id.cut"
mkdir -p "$state/.cache/seccomp/x"
echo "theirs" >"$state/$id.theirs/status"
echo '{"id": "theirs"}' >"$state/$id.theirs2/state.json"
echo "theirs" >"$state/$id.theirs2/exec.fifo"
for i in 1 2 3 4; do
	box "$id.n$i"
done
oci-delete --root "$state" -f "$id.theirs"
exits 1 "another runtime's isn't ours" oci-ps --root "$state" "$id.theirs"
is "and stays" "$(cat "$state/$id.theirs/status" "$state/$id.theirs2"/*.fifo)" \
	"theirs
theirs"
ok "a deletion's that was cut short is gone" test ! -e "$state/$id.cut"
ok "nor is crun's cache" test -d "$state/.cache/seccomp/x"
rm -r "$state/$id.theirs" "$state/$id.theirs2" "$state/.cache"
if command -v strace >/dev/null; then
	run strace -f -o calls -e trace=fsync,fdatasync,sync,syncfs \
		oci-run --root "$state" -b b "$id.sync"
	is "and the disk is not waited for" "$(grep -c sync calls)" 0
else
	skip 1 "no strace"
fi

# The terminal.
cat >terminal.py <<'P'
import fcntl, os, pty, struct, sys, termios, time
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 33, 77, 0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])
before = None
out = b""
sent = False
while True:
    try:
        data = os.read(fd, 4096)
    except OSError:
        break
    if not data:
        break
    out += data
    if b"ready" in out and not sent:
        sent = True
        os.write(fd, b"typed\r")
sys.stdout.write(out.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
P
shell 'stty size; tty; ls -l /dev/console; echo ready; read x; echo got $x
	exit 9' '.process.terminal = true'
exits 9 "with a terminal" python3 terminal.py oci-run --root "$state" -b b "$id.tty"
printed "its size is the user's" '^33 77'
printed "it is the container's own" '^/dev/pts/0'
printed "and its console" '/dev/console'
printed "what is typed comes through" 'got typed'
exits 125 "detached it needs a socket" box -d "$id.tty"
said "and says so" 'console-socket'

# Where config.json doesn't say, at a terminal and nowhere else.
shell 'tty; echo term $TERM' 'del(.process.terminal) |
	.process.env = ["PATH=/bin"]'
ok "a terminal that isn't spoken of" python3 terminal.py \
	oci-run --root "$state" -b b "$id.tty"
printed "is there at a terminal" '^/dev/pts/0'
printed "and so is TERM" '^term xterm'
ok "with a pipe for output" python3 terminal.py sh -c \
	"oci-run --root $state -b b $id.tty | cat"
printed "there is none" 'not a tty'
ok "with --tty no" python3 terminal.py \
	oci-run --tty no --root "$state" -b b "$id.tty"
printed "there is none" '^/dev/pts/[1-9]|not a tty'
ok "with --tty yes and no terminal" box --tty yes "$id.tty"
printed "there is one" '^/dev/pts/0'
ok "detached there is none" box -d "$id.tty"
exits 2 "--tty maybe" box --tty maybe "$id.tty"
change '.process.terminal = false'
ok "where config.json says there is none" python3 terminal.py \
	oci-run --root "$state" -b b "$id.tty"
printed "there is none, but the caller's" '^/dev/pts/[1-9]|not a tty'

# Of two variables of one name the last is meant.
bundle '.process.args = ["env"] | .process.env = ["A=1", "PATH=/nowhere",
	"AB=2", "A=3", "PATH=/bin", "A=4"]'
ok "variables that are there twice" box "$id.env"
is "are there once, as the last" "$(grep -v HOME "$out" | tr '\n' ' ')" \
	"AB=2 PATH=/bin A=4 "
done_testing
