#!/bin/sh
# SPDX-License-Identifier: ISC
# Readers see one state or another, never a half, while containers come, are
# changed and go.
. "${0%/*}/lib.sh"
need python3

mkdir root
cat >writer.py <<'E'
import json, os, time
os.chdir("root")
end = time.time() + 2
n = 0
start = int(open("/proc/self/stat").read().rsplit(")")[1].split()[19])
def put(id, n):
    s = dict(ociVersion="1.2.0", id=id, status="running", pid=os.getpid(),
             start=start, bundle="/" + "b" * (n % 9000), rootfs="/",
             created="", cgroup="")
    with open(id + "/.new", "w") as f:
        json.dump(s, f)
    os.rename(id + "/.new", id + "/state.json")
os.mkdir("stays")
put("stays", 0)
open("../ready", "w")
while time.time() < end:
    n += 1
    put("stays", n * 997)
    os.mkdir("goes")
    put("goes", n)
    os.unlink("goes/state.json")
    os.rmdir("goes")
open("../finished", "w")
time.sleep(300)
E
python3 writer.py &
writer=$!
at_exit "kill -9 $writer"
i=0
while [ ! -e ready ] && [ "$i" -lt 200 ]; do
	sleep 0.05
	i=$((i + 1))
done
readers=
for i in 1 2 3 4 5 6 7 8; do
	while [ ! -e finished ]; do
		oci-ps --root root >"out.$i" 2>>"err.$i" ||
			echo "status $?" >>"err.$i"
		grep -q '"id":"stays","pid":[1-9][0-9]*,"status":"running"' \
			"out.$i" || echo missing >>"err.$i"
		echo >>"count.$i"
	done &
	readers="$readers $!"
done
for reader in $readers; do
	wait "$reader"
done
is "no reader complains" "$(cat err.*)" ""
is "all have read" "$(find . -name 'count.*' -size +0 | wc -l)" 8
done_testing
