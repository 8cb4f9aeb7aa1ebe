#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-create, oci-start, oci-kill, oci-delete: a container's life in steps.
# shellcheck disable=SC2016 # what is in single quotes is for another shell
. "${0%/*}/lib.sh"
. "$top/t/run.sh"

# create [OPTION...] ID: its streams are files, so that nobody waits for them.
create() {
	oci-create --root "$state" -b b "$@" >said.out 2>"$tmp/err.c" </dev/null
	create_status=$?
	cat "$tmp/err.c" >&2
	return $create_status
}

shell 'echo begun; trap "echo termed; exit 5" TERM; while :; do sleep 0.1; done'
ok "created" create --pid-file "$tmp/pid" "$id"
is "it is" "$(status_of "$id")" created
is "its pid is in the file" "$(cat pid)" "$(pid_of "$id")"
is "its program doesn't run" "$(cat said.out)" ""
fails "its name is taken" create "$id"
said "and it says so" "$id: .*in use"
jq '.process.args = ["false"]' b/config.json >other &&
	mv other b/config.json
ok "started" each start "$id"
is "it runs" "$(status_of "$id")" running
ok "and does what the bundle said when it was made" \
	wait_for grep -q begun said.out
is "nobody waits in the directory" \
	"$(ls "$state/$id")" "$(printf 'config.json\nstate.json')"
fails "it can't be started twice" each start "$id"
said "and it says so" "$id: .*running"
fails "nor deleted" each delete "$id"
said "and it says so" "$id: .*running"
ok "a signal" each kill "$id"
ok "reaches it" wait_for is_stopped "$id"
printed_file() { grep -q "$1" said.out; }
ok "by its handler" printed_file termed
fails "a stopped one gets none" each kill "$id" KILL
said "and it says so" 'not running'
fails "nor is it started" each start "$id"
said "and it says so" 'stopped'
fails "its name is still taken" create "$id"
ok "it is deleted" each delete "$id"
all_gone "nothing is left"
fails "it isn't twice" each delete "$id"
said "and it says so" 'does not exist'
ok "unless by force" each delete -f "$id"
for p in start kill delete; do
	fails "oci-$p of what isn't there" each $p "$id.no"
	said "says so" "$id.no: container does not exist"
	exits 2 "oci-$p of what can't be" each $p ../"$id"
done

# A pid file in the place of what is none.
mknod null c 1 3
ok "a pid file that is a device" create --pid-file null "$id"
ok "it stays one" test -c null
down "$id"
ln -s /proc/self/fd/1 stdout
oci-create --root "$state" -b b --pid-file stdout "$id" >piped </dev/null
ok "or that is standard output" grep -qx "$(pid_of "$id")" piped
ok "is so still" test -L stdout
down "$id"
mkfifo pipe
fails "a pipe that nobody reads isn't waited for" create --pid-file pipe "$id"
said "and is named" 'pid-file: pipe'

# What can't be: a pid would be another process's.
jq '.process.oomScoreAdj = 500' b/config.json >oom.json
cp b/config.json kept.json
cp oom.json b/config.json
fails "the /proc of another pid namespace" unshare -pf --mount-proc sh -c \
	'unshare -pf "$@"; set $?; cat /proc/[1-9]*/oom_score_adj; exit $1' \
	. oci-create --root "$state" -b b "$id"
said "is seen to be that" '/proc: .*another pid namespace'
is "nothing is written there" "$(grep -c 500 "$out")" 0
jq '.process.rlimits = [{type: "RLIMIT_NOFILE", soft: 3, hard: 3}]' \
	kept.json >b/config.json
fails "no room for a descriptor" create "$id"
said "is known before it is wanted" 'RLIMIT_NOFILE: soft must be more than'
all_gone "nothing is left"

# Signals by their names.
bundle '.process.args = ["sleep", "100"]'
for s in KILL SIGKILL kill 9; do
	ok "another" create "$id"
	ok "started" each start "$id"
	ok "killed by $s" each kill "$id" $s
	ok "is stopped" wait_for is_stopped "$id"
	ok "and deleted" each delete "$id"
done
for s in NOPE 0 65 -1 9x SIG 'RTMIN+99' ''; do
	exits 2 "no signal is '$s'" each kill "$id" "$s"
done

