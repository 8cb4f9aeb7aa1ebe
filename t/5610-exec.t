#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-exec: another process in a container, and what it has from the
# container's own.
# shellcheck disable=SC2016 # what is in single quotes is for another shell
. "${0%/*}/lib.sh"
need script python3 setpriv
. "$top/t/run.sh"

# up [OPTION...] ID: a container that stays, its streams in files.
up() {
	oci-run --root "$state" -b b -d "$@" >up.out 2>"$tmp/err.up" </dev/null
	up_status=$?
	cat "$tmp/err.up" >&2
	return $up_status
}
# x [OPTION...] ID COMMAND...
x() {
	timeout -k 5 60 oci-exec --root "$state" "$@"
}
down() { # ID...
	for down_id; do
		oci-delete --root "$state" -f "$down_id"
	done
}
detached() { # [OPTION...] ID COMMAND...
	x -d --pid-file "$tmp/pid" "$@" >detached.out 2>"$tmp/err.d" </dev/null
	detached_status=$?
	cat "$tmp/err.d" >&2
	return $detached_status
}

# What isn't said is as in the config.json that was kept, whatever becomes of
# the bundle.
mkdir -p b/rootfs/work b/rootfs/data
plain '.process.args = ["sleep", "1000"]'
bundle '.process.env += ["KEPT=one", "TERM=dumb"] | .process.cwd = "/work" |
	.process.user = {uid: 7, gid: 8, additionalGids: [9, 10], umask: 63} |
	.process.rlimits = [{type: "RLIMIT_NOFILE", soft: 100, hard: 200}] |
	.process.noNewPrivileges = true | .process.oomScoreAdj = 321 |
	.process.capabilities = {bounding: ["CAP_KILL"],
		permitted: ["CAP_KILL"], effective: ["CAP_KILL"],
		inheritable: ["CAP_KILL"], ambient: ["CAP_KILL"]} |
	.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [
		{names: ["getpriority"], action: "SCMP_ACT_ERRNO"}]}'
ok "a container" up "$id"
echo '{}' >b/config.json
mv b moved
printf '%s\n' 'id; pwd; umask; echo $KEPT $HOME; ulimit -n; ulimit -Hn
	cat /proc/self/oom_score_adj
	grep -E "^(Cap|NoNewPrivs|Seccomp:)" /proc/self/status' >ask
ok "a process in it" x "$id" sh -c "$(cat ask)"
printed "has its user and groups" '^uid=7 gid=8 groups=9,10$'
printed "its directory" '^/work$'
printed "its umask" '^0?077$'
printed "its environment, and a home" '^one /$'
is "its limits" "$(grep -cxE '100|200' "$out")" 2
printed "its adjustment of the OOM score" '^321$'
is "its capabilities, all five sets" \
	"$(grep -c '^Cap.*0000000000000020$' "$out")" 5
printed "no_new_privs" '^NoNewPrivs:.1$'
printed "its filter" '^Seccomp:.2$'
cp "$out" own
mv moved b

# Changed by the command line.
ok "options" x -u 0 -e KEPT=two -e NEW=1 --cwd / "$id" \
	sh -c 'id -u; id -g; pwd; echo $KEPT $NEW'
is "take their place" "$(tr '\n' ' ' <"$out")" "0 8 / two 1 "
ok "a user with a group" x --user 11:12 -g 13 --additional-gids 14 "$id" id
printed "and more groups" '^uid=11 gid=12 groups=9,10,13,14$'
down "$id"

shell 'sleep 1000' '.process.noNewPrivileges = false |
	.process.user = {uid: 0, gid: 0}'
