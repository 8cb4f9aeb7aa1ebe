#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-layout-write killed hundreds of times, at any instant, and out of room
# with any amount of it: the layout is whole each time, with old names or new.
. "${0%/*}/lib.sh"
need python3 jq strace umoci

mkdir base
head -c 20000 /dev/urandom >base/data
for i in 0 1 2; do
	mkdir "l$i"
	head -c 100000 /dev/urandom >"l$i/$i"
	"$top/t/mkimage" --cmd sh "src$i:v$i" base "l$i" >/dev/null
	"$top/t/mkimage" --cmd sh "src$i:w" "l$i" >/dev/null
	tar -C "src$i" -cf "$i.tar" .
done

cat >killed.py <<'P'
import json, os, random, shutil, subprocess, sys, time
REF = "org.opencontainers.image.ref.name"
runs, layout = int(sys.argv[1]), sys.argv[2]
images = {}
for i in range(3):
    with open("src%d/index.json" % i) as f:
        images[i] = {d["annotations"][REF]: d["digest"]
                     for d in json.load(f)["manifests"]}

def names():
    try:
        with open(layout + "/index.json") as f:
            return {d["annotations"][REF]: d["digest"]
                    for d in json.load(f)["manifests"]}
    except FileNotFoundError:
        assert not os.path.exists(layout), os.listdir(layout)
        return {}

def check(what):
    if not os.path.exists(layout):
        return
    r = subprocess.run(["oci-layout-check", layout], capture_output=True,
                       text=True)
    wrong = [l for l in r.stdout.splitlines()
             if json.loads(l)["finding"] != "leftover"]
    assert not wrong and not r.stderr, (what, wrong, r.stderr)