# What is created and never started.
ok "created" create "$id"
ok "deleted at once" each delete "$id"
all_gone "nothing is left"
for s in TERM INT HUP QUIT; do
	ok "created" create "$id"
	ok "SIG$s" each kill "$id" $s
	ok "ends it" wait_for is_stopped "$id"
	ok "and it is deleted" each delete -f "$id"
done

# What it has open besides its standard streams while it waits: the gate, and
# the channel to an oci-create that is gone.
bundle '.process.args = ["sleep", "100"]'
ok "created" create "$id"
is "it holds two sockets and nothing else" "$(find "/proc/$(pid_of "$id")/fd" \
	-lname 'socket:*' | wc -l) $(find "/proc/$(pid_of "$id")/fd" \
	-type l | wc -l)" "2 5"
ok "deleted" each delete -f "$id"

# A running one, and all that is in it.
shell 'sleep 100 & sleep 101 & wait'
ok "created" create "$id"
ok "started" each start "$id"
ok "deleted by force" each delete --force "$id"
mkdir "$state/.$id.early"
echo "half" >"$state/.$id.early/config.json"
ok "a creator that was killed at once" each delete --force "$id.early"
ok "leaves nothing then" test ! -e "$state/.$id.early"
all_gone "nothing is left"
shell 'trap "" USR1
	for i in one two; do
		(trap "echo $i; exit" USR1; echo up
			while :; do sleep 0.1; done) &
	done; wait; sleep 100'
ok "created" create "$id"
ok "started" each start "$id"
both_up() { [ "$(grep -c up said.out)" = 2 ]; }
ok "with children" wait_for both_up
ok "a signal to all" each kill --all "$id" USR1
ok "reaches one" wait_for grep -q one said.out
ok "and the other" wait_for grep -q two said.out
ok "deleted" each delete -f "$id"

# Where the first process's end isn't the others'.
shell 'sleep 100 & echo $!; wait' \
	'.linux.namespaces |= map(select(.type != "pid"))'
ok "without a pid namespace" create "$id"
ok "started" each start "$id"
ok "with a child" wait_for grep -q . said.out
ok "SIGKILL" each kill "$id" KILL
child_ended() { ! kill -0 "$(cat said.out)" 2>/dev/null; }
ok "ends the child too" wait_for child_ended
ok "deleted" each delete -f "$id"
shell 'sleep 100 & echo $!' \
	'.linux.namespaces |= map(select(.type != "pid"))'
ok "one that leaves a child" create "$id"
ok "is started" each start "$id"
ok "and stopped" wait_for is_stopped "$id"
ok "the child runs" kill -0 "$(cat said.out)"
fails "SIGTERM has nobody that it is for" each kill "$id" TERM
ok "SIGKILL" each kill "$id" KILL
ok "ends the child" wait_for child_ended
fails "and then there is nobody" each kill "$id" KILL
ok "deleted" each delete "$id"
all_gone "nothing is left"

# What can't be executed, and what can't be created.
bundle '.process.args = ["nonexistent"]'
exits 127 "a program that isn't there" create "$id"
said "is named" 'nonexistent: .*not found'
bundle '.process.args = ["/gone"]'
for _ in 1 2 3 4 5 6 7 8; do
	cp b/rootfs/bin/busybox b/rootfs/gone
	ok "one that goes away meanwhile is created" create "$id"
	rm b/rootfs/gone
	fails "and not started" each start "$id"
	said "for the reason" '/gone: No such file'
	is "by then it is stopped" "$(status_of "$id")" stopped
	ok "and deleted" each delete "$id"
done
bundle '.mounts += [{destination: "/x", type: "bind", source: "/nowhere",
	options: ["bind"]}]'
exits 1 "a mount that isn't there" create "$id"
said "is named" '/nowhere'
all_gone "nothing is left"
bundle '.process.terminal = true'
fails "a terminal" create "$id"
said "needs a socket" 'console-socket'
bundle 'del(.process.args)'
fails "no program" create "$id"
said "is an error" 'process.args'

# Of eight that start it, one does.
bundle '.process.args = ["sleep", "100"]'
ok "created" create "$id"
for _ in 1 2 3 4 5 6 7 8; do
	(each start "$id" 2>/dev/null && echo won >>won) &
done
wait
is "one of eight starts it" "$(wc -l <won)" 1
ok "deleted" each delete -f "$id"

