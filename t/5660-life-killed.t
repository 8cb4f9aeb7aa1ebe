#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# Any of the programs, or a child of it, killed at any moment of a container's
# life: oci-delete --force removes all that is left.
. "${0%/*}/lib.sh"
need python3
. "$top/t/run.sh"

cat >life.py <<'P'
import os, random, signal, subprocess, sys, time

rounds, state, name, mark = int(sys.argv[1]), *sys.argv[2:5]
random.seed(name)

def life(id):
    """The programs of a life, each with its longest moment, in seconds."""
    return [(0.03, ["oci-create", "-b", "b", id]),
            (0.015, ["oci-start", id]),
            (0.02, ["oci-exec", id, "sleep", mark]),
            (0.02, ["oci-exec", "-d", id, "sleep", mark]),
            (0.008, ["oci-pause", id]),
            (0.008, ["oci-resume", id]),
            (0.01, ["oci-update", "--pids-limit", "100", id]),
            (0.006, ["oci-kill", id, "KILL"]),
            (0.015, ["oci-delete", "-f", id]),
            (0.03, ["oci-run", "-d", "-b", "b", id]),
            (0.03, ["oci-run", "-b", "b", id])]

def begin(args):
    return subprocess.Popen([args[0], "--root", state] + args[1:],
                            stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)

def below(pid):
    try:
        with open("/proc/%d/task/%d/children" % (pid, pid)) as f:
            return [int(p) for p in f.read().split()]
    except OSError:
        return []

def marked():
    found = []
    for p in os.listdir("/proc"):
        try:
            with open("/proc/%s/cmdline" % p, "rb") as f:
                if mark.encode() in f.read().split(b"\0")[1:2]:
                    found.append(p)
        except OSError:
            pass
    return found

def rest(id):
    return [s for s in os.listdir(state) if id in s] + marked()

# Not after each kill: there may be a thousand cgroups, and names tell whose
# one is.
def cgroups():
    return [at for at, _, _ in os.walk("/sys/fs/cgroup")
            if os.path.basename(at).startswith(name + ".")]

hit = 0
for n in range(rounds):
    id = "%s.%d" % (name, n)
    steps = life(id)
    at = n % len(steps)
    for _, args in steps[:at] if at < 9 else []:
        if "sleep" not in args:
            begin(args).wait()
    most, args = steps[at]
    victim = begin(args)
    time.sleep(random.random() * most)
    pids = [victim.pid] + below(victim.pid)
    pid = random.choice(pids)
    try:
        os.kill(pid, signal.SIGKILL)
        hit += victim.poll() is None
    except ProcessLookupError:
        pass
    if pid != victim.pid:
        time.sleep(0.02)
        victim.kill()
    victim.wait()
    end = subprocess.run(["timeout", "20", "oci-delete", "--root", state, "-f",
                          id], capture_output=True, text=True)
    if end.returncode:
        print(n, args[0], "oci-delete:", end.returncode, end.stderr)
    for _ in range(400):
        left = rest(id)
        if not left:
            break
        time.sleep(0.01)
    if left:
        print(n, args[0], "is left:", left)
for _ in range(400):
    left = cgroups()
    if not left:
        break
    time.sleep(0.01)
if left:
    print("cgroups are left:", left)
print("hit", hit, file=sys.stderr)
P

mkdir -p "$state"
# lives NAME ROUNDS: of b, as it is now.
lives() {
	run timeout -k 5 200 python3 life.py "$2" "$state" "$id.$1" "1000$$"
	is "$1: after $2 kills nothing is left" "$(cat "$out")" ""
	is "all came to their end" "$status" 0
	hit=$(sed -n 's/^hit //p' "$err")
	ok "of those many were running" test "$hit" -gt $(($2 / 5))
}

bundle '.process.args = ["sleep", "1000'$$'"]'
lives alone 88
bundle '.process.args = ["sleep", "1000'$$'"] |
	.linux.namespaces |= map(select(.type != "pid"))'
lives among-hosts 44
bundle '.process.args = ["sleep", "1000'$$'"] |
	(["prestart", "createRuntime", "createContainer", "poststart",
		"poststop"] | map({(.): [{path: "/bin/true"}]}) | add) as $h |
	.hooks = $h'
lives with-hooks 44
is "no mount of it is left" "$(findmnt -lno TARGET | grep -F "$tmp_base")" ""
is "nor state nor cgroup" "$(ls "$state") $(leftovers)" " "
done_testing
