#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# oci-run: bytes between the caller's streams and the container's terminal.
. "${0%/*}/lib.sh"
need python3
. "$top/t/run.sh"

plain '.process.terminal = true'

# The end of the input, from nothing and in the middle of a line.
shell 'cat; echo ended'
nothing() { box </dev/null; }
ok "no input ends" nothing
printed "as the end of a file" '^ended'
middle() { printf 'one\ntwo' | box; }
ok "input without a last newline ends" middle
printed "and is all there" '^two'
printed "with its end" 'ended'

# The end of the output.
shell 'while echo line; do :; done'
head_of() { box </dev/null | head -n 1; }
ok "a reader that goes away ends it" head_of
printed "with what it wanted" '^line'

# All of the output, with a reader that is slow and a pipe that doesn't block.
shell 'seq 20000'
all_of() { box </dev/null | (sleep 1; cat); }
ok "a slow reader" all_of
is "gets all of it" "$(tr -d '\r' <"$out" | tail -n 1; wc -l <"$out")" \
	"20000
20000"
cat >nonblock.py <<'P'
import os, subprocess, sys, time
r, w = os.pipe()
os.set_blocking(w, False)
p = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=w)
os.close(w)
time.sleep(1)
lines = 0
while data := os.read(r, 65536):
    lines += data.count(b"\n")
print(lines, p.wait())
P
ok "a pipe that doesn't block" timeout -k 1 60 python3 nonblock.py \
	oci-run --root "$state" -b b "$id"
is "loses nothing" "$(cat "$out")" "20000 0"
file() { (box </dev/null; echo after) >file; }
ok "a file" file
is "has all, and what comes later behind it" "$(tail -n 2 file | tr -d '\r')" \
	"20000
after"

# The container may close its terminal and open it again.
shell 'exec <&- >&- 2>&-; sleep 0.5; echo late >/dev/console; sleep 0.5
	echo later >/dev/console'
ok "a terminal that was closed" nothing
printed "can be opened again" '^late'
printed "and again" '^later'

# Signals come through while nobody takes the output.
# In the background: busybox 1.37 writes again when a signal comes meanwhile.
shell 'trap "exit 7" TERM; yes line & wait'
cat >stuck.py <<'P'
import os, signal, subprocess, sys, time
r, w = os.pipe()
p = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=w)
os.close(w)
while not os.read(r, 1):
    pass
time.sleep(0.5)
for _ in range(100):
    p.send_signal(signal.SIGTERM)
    try:
        print(p.wait(0.2))
        break
    except subprocess.TimeoutExpired:
        pass
P
ok "output that nobody takes" timeout -k 1 60 python3 stuck.py \
	oci-run --root "$state" -b b "$id"
printed "doesn't hold back a signal" '^(7|129|143)$'
sed 's/^r, w = .*/import socket; s, t = socket.socketpair(); r = s.fileno()/
	s/stdout=w/stdout=t/; s/os.close(w)/t.close()/; s/sleep(0.5)/sleep(2)/' stuck.py >stuck2.py
ok "nor does a socket" timeout -k 1 60 python3 stuck2.py \
	oci-run --root "$state" -b b "$id"
printed "that nobody reads" '^(7|129|143)$'
is "no state is left" "$(ls "$state")" ""
done_testing