# Killed at any moment: oci-create leaves none that runs, oci-start one that
# is created or runs, oci-delete one that can be deleted.
bundle '.process.args = ["sleep", "100"]'
lost=
for delay in 0.001 0.002 0.003 0.004 0.005 0.006 0.008 0.01 0.015 0.02; do
	killed_after $delay oci-create --root "$state" -b b "$id.k"
	wait_for eval 'case $(status_of "$id.k" 2>/dev/null) in
		creating) false;; esac'
	case $(status_of "$id.k" 2>/dev/null) in
	created | stopped | '') ;;
	*) lost="$lost $delay" ;;
	esac
	each delete -f "$id.k" || lost="$lost $delay"
done
is "oci-create killed at ten moments" "$lost" ""
for delay in 0.0005 0.001 0.0015 0.002 0.003 0.004 0.006; do
	create "$id.k" || lost="$lost create"
	killed_after $delay oci-start --root "$state" "$id.k"
	case $(status_of "$id.k") in
	# What was sent before the end may arrive after it.
	created) each start "$id.k" 2>/dev/null || is_running "$id.k" ||
		lost="$lost $delay" ;;
	running) ;;
	*) lost="$lost $delay" ;;
	esac
	killed_after $delay oci-delete --root "$state" -f "$id.k"
	each delete -f "$id.k" || lost="$lost delete$delay"
done
is "oci-start and oci-delete killed" "$lost" ""
all_gone "nothing is left"

# The state says created when oci-start was killed after its word.
ok "created" create "$id"
cp "$state/$id/state.json" kept
ok "started" each start "$id"
cp kept "$state/$id/state.json"
is "what runs is said to run" "$(status_of "$id")" running
ok "deleted" each delete -f "$id"

# With a terminal, and with oci-init.
cat >console.py <<'P'
import array, os, socket, subprocess, sys
path = sys.argv[1]
s = socket.socket(socket.AF_UNIX)
s.bind(path)
s.listen(1)
p = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL)
c, _ = s.accept()
fds = array.array("i")
_, anc, _, _ = c.recvmsg(4096, socket.CMSG_SPACE(4))
fds.frombytes(anc[0][2][:4])
if p.wait():
    sys.exit(1)
subprocess.check_call(["oci-start", "--root", sys.argv[4], sys.argv[-1]])
out = b""
while True:
    try:
        data = os.read(fds[0], 4096)
    except OSError:
        break
    if not data:
        break
    out += data
sys.stdout.write(out.decode())
P
shell 'tty; test -t 1 && echo terminal' '.process.terminal = true'
ok "a terminal by its socket" python3 console.py "$tmp/s" oci-create \
	--root "$state" -b b --console-socket "$tmp/s" "$id"
printed "is the program's" '^terminal'
ok "deleted" each delete -f "$id"
shell 'tr "\0" " " </proc/1/cmdline; sleep 100'
ok "with --init" create --init "$id"
is "created" "$(status_of "$id")" created
ok "started" each start "$id"
is "it runs" "$(status_of "$id")" running
ok "oci-init is the first" wait_for grep -q '^oci-init' said.out
ok "a signal" each kill "$id" TERM
ok "ends it" wait_for is_stopped "$id"
ok "deleted" each delete "$id"

# A filter needs to allow nothing more than for oci-run.
bundle '.process.args = ["sleep", "100"] | .process.noNewPrivileges = false |
	.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: [
		"accept", "accept4", "socket", "connect", "openat", "poll"],
		action: "SCMP_ACT_ERRNO"}]}'
ok "a filter" create "$id"
each start "$id" >"$out" 2>"$err"
is "is there while it waits" "$(status_of "$id")" running
ok "deleted" each delete -f "$id"
all_gone "nothing is left"

# A filter that doesn't let the process wait is said at once.
for act in ERRNO KILL; do
	bundle '.process.args = ["sleep", "100"] |
		.process.noNewPrivileges = false | .linux.seccomp =
		{defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["recvmsg"],
		action: ("SCMP_ACT_" + $act)}]}' --arg act $act
	exits 1 "recvmsg: $act" create "$id"
	said "is an error" 'recvmsg|signal 31'
done
all_gone "nothing is left"

# A signal is sent before it is taken.
is_halted() {
	grep -q '^State:	T' "/proc/$(pid_of "$id")/status"
}

