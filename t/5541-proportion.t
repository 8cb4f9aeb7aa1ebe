#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-run, oci-ps: twice as much in config.json, twice as many containers, take
# at most three times the time of a processor; what would take more is refused.
. "${0%/*}/lib.sh"
need python3
need_root

mkdir b
busybox_rootfs b/rootfs

cp "$top/t/proportion.py" .
cat >run.py <<'P'
import json, os, shutil, sys
import proportion

spec = {"ociVersion": "1.0.2", "root": {"path": "rootfs"},
        "process": {"user": {"uid": 0, "gid": 0}, "cwd": "/",
                    "env": ["PATH=/bin"], "args": ["true"]},
        "mounts": [{"destination": "/dev", "type": "tmpfs"}],
        "linux": {"namespaces": [{"type": "mount"}, {"type": "pid"}]}}
run = ["oci-run", "--root", "state", "-b", "b", "box%d" % os.getpid()]

def seccomp(rules):
    spec["linux"]["seccomp"] = {"defaultAction": "SCMP_ACT_ALLOW",
                                "syscalls": rules}
    shutil.rmtree("state", ignore_errors=True)

def rules(n):
    "rules of seccomp"
    calls = "acct bpf ioperm iopl keyctl swapon swapoff personality".split()
    seccomp([{"names": [calls[i % 8]], "action": "SCMP_ACT_ERRNO",
              "errnoRet": 1} for i in range(n)])

def names(n):
    "names in rules of seccomp"
    seccomp([{"names": ["acct", "bpf", "iopl", "swapon"] * (n // 16),
              "action": "SCMP_ACT_ERRNO", "errnoRet": 1 + i}
             for i in range(4)])

def mounts(n):
    "mounts"
    spec["mounts"] = [{"destination": "/m/%d" % (i % 100), "type": "tmpfs"}
                      for i in range(n)]

def env(n):
    "environment variables, half of them twice"
    spec["process"]["env"] += ["v%d=1" % (i % (n // 2)) for i in range(n)]

def annotations(n):
    "annotations"
    spec["annotations"] = {"a%d" % i: "x" for i in range(n)}

def unknown(n):
    "properties that aren't known"
    spec["x"] = {"a%d" % i: {"b": [i]} for i in range(n)}

def devices(n):
    "devices"
    spec["linux"]["devices"] = [
        {"path": "/dev/x%d" % i, "type": "c", "major": 1, "minor": 3}
        for i in range(n)]

def rights(n):
    "rules of devices"
    spec["linux"]["resources"] = {"devices": [
        {"allow": i % 2 == 0, "type": "c", "major": 10, "minor": i,
         "access": "rwm"} for i in range(n)]}

def masked(n):
    "masked paths"
    spec["linux"]["maskedPaths"] = ["/bin/%d" % i for i in range(n)]

def groups(n):
    "groups"
    spec["process"]["user"]["additionalGids"] = list(range(n))

def containers(n):
    "containers"
    global run
    run = ["oci-ps", "--root", "many"]
    shutil.rmtree("many", ignore_errors=True)
    for i in range(n):
        os.makedirs("many/box%d" % i)
        with open("many/box%d/state.json" % i, "w") as f:
            json.dump({"ociVersion": "1.0.2", "id": "box%d" % i,
                       "status": "running", "bundle": "/b", "rootfs": "/r", "cgroup": "",
                       "pid": 1, "start": 1, "boot": boot,
                       "created": "2026-01-01T00:00:00Z"}, f)

def command():
    global spec
    with open("b/config.json", "w") as f:
        json.dump(spec, f)
    spec = json.loads(plain)
    return run

boot = open("/proc/sys/kernel/random/boot_id").read().strip()
plain = json.dumps(spec)
proportion.hold(globals()[sys.argv[1]], int(sys.argv[2]), command)
P
while read -r what n; do
	ok "$what: $n and twice as many" python3 run.py "$what" "$n"
	diag "$(cat "$err")"
done <<L
rules 8000
names 40000
mounts 600
env 20000
annotations 20000
unknown 40000
devices 2000
rights 500
masked 30000
groups 30000
containers 3000
L

# What libseccomp makes of conditions takes eight times as long for twice as
# many, so there is a bound.
conditions() { # RULES NAMES ARGUMENTS ARCHITECTURES
	python3 - "$@" >b/config.json <<'P'
import json, sys
rules, names, arguments, architectures = map(int, sys.argv[1:])
print(json.dumps({"ociVersion": "1.0.2", "root": {"path": "rootfs"},
    "process": {"user": {"uid": 0, "gid": 0}, "cwd": "/",
                "env": ["PATH=/bin"], "args": ["true"]},
    "linux": {"namespaces": [{"type": "mount"}, {"type": "pid"}],
        "seccomp": {"defaultAction": "SCMP_ACT_ALLOW",
            "architectures": ["SCMP_ARCH_" + a for a in
                "X86_64 X86 X32".split()[:architectures]],
            "syscalls": [{"names": ["acct", "bpf", "iopl", "swapon"][:names],
                "action": "SCMP_ACT_ERRNO", "args": [
                    {"index": j, "value": i, "op": "SCMP_CMP_EQ"}
                    for j in range(arguments)]} for i in range(rules)]}}}))
P
}
box() {
	oci-run --root state -b b "box$$"
}
conditions 1024 1 1 0
ok "1024 conditions" box
conditions 1025 1 1 0
exits 125 "one more" box
said "is too many" 'linux.seccomp.syscalls.args: more than 1024 conditions'
conditions 172 1 6 0
exits 125 "of a rule each is one" box
conditions 257 4 1 0
exits 125 "for each name one" box
conditions 342 1 1 3
exits 125 "for each architecture" box
conditions 341 1 1 1
ok "which are as many with one" box
done_testing
