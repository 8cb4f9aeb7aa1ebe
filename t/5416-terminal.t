#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# oci-run: the caller's terminal, which is other jobs' too, and its end.
. "${0%/*}/lib.sh"
need python3 bash
. "$top/t/run.sh"

plain '.process.terminal = true'

# A caller's terminal with a shell of jobs in it, for the scripts below.
cat >user.py <<'P'
import os, pty, select, signal, subprocess, sys, termios, time

def run(*command):
    pid, fd = pty.fork()
    if pid == 0:
        os.execvp(command[0], command)
    return pid, fd

def hear(fd, what, seconds=30):
    heard, end = b"", time.time() + seconds
    while what not in heard and time.time() < end:
        if select.select([fd], [], [], 0.05)[0]:
            try:
                heard += os.read(fd, 65536)
            except OSError:
                break
    if what not in heard:
        print("not heard:", what, "in", heard)
    return heard

def is_raw(fd):
    return not termios.tcgetattr(fd)[3] & termios.ICANON

def becomes_raw(fd, wanted, seconds=10):
    end = time.time() + seconds
    while is_raw(fd) != wanted and time.time() < end:
        time.sleep(0.05)
    return is_raw(fd) == wanted

def ends(pid, seconds=10):
    end = time.time() + seconds
    while time.time() < end:
        if os.waitpid(pid, os.WNOHANG)[0]:
            return True
        time.sleep(0.05)
    return False

box = sys.argv[1:]
P

# Stopped from elsewhere, and another job meanwhile.
cat user.py - >jobs.py <<'P'
pid, fd = run("bash", "--norc", "--noediting", "-i")
os.write(fd, b"PS1='<%s>'\n" % b"$")
hear(fd, b"<$>")
os.write(fd, " ".join(box).encode() + b"\n")
hear(fd, b"begun")
print("first", "raw" if becomes_raw(fd, True) else "cooked")
job = int(subprocess.check_output(["pgrep", "-P", str(pid)]))
os.kill(job, signal.SIGSTOP)
hear(fd, b"<$>")
os.write(fd, b"stty sane; fg\n")
hear(fd, b"oci-run")
print("fg", "raw" if becomes_raw(fd, True) else "cooked")
os.write(fd, b"one\n")
print("typed", hear(fd, b"got one").count(b"one"))
os.write(fd, b"\x04")
hear(fd, b"<$>")
os.write(fd, " ".join(box).encode() + b" &\n")
hear(fd, b"begun")
print("background", "raw" if is_raw(fd) else "cooked")
os.write(fd, b"fg\n")
print("fg", "raw" if becomes_raw(fd, True) else "cooked")
os.write(fd, b"two\n")
hear(fd, b"got two")
os.write(fd, b"\x04")
hear(fd, b"<$>")
os.write(fd, b"exit\n")
print("end", ends(pid))
P
shell 'stty -echo; echo begun; while read x; do echo got $x; done'
ok "a job among others" timeout -k 1 100 python3 jobs.py \
	oci-run --root "$state" -b b "$id"
is "has the terminal raw whenever it is in the foreground, and then only" \
	"$(tr '\n' ' ' <"$out")" \
	"first raw fg raw typed 1 background cooked fg raw end True "

# Its modes are what they were, however it ends.
cat user.py - >modes.py <<'P'
pid, fd = run("sh", "-c", '"$@"; echo over; sleep 30', "sh", *box)
before = termios.tcgetattr(fd)
hear(fd, b"begun")
print("raw", becomes_raw(fd, True))
job = int(subprocess.check_output(["pgrep", "-P", str(pid)]))
for name in "TERM", "INT", "TERM":
    os.kill(job, getattr(signal, "SIG" + name))
heard = hear(fd, b"over")
print("again", termios.tcgetattr(fd) == before)
os.kill(pid, signal.SIGKILL)
P
ok "one that is killed by three signals" timeout -k 1 100 python3 modes.py \
	oci-run --root "$state" -b b "$id"
is "leaves the terminal as it was" "$(tr '\n' ' ' <"$out")" \
	"raw True again True "
cat user.py - >said.py <<'P'
pid, fd = run(*box)
print(repr(hear(fd, b"PATH\r\n")))
P
bundle '.process.args = ["nonexistent"]'
ok "one that doesn't begin" timeout -k 1 100 python3 said.py \
	oci-run --root "$state" -b b "$id"
printed "says so in whole lines" 'not found in PATH\\r\\n'

# The end of the caller's terminal, or of who reads, is the container's, also
# where its program takes no notice of what it is told.
cat user.py - >window.py <<'P'
pid, fd = run(*box)
hear(fd, b"\n") # all of the line: whose end can't be written has an error
os.close(fd)
print("ended", ends(pid))
P
window() {
	timeout -k 1 60 python3 window.py "$@" >"$out"
	is "a window that is closed ends $name" "$(cat "$out")" "ended True"
	wait_for test ! -d "$state/$id" # a shell may end before oci-run
	is "and no state is left" "$(ls "$state")" ""
	[ ! -d "$state/$id" ] || kill -KILL "$(pid_of "$id")"
}
name="a program that is silent"
shell 'echo begun; exec sleep 1000'
window oci-run --root "$state" -b b "$id"
name="its like with --init"
window oci-run --init --root "$state" -b b "$id"
name="one whose input is elsewhere"
window sh -c "oci-run --root $state -b b $id </dev/zero"
name="one whose output is elsewhere"
shell 'echo begun >&3; exec sleep 1000'
window sh -c "oci-run --preserve-fds 1 --root $state -b b $id 3>&1 >log"
# One that was closed while the container was started.
cat >late.py <<'P'
import os, pty, signal, sys, time
pid, fd = pty.fork()
if pid == 0:
    heard = []
    signal.signal(signal.SIGHUP, lambda *_: heard.append(1))
    os.write(1, b"ready")
    while not heard:
        time.sleep(0.01)
    null = os.open("/dev/null", os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    os.execvp(sys.argv[1], sys.argv[1:])
os.read(fd, 5)
os.close(fd)
os.waitpid(pid, 0)
P
ok "a window that is gone ends what it was for" \
	timeout -k 1 20 python3 late.py oci-run --root "$state" -b b "$id"
name="one that looks at no error"
shell 'echo begun; while :; do echo line; done'
window oci-run --root "$state" -b b "$id"
ok "so does a reader that goes away" timeout -k 1 20 sh -c \
	"{ oci-run --root $state -b b $id </dev/null; echo \$? >ended; } | head -n 1"
is "with KILL" "$(cat ended)" 137

# Who does something about it has the say.
shell 'trap "echo heard >/heard; exit 0" HUP; echo begun
	while :; do sleep 0.1; done' '.root.readonly = false'
name="one that says what then"
window oci-run --root "$state" -b b "$id"
is "which it does" "$(cat b/rootfs/heard)" heard
shell 'echo begun; sleep 1; echo over >/over' '.root.readonly = false'
name="one that was told to ignore it"
window sh -c 'trap "" HUP; exec "$@"' sh oci-run --root "$state" -b b "$id"
is "when it is over" "$(cat b/rootfs/over)" over
done_testing
