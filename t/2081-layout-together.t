#!/bin/sh
# SPDX-License-Identifier: ISC
# Writers, readers and oci-layout-gc at once in one layout, and some of them
# killed: what is named is whole, and no reader fails.
. "${0%/*}/lib.sh"
need python3 skopeo umoci jq
need_root

mkdir base
head -c 200000 /dev/urandom >base/data
for i in 0 1 2 3 4 5 6 7; do
	for j in 0 1; do
		mkdir "l$i$j"
		echo "$i$j" >"l$i$j/which"
		"$top/t/mkimage" --cmd sh "src$i$j:x" base "l$i$j" >/dev/null
		tar -C "src$i$j" -cf "$i$j.tar" .
	done
done

cat >together.py <<'P'
import os, random, shutil, signal, subprocess, sys, threading, time
end = time.time() + float(sys.argv[1])
wrong, counts, published = [], {}, set()

def run(args, kill, stdin=None):
    "the status, or None when it was killed"
    p = subprocess.Popen(args, stdin=stdin or subprocess.DEVNULL,
                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if kill and random.random() < 0.3:
        time.sleep(random.random() * 0.02)
        p.kill()
    err = p.communicate()[1].decode()
    counts[args[0]] = counts.get(args[0], 0) + 1
    if p.returncode == -signal.SIGKILL:
        return None
    if p.returncode:
        wrong.append((args, p.returncode, err))
    return p.returncode

def writer(i):
    while time.time() < end:
        with open("%d%d.tar" % (i, random.randrange(2))) as f:
            if run(["oci-layout-write", "img:w%d" % i], True, f) == 0:
                published.add(i)

def reader(i):
    n = 0
    while time.time() < end:
        tag = "img:w%d" % random.choice(list(published) or [0])
        root, n = "root%d-%d" % (i, n), n + 1
        if not published:
            time.sleep(0.01)
        elif i:
            run(["oci-unpack", tag, root], False)
        else:
            run(["oci-mkbundle", tag, root], False)
        shutil.rmtree(root, ignore_errors=True)

def gc():
    while time.time() < end:
        if os.path.exists("img/oci-layout"):
            run(["oci-layout-gc", "--age=0", "img"], True)
        time.sleep(0.005)

threads = [threading.Thread(target=writer, args=(i,)) for i in range(8)]
threads += [threading.Thread(target=reader, args=(i,)) for i in range(4)]
threads += [threading.Thread(target=gc) for i in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(counts, len(published), wrong[:5])
sys.exit(bool(wrong) or len(published) < 8)
P
ok "eight writers, four readers and two collectors" python3 together.py 6
diag "$(cat "$out")"
run oci-layout-check --repair img
is "then only leftovers are left" "$(jq -r .finding "$out" | sort -u)" \
	"$(grep -q leftover "$out" && echo leftover)"
ok "and gone" oci-layout-check img
ok "a last collection" oci-layout-gc --age=0 img
umoci gc --layout img >/dev/null 2>&1
ok "and another's leave what is named" oci-layout-check img
is "eight names" "$(umoci ls --layout img | sort | xargs)" \
	"w0 w1 w2 w3 w4 w5 w6 w7"
for i in 0 7; do
	ok "skopeo reads w$i" skopeo copy -q "oci:img:w$i" "oci:copy:w$i"
	ok "umoci unpacks it" umoci raw unpack --image "img:w$i" "u$i"
	case $(cat "u$i/which") in
	"${i}0" | "${i}1") pass "it is its writer's" ;;
	*) fail "it is its writer's" "$(cat "u$i/which")" ;;
	esac
done
is "no blob is left over" "$(find img/blobs -type f | wc -l)" \
	$((1 + 8 * 3))
done_testing