# A container that is stopped holds nobody up who would delete it.
bundle '.process.args = ["sleep", "100"]'
ok "created" create "$id"
ok "stopped" each kill "$id" STOP
wait_for is_halted
oci-start --root "$state" "$id" 2>start.err &
starter=$!
sleep 0.3
ok "a start that waits, and a deletion by force" \
	timeout 8 oci-delete --root "$state" -f "$id"
wait $starter
is "the start has failed" $? 1
all_gone "nothing is left"

# Who has been killed starts nothing, whenever the container hears of it.
ok "created" create "$id"
ok "stopped" each kill "$id" STOP
wait_for is_halted
for _ in 1 2 3; do
	killed_after 0.2 oci-start --root "$state" "$id"
done
ok "it goes on" each kill "$id" CONT
sleep 0.3
is "it waits still" "$(status_of "$id")" created
ok "it is started" each start "$id"
is "and runs" "$(status_of "$id")" running
ok "deleted" each delete -f "$id"

# What can't be found for going round in circles, and who says so.
ln -s loop b/rootfs/loop
bundle '.process.args = ["/loop"]'
exits 126 "a link to itself" create "$id"
bundle '.process.args = ["/gone"]'
cp b/rootfs/bin/busybox b/rootfs/gone
ok "a program that goes away" create "$id"
rm b/rootfs/gone b/rootfs/loop
fails "isn't started" each start "$id"
said "as oci-start says" '^oci-start: /gone: No such file'
ok "deleted" each delete -f "$id"

# Killed before its exec, and reaped before oci-start can look: Linux tells of
# that from 6.15 on.  Those that are orphaned are the subreaper's.
cat >reap.py <<'P'
import ctypes, os, signal, subprocess, sys, time

state, id = sys.argv[1:]
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
args = ["--root", state, id]
subprocess.run(["oci-create", "-b", "b"] + args, check=True,
	stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
pid = int(subprocess.check_output("oci-ps --root %s %s | jq .pid" % (state, id),
	shell=True))
os.kill(pid, signal.SIGSTOP)
start = subprocess.Popen(["oci-start"] + args)
# When it holds one socket, its end of the channel, the other one is sent.
def sockets():
	fds = "/proc/%d/fd" % start.pid
	return sum(os.readlink(os.path.join(fds, fd)).startswith("socket:")
		for fd in os.listdir(fds))
while True:
	try:
		if sockets() == 1:
			break
	except OSError:
		pass
	time.sleep(0.01)
os.kill(start.pid, signal.SIGSTOP)
os.kill(pid, signal.SIGKILL)
os.waitpid(pid, 0)
os.kill(start.pid, signal.SIGCONT)
sys.exit(start.wait())
P
bundle '.process.args = ["true"]'
if [ "$(printf '%s\n' 6.15 "$(uname -r)" | sort -V | head -n 1)" = 6.15 ]; then
	fails "killed and reaped before its exec" timeout 60 python3 reap.py \
		"$state" "$id"
	said "is said to have been" \
		"$id: killed by signal 9 \(Killed\) before its program ran"
	each delete "$id"
else
	skip 2 "an older kernel"
fi

# A state that somebody else has written is not believed, by the superuser
# least of all: it names whom to kill, and hooks.
shell 'sleep 100' '.hooks.poststop = [{path: "/bin/sh", args: ["sh", "-c",
	"id >" + $host + ".ran"]}]'
sleep 1000 &
victim=$!
mkdir theirs theirs/x
cp b/config.json theirs/x
jq -n --arg s "$(cut -d' ' -f22 /proc/$victim/stat)" --argjson p $victim \
	'{ociVersion: "1.0.2", id: "x", status: "running", pid: $p,
	start: ($s | tonumber), bundle: "/", rootfs: "/", cgroup: "",
	created: "2026-01-01T00:00:00Z"}' >theirs/x/state.json
chown -R 65534:65534 theirs
chmod -R go-w theirs
ok "another user's state" oci-ps --root theirs x
for p in start kill pause resume "delete -f" "update -m 1g" "exec x true"; do
	# shellcheck disable=SC2086
	run oci-${p%% *} --root theirs ${p#"${p%% *}"} x
	is "oci-$p is not for the superuser" \
		"$((status != 0)) $(grep -c 'another user' "$err")" "1 1"
done
ok "nobody was killed" kill -0 $victim
ok "and no hook ran" test ! -e host.ran
kill -KILL $victim
done_testing
