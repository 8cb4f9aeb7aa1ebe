#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-run --init: signals, orphans and the terminal with oci-init as the first
# process; and the end of a container that does nothing about its signals.
# shellcheck disable=SC2016 # what is in single quotes is for another shell
. "${0%/*}/lib.sh"
need python3
. "$top/t/run.sh"

# What heeds no signal is killed when a test ends before it does.
at_exit 'oci-ps --root "$state" "$id" 2>/dev/null | jq ".pid // empty" |
	xargs -r kill -9'

# begin [OPTION...]: a run in the background, $runner, that hears of SIGINT.
begin() {
	python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execvp(sys.argv[1], sys.argv[1:])' \
		oci-run --root "$state" -b b "$@" "$id" >begun 2>&1 &
	runner=$!
}

shell 'read -r a b </proc/1/cmdline; echo "$$ $a"; exit 7'
exits 7 "the status is the program's" box --init "$id"
tr -d '\000' <"$out" >said
ok "which is a child of oci-init" grep -Eqx '2 oci-init2[0-9]+' said
shell 'kill -USR1 $$'
exits 138 "also when a signal ended it" box --init "$id"
shell '(sleep 0.1 & ); i=0 n=
	while [ "$n" != 4 ] && [ $((i += 1)) -lt 100 ]; do
		sleep 0.1
		ls -d /proc/[0-9]* | wc -l >/dev/shm/n; read n </dev/shm/n
	done; echo $n'
ok "orphans" box --init "$id"
is "are reaped" "$(cat "$out")" 4 # oci-init, sh, ls, wc
bundle '.process.args = ["nonexistent"]'
exits 127 "a program that isn't there" box --init "$id"
said "is named" 'nonexistent: .*not found'
bundle '.process.args = ["/etc/.."]'
exits 126 "one that is none" box --init "$id"

# What process 1 gets only if it has a handler.
bundle '.process.args = ["sleep", "100"]'
begin --init
ok "a program without handlers" wait_for is_running "$id"
kill -TERM "$runner"
wait "$runner"
is "is ended by SIGTERM" $? 143
ok "detached" box --init -d "$id"
kill -INT "$(pid_of "$id")"
ok "it is ended so, too" wait_for is_stopped "$id"

# Whoever looks into the reaper finds nothing of the host, once it has seen that
# the program was executed.
shell 'i=0
	until [ "$(ls /proc/1/fd | wc -l)" = 3 ] || [ $((i += 1)) = 600 ]; do
		sleep 0.1
	done
	tr "\000" "\n" </proc/1/environ; ls /proc/1/fd; (: >/proc/1/exe)'
HOSTS_SECRET=1 box --init "$id" >"$out" 2>"$err"
is "neither its variables nor its files" "$(cat "$out")" "0
1
2"
said "nor a program to overwrite" '/proc/1/exe: .*(Text file busy|Permission)'
shell 'ls /proc/self/fd; ls /proc/$$/fd' '.process.args[0] = "sh"'
ok "the program" box --init "$id"
is "doesn't have it open" "$(sort -u "$out" | tr '\n' ' ')" "0 1 2 3 "

bundle '.linux.namespaces |= map(select(.type != "pid")) |
	.mounts |= map(select(.type != "proc")) |
	.process.args = ["sh", "-c", "(sleep 0.2; exit 3) & exec sleep 0.6"]'
ok "in the host's processes" box --init "$id"
shell 'echo here' '.process.noNewPrivileges = true | .linux.seccomp =
	{defaultAction: "SCMP_ACT_ALLOW", syscalls: [
	{names: ["mount"], action: "SCMP_ACT_ERRNO"}]}'
ok "with a filter" box --init "$id"
is "the program runs" "$(cat "$out")" here
mkdir alone
cp "$B/bin/oci-run" alone
exits 125 "without oci-init" env PATH=/usr/bin:/bin alone/oci-run --init -b b "$id"
said "it is missed by its name" 'oci-init is not beside oci-run'