ok "another" up "$id"
caps='grep -E "^(Cap|NoNewPrivs)" /proc/self/status'
x "$id" sh -c "$caps" >before
ok "a capability for root" x -c CAP_SYS_PTRACE "$id" sh -c "$caps"
is "is in three sets" "$(grep -cE '^Cap(Prm|Eff|Bnd).*20080' "$out")" 3
is "not inheritable, nor ambient" "$(grep -cE '^Cap(Inh|Amb).*0080' "$out")" 0
ok "and for another user" x -u 5 --cap cap_sys_ptrace "$id" sh -c "$caps"
printed "is his, too" '^CapEff:.0000000000080000$'
is "and in all five" "$(grep -cE '^Cap.*80' "$out")" 5
ok "--no-new-privs" x --no-new-privs "$id" sh -c "$caps"
printed "is set" '^NoNewPrivs:.1$'
exits 2 "a capability that isn't one" x -c CAP_NONE "$id" true
said "is named" 'CAP_NONE.*must be a capability'
odd=
for n in '' me +5 ' 5' '5 ' 0x5 5x 5.0 1e1 -0 -1 4294967295 4294967296 \
	18446744073709551621; do
	for option in "-u$n" "--user=5:$n" "--user=$n:5" "-g$n"; do
		run x "$option" "$id" true
		[ "$status" = 2 ] || odd="$odd $option:$status"
	done
done
is "a user or a group that is no number of one" "$odd" ""
for label in apparmor process-label; do
	exits 2 "--$label" x --$label p "$id" true
	said "is not done" "$label.*not done"
done

# It is a process of the container in every way.
ok "one that stays" detached "$id" sleep 1000
is "goes back at once, with its pid" "$(tr '\0' ' ' <"/proc/$(cat pid)/cmdline")" \
	"sleep 1000 "
first=$(pid_of "$id") pid=$(cat pid)
kinds() {
	for kind in cgroup ipc mnt net pid time user uts; do
		readlink "/proc/$1/ns/$kind"
	done
}
is "it has the container's namespaces, all of them" \
	"$(kinds "$pid")" "$(kinds "$first")"
is "and cgroups, in each hierarchy" \
	"$(cat "/proc/$pid/cgroup")" "$(cat "/proc/$first/cgroup")"
is "and nothing open but its streams" "$(cd "/proc/$pid/fd" && echo *)" \
	"0 1 2"
is "it is no child of the container's" \
	"$(grep -E '^(PPid|NSpid)' "/proc/$pid/status" | grep -c "$first")" 0
is "and leads a session" "$(cut -d' ' -f6 "/proc/$pid/stat")" "$pid"
kill -KILL "$pid"

# Its end, and signals.
exits 7 "its status" x "$id" sh -c 'exit 7'
exits 137 "that of a signal" x "$id" sh -c 'kill -9 $$'
exits 127 "a command that isn't there" x "$id" nonexistent
said "is named" 'oci-exec: nonexistent: executable file not found'
exits 126 "one that can't be executed" x "$id" /etc
exits 127 "a command without an interpreter" x "$id" /bin/script
printf '#!/nowhere\n' >b/rootfs/bin/script
chmod 755 b/rootfs/bin/script
exits 127 "a script without its interpreter" x "$id" script
said "is told from none" 'script: the interpreter.*: No such file'
exits 125 "no such directory" x --cwd /nowhere "$id" true
said "is named" 'process.cwd: /nowhere: No such file'
exits 2 "no command" x "$id"
exits 2 "an empty one" x "$id" ''
exits 125 "no such container" x "$id.no" true
said "is said" "$id.no: container does not exist"
exits 2 "what can be no container" x ../x true
ok "a -- before the command" x "$id" -- echo --
printed "is not the command" '^--$'
ok "options of the command" x "$id" echo -e -u
printed "are the command's" '^-u$|^-e -u$'
oci-exec --root "$state" "$id" sh -c 'trap "echo got; exit 3" USR1; echo up
	while :; do sleep 0.1; done' >signals.out 2>&1 &
wait_for grep -q up signals.out
kill -USR1 $!
wait $!
is "a signal reaches it, whose status it is" "$?" 3
ok "its handler runs" grep -q got signals.out
echo typed | x "$id" cat >"$out"
is "its streams are oci-exec's" "$(cat "$out")" typed

# A terminal, from the container's own devpts.
run script -qec "oci-exec --root '$state' -t '$id' sh -c '
	tty; stat -c %t:%u /dev/pts/0; echo term \$TERM; test -t 2; exit 4'" /dev/null