def write(i):
    return subprocess.Popen(["oci-layout-write", layout], stdin=open(
        "%d.tar" % i), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

# How long a run takes depends on the disk, on what else there is to do, and on
# what is there already: the span follows, so that about half are killed.
killed, span = 0, .02
for n in range(runs):
    i, before = random.randrange(3), names()
    p = write(i)
    time.sleep(random.random() * span)
    p.kill()
    p.communicate()
    killed += p.returncode < 0
    span *= 1 / .93 if p.returncode < 0 else .93
    after = names()
    new = dict(before, **images[i])
    assert after == before or after == new, (n, before, after)
    assert p.returncode or after == new, n
    if n % 4 == 0 or after != before:
        check(n)
    if n % 40 == 39:
        shutil.rmtree(layout, ignore_errors=True)
print(killed, "of", runs, "killed, at last within %.1f ms" % (1e3 * span))
sys.exit(killed < runs // 4)
P
ok "killed anywhere: the old names or the new" python3 killed.py 300 img
diag "$(cat "$out" "$err")"
for i in 0 1 2; do
	ok "a run that isn't" sh -c "oci-layout-write img <$i.tar"
done
ok "cleans up" oci-layout-check img
is "for umoci, too" "$(umoci ls --layout img | sort | xargs)" "v0 v1 v2 w"

# At random it is hardly ever hit between two renames: so at each call, too.
cat >calls.py <<'P'
import json, shutil, subprocess, sys
CALLS = "renameat linkat unlinkat mkdirat fsync fdatasync write".split()
def write(i, *before):
    with open("%d.tar" % i) as f:
        return subprocess.run([*before, "oci-layout-write", "calls"], stdin=f,
                              stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE).returncode
def index():
    with open("calls/index.json") as f:
        return f.read()
killed, new = 0, None
for call, n in [(c, n) for c in CALLS for n in range(1, 100)]:
    if n > 1 and status == 0: # it has no more of these calls
        continue
    shutil.rmtree("calls", ignore_errors=True)
    assert write(0) == 0
    old = index()
    status = write(1, "strace", "-qq", "-o", "/dev/null", "-e",
                   "trace=" + call, "-e",
                   "inject=%s:signal=KILL:when=%d" % (call, n))
    killed += status != 0
    c = subprocess.run(["oci-layout-check", "calls"], capture_output=True,
                       text=True)
    wrong = [l for l in c.stdout.splitlines()
             if json.loads(l)["finding"] != "leftover"]
    assert not wrong and not c.stderr, (call, n, wrong, c.stderr)
    new = new or (index() if index() != old else None)
    assert index() in (old, new), (call, n)
print("killed at", killed, "calls")
sys.exit(killed < 15 or not new)
P
# And failed by a disk, or a server behind it, at each call that asks of it:
# what the message says of the images is so.
cat >failed.py <<'P'
import json, shutil, subprocess, sys
def write(*before):
    with open("1.tar") as f:
        return subprocess.run([*before, "oci-layout-write", "failed"], stdin=f,
                              stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True)
def index():
    with open("failed/index.json") as f:
        return f.read()
failed = changed = 0
for call in "fsync fdatasync linkat renameat".split():
    for n in range(1, 100):
        shutil.rmtree("failed", ignore_errors=True)
        with open("0.tar") as f:
            subprocess.run(["oci-layout-write", "failed"], stdin=f, check=True,
                           stdout=subprocess.DEVNULL)
        old = index()
        r = write("strace", "-qq", "-o", "/dev/null", "-e", "trace=" + call,
                  "-e", "inject=%s:error=EIO:when=%d" % (call, n))
        said = "it has changed" in r.stderr
        assert r.returncode in (0, 1), r
        assert (index() != old) == (said or not r.returncode), (call, n, r)
        c = subprocess.run(["oci-layout-check", "failed"], capture_output=True,
                           text=True)
        assert not c.stdout and not c.stderr, (call, n, c)
        if call == "linkat":
            assert not r.returncode, r  # then it is written
        if not r.returncode:
            break
        assert "Input/output error" in r.stderr, r
        failed, changed = failed + 1, changed + said
print(failed, "calls failed,", changed, "of them too late")
sys.exit(failed < 10 or changed != 1)
P
if strace -qq -o /dev/null -e inject=write:signal=KILL:when=9 true 2>"$err"; then
	ok "killed at each call: the old names or the new" python3 calls.py
	diag "$(cat "$out" "$err")"
	ok "failed at each call: as it says" python3 failed.py
	diag "$(cat "$out" "$err")"
else
	skip 2 "strace doesn't work here: $(cat "$err")"
fi

if [ "$(id -u)" != 0 ] || ! mkdir small ||
	! mount -t tmpfs -o size=1m tmpfs small 2>/dev/null; then
	skip 2 "no tmpfs here"
	done_testing
fi
at_exit "umount '$tmp/small'"
cat >full.py <<'P'
import json, os, subprocess, sys
def write(i):
    with open("%d.tar" % i) as f:
        return subprocess.run(["oci-layout-write", "small/l"], stdin=f,
                              stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True)
assert not write(0).returncode
good, failed, done = open("small/l/index.json").read(), 0, 0
page = os.sysconf("SC_PAGESIZE")
for room in range(0, 300000, page):
    free = os.statvfs("small").f_bavail * page
    with open("small/fill", "wb") as f:
        f.write(bytes(max(0, free - room)))
    r = write(1)
    os.remove("small/fill")
    now = open("small/l/index.json").read()
    assert r.returncode == 0 or now == good, room
    assert r.returncode == 0 or "No space left" in r.stderr, r.stderr
    c = subprocess.run(["oci-layout-check", "small/l"], capture_output=True,
                       text=True)
    assert c.returncode == 0, (room, c.stdout)
    failed += r.returncode != 0
    done += r.returncode == 0
    if not r.returncode:
        break
print(failed, "failed,", done, "done")
sys.exit(not failed or not done)
P
ok "with any amount of room it is whole" python3 full.py
diag "$(cat "$out" "$err")"
ok "at the end it fits" sh -c "umoci ls --layout small/l | grep -qx v1"
done_testing