# As engines call it: it starts the program.
exits 7 "oci-init -- a command" oci-init -- sh -c 'echo out; exit 7'
is "has its output" "$(cat "$out")" out
exits 138 "or its signal" oci-init -- sh -c 'kill -USR1 $$'
ok "where children's ends are ignored" timeout -k 1 20 python3 -c '
import os, signal
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.execvp("oci-init", ["oci-init", "--", "true"])'
exits 127 "no command" oci-init -- nonexistent
said "is named" '^oci-init: nonexistent: No such file'
exits 126 "none that can be executed" oci-init -- /etc
oci-init -- sh -c 'trap "exit 5" TERM; echo up; while :; do sleep 0.1; done' \
	>up.out &
wait_for grep -q up up.out
kill -TERM $!
wait $!
is "passes on a signal" $? 5
ok "an orphan" oci-init -- sh -c 'echo $PPID >init
	sh -c "sh -c \"until [ -e looked ]; do sleep 0.01; done\" & echo \$! >orphan"
	read -r pid <orphan
	sed -n "s/^PPid:.//p" "/proc/$pid/status" >parent
	touch looked
	while kill -0 "$pid" 2>/dev/null; do sleep 0.01; done'
is "has it for a parent, and is reaped" "$(cat parent)" "$(cat init)"
cat >terminal.py <<'P'
import os, pty, sys
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))
P
exits 4 "at a terminal" timeout 30 python3 terminal.py oci-init -- \
	python3 -c 'import os, sys
sys.exit(4 if os.tcgetpgrp(0) == os.getpid() else 1)'

# By hand: a process that is none of its children gets no signal of it.
exits 2 "oci-init alone" timeout 5 oci-init
said "says what it wants" '^oci-init: give one PID$'
for pid in $$ 1 0 -1 4294967297 x; do
	exits 2 "oci-init $pid" timeout 5 oci-init "$pid"
	said "says that it is no child" "^oci-init: $pid: not the pid of a child$"
done

exits 1 "oci-init --keep of none" timeout 5 oci-init --keep x
said "says so" '^oci-init: --keep x: not the pid of a child$'

# Keys of a terminal are for the foreground job, which is the program's.
bundle '.process.terminal = true | .process.args = ["sh", "-c",
	"trap \"echo caught\" INT; echo begun; sleep 5; tty; exit 9"]'
python3 - "$state" "$id" >typed 2>&1 <<'EOF'
import os, pty, sys
pid, fd = pty.fork()
if pid == 0:
	os.execvp("oci-run", ["oci-run", "--root", sys.argv[1], "-b", "b",
		"--init", sys.argv[2]])
text = b""
while b"begun" not in text:
	text += os.read(fd, 4096)
os.write(fd, b"\003")
while True:
	try:
		data = os.read(fd, 4096)
	except OSError:
		break
	if not data:
		break
	text += data
print(text.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
EOF
# The terminal may show the key before what is printed, or after it.
is "Ctrl-C at a terminal" "$(sed 's/\^C//' typed | tr -d '\r' | tr '\n' ' ')" \
	"begun caught /dev/pts/0  9 "

# insistent SIGNAL...: send them to a run that does nothing about any.
insistent() {
	begin
	wait_for grep -q ready begun
	for signal; do
		kill "-$signal" "$runner"
		sleep 0.1
	done
}

shell 'trap "" INT TERM; echo ready; while :; do sleep 0.1; done'
insistent TERM INT
ok "two signals are the program's" is_running "$id"
kill -TERM "$runner"
wait "$runner"
is "the third one kills it" $? 137
ok "and nothing is left" test -z "$(ls "$state")"

bundle '.process.args = ["id", "-u"] | .process.user = {uid: 1000, gid: 1000}'
ok "another user than root" box --init "$id"
is "has it, too" "$(cat "$out")" 1000

done_testing