is "at a terminal" "$status" 4
printed "it has one of the container's" '/dev/pts/0'
printed "which is its user's" '88:0'
printed "and says so" 'term xterm'
exits 125 "--detach with a terminal" x -d -t "$id" true
said "needs a socket" 'console-socket'
exits 125 "a socket without a terminal" x --console-socket s "$id" true
said "is an error" 'has no terminal'
cat >console.py <<'P'
import array, os, socket, subprocess, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen(1)
p = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL)
c, _ = s.accept()
fds = array.array("i")
fds.frombytes(c.recvmsg(4096, socket.CMSG_SPACE(4))[1][0][2][:4])
if p.wait():
    sys.exit(1)
out = b""
try:
    while True:
        data = os.read(fds[0], 4096)
        if not data:
            break
        out += data
except OSError:
    pass
sys.stdout.write(out.decode())
P
ok "a terminal by its socket" python3 console.py "$tmp/s" oci-exec \
	--root "$state" -d --console-socket "$tmp/s" -t "$id" \
	sh -c 'test -t 1 && echo "terminal $(stty size)"'
printed "is the process's" '^terminal'

# A process from a file.
jq '.process | .args = ["sh", "-c", "id -u; pwd; echo $A $B; ulimit -n"] |
	.user = {uid: 3, gid: 4} | .cwd = "/data" | .env = ["PATH=/bin", "A=a"] |
	.rlimits = [{type: "RLIMIT_NOFILE", soft: 77, hard: 77}]' \
	plain.json >process.json
ok "a process from a file" x -p process.json "$id"
is "is that" "$(tr '\n' ' ' <"$out")" "3 /data a 77 "
ok "and options are over it" x --process process.json -e B=b -u 6 --cwd / "$id"
is "too" "$(tr '\n' ' ' <"$out")" "6 / a b 77 "
ok "and a command" x -p process.json "$id" echo other
is "as well" "$(cat "$out")" other
ok "an engine's way" x --pid-file "$tmp/pid" --process process.json --detach "$id"
jq '.args = []' process.json >none.json
exits 125 "a file without a command" x -p none.json "$id"
said "is named" 'none.json: process.args'
jq 'del(.cwd)' process.json >none.json
exits 125 "or without a directory" x -p none.json "$id"
said "is named" 'none.json: process.cwd: must be given'
jq '.apparmorProfile = "x"' process.json >none.json
exits 125 "or with what isn't done" x -p none.json "$id"
said "is named" 'process.apparmorProfile'
exits 125 "a file that isn't there" x -p nowhere.json "$id"
said "is named" 'nowhere.json: No such file'
jq '.terminal = true | .consoleSize = {width: 91, height: 31} |
	.args = ["stty", "size"]' process.json >tty.json
ok "a file with a terminal" python3 console.py "$tmp/s2" oci-exec \
	--root "$state" -d --console-socket "$tmp/s2" -p tty.json "$id"
printed "of its size" '^31 91'
down "$id"
bundle '.process.oomScoreAdj = 321'
ok "a container with an OOM score" up "$id"
jq '.args = ["cat", "/proc/self/oom_score_adj"]' process.json >oom.json
ok "a file that doesn't say one" x -p oom.json "$id"
printed "has the container's" '^321$'
jq '.oomScoreAdj = 322' oom.json >oom2.json
ok "one that does" x -p oom2.json "$id"
printed "has its own" '^322$'

# Descriptors that are handed on, and the caller's own.
echo three >f3
echo four >f4
ok "--preserve-fds" x --preserve-fds 2 "$id" sh -c 'cat <&3; cat <&4' 3<f3 4<f4
handed() { x --preserve-fds 2 "$id" sh -c 'cat <&3 <&4; ls /proc/self/fd' 3<f3 4<f4 9<f3; }
ok "descriptors" handed
is "are handed on, and no others" "$(tr '\n' ' ' <"$out")" "four 0 1 2 3 4 5 "
exits 125 "one that is closed" x --preserve-fds 1 "$id" true
said "is named" 'descriptor 3'

down "$id"
is "nothing is left" "$(ls "$state") $(leftovers)" " "
done_testing
