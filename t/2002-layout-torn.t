#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-layout-write cut off, killed, out of room, and eight at once.
. "${0%/*}/lib.sh"
need python3 jq skopeo

mkdir l1 l2
echo one >l1/a
head -c 300000 /dev/urandom >l2/b
"$top/t/mkimage" --cmd sh old:v1 l1 >/dev/null
"$top/t/mkimage" --cmd sh src:v2 l1 l2 >/dev/null
tar -C old -cf old.tar .
# tar's own padding is no part of what must be there: one block after another.
tar -b 1 -C src -cf src.tar .

# Every block's end of the small members and 250 more places.
cat >cut.py <<'E'
import os, subprocess, sys
data = open("src.tar", "rb").read()
end = len(data)
points = set(range(0, end, max(1, end // 250))) | set(range(0, 20 * 512, 100))
points |= {end - 1, end - 511, end - 512, end - 513, end - 1024, end - 1025}
good = open("layout/index.json", "rb").read()
bad = []
for p in sorted(points):
    r = subprocess.run(["oci-layout-write", "layout"], input=data[:p],
                       capture_output=True)
    if r.returncode != 1 or not r.stderr or r.stdout:
        bad.append((p, r.returncode))
    if open("layout/index.json", "rb").read() != good:
        bad.append((p, "published"))
    if len(os.listdir("layout")) != 3:
        bad.append((p, os.listdir("layout")))
print(len(points), "places,", end, "bytes, bad:", bad, file=sys.stderr)
sys.exit(bool(bad) or len(points) < 300)
E
ok "an old image" sh -c "oci-layout-write layout <old.tar"
blobs=$(ls layout/blobs/sha256)
ok "cut anywhere: it fails and publishes nothing" python3 cut.py
is "not a blob either" "$(ls layout/blobs/sha256)" "$blobs"
ok "uncut it is written" sh -c "oci-layout-write layout <src.tar"

# Signals that can be caught clean up; SIGKILL is cleaned up after.
until_staged() {
	for _ in $(seq 500); do
		find . -maxdepth 3 -name ".*write-*" | grep -q . &&
			return
		sleep 0.02
	done
}
slowly() { # SIGNAL: writes the first half, then waits for the signal
	mkfifo pipe
	# Under nohup, and in the background, some would be ignored.
	env --default-signal oci-layout-write new:v2 <pipe 2>/dev/null &
	slowly_pid=$!
	exec 9>pipe
	head -c 100000 src.tar >&9
	until_staged
	sleep 0.05
	"${2:-:}"
	kill "-$1" $slowly_pid
	wait $slowly_pid
	slowly_status=$?
	exec 9>&-
	rm pipe
}
for s in HUP INT TERM; do
	slowly $s
	is "SIG$s leaves nothing" "$(ls -Ad new .new* 2>/dev/null)" ""
done
is "and is the cause of death" "$slowly_status" 143
slowly KILL
is "SIGKILL leaves a directory beside it" "$(echo .new* |
	sed 's/[0-9a-f]*$//')" .new.write-
meanwhile() {
	oci-layout-write new:v1 <old.tar >/dev/null || echo failed >meanwhile
}
slowly TERM meanwhile
ok "a writer leaves a live one's alone" test ! -e meanwhile
is "and the dead one's are gone" "$(ls -Ad .new* new/* new/.[a-z]* \
	new/blobs/.[a-z]* 2>/dev/null)" "new/blobs
new/index.json
new/oci-layout"
ok "the image is whole" skopeo copy -q oci:new:v1 oci:copy:v1

# Eight at once, into a layout that isn't there yet.
for n in 1 2 3 4 5 6 7 8; do
	for round in 1 2 3 4 5; do
		oci-layout-write "eight:n$n-$round" <src.tar >/dev/null ||
			echo "$n" >>failed
	done &
done
wait
ok "eight writers don't fail" test ! -e failed
is "and leave each their tags" "$(jq '.manifests | length' eight/index.json)" 40
is "and nothing else" "$(ls -A eight)" "blobs
index.json
oci-layout"

# A lock that another process has is waited for, and that is said.
exec 8<new
flock 8
oci-layout-write new:v3 <src.tar >/dev/null 2>waiting &
for _ in $(seq 300); do
	[ ! -s waiting ] || break
	sleep 0.05
done
flock -u 8
ok "the writer goes on when the lock is free" wait $!
is "it has said once that it waits" "$(cat waiting)" \
	"oci-layout-write: new: waiting for another process, which is at work on it"

# A blob that the layout had, and that goes while the lock is waited for.
layer=$(cd src && find blobs -type f -size +200k)
tar -C src -cf thin.tar --exclude="$layer" .
blob_goes() { # sets $goes_status
	mkfifo pipe
	oci-layout-write had:v3 <pipe >/dev/null 2>gone &
	exec 9>pipe
	until_staged
	exec 8<had
	flock 8
	cat thin.tar >&9
	exec 9>&-
	for _ in $(seq 600); do
		! grep -q waiting gone || break
		sleep 0.05
	done
	rm "had/$layer"
	flock -u 8
	wait $!
	goes_status=$?
	rm pipe
}
ok "a layout with all" sh -c "oci-layout-write had:v2 <src.tar"
blob_goes
is "a blob that is removed meanwhile" "$goes_status" 0
ok "is there again" skopeo copy -q oci:had:v3 oci:copy:v3
if shm=$(mktemp -d /dev/shm/oci-test.XXXXXX 2>/dev/null) &&
	[ "$(stat -c %d "$shm")" != "$(stat -c %d .)" ]; then
	at_exit "rm -rf '$shm'"
	cp had/blobs/sha256/* "$shm"
	rm -r had/blobs/sha256 && ln -s "$shm" had/blobs/sha256
	blob_goes
	is "where it has no second link it is missed" "$goes_status" 1
	ok "and that is said" grep -q "another process has just removed" gone
else
	skip 2 "no /dev/shm here"
fi

# Memory that there isn't is no fault of the archive's.
python3 - <<'P'
import io, tarfile
many = ",".join('{"mediaType":"a/b","digest":"sha256:%064x","size":1}' % i
                for i in range(4000))
with tarfile.open("large.tar", "w") as t:
    for name, text in (("oci-layout", '{"imageLayoutVersion":"1.0.0"}'),
                       ("index.json",
                        '{"schemaVersion":2,"manifests":[%s]}' % many)):
        i = tarfile.TarInfo(name)
        i.size = len(text)
        t.addfile(i, io.BytesIO(text.encode()))
P
case $B in
*sanitize*) skip 1 "a sanitizer wants all the addresses there are" ;;
*)
	for k in $(seq 4000 250 8000); do
		prlimit --as=$((k * 1024)) oci-layout-write new <large.tar 2>&1 |
			grep -aoE "is not JSON|out of memory"
	done | sort -u >said
	is "want of memory is called so" "$(cat said)" "out of memory"
	;;
esac

# Output that can't be written is an error, if a late one.
fails "a full standard output" sh -c \
	"oci-layout-write out:v2 <src.tar >/dev/full"

if [ "$(id -u)" != 0 ] || ! mkdir small ||
	! mount -t tmpfs -o size=200k tmpfs small 2>/dev/null; then
	skip 6 "no tmpfs here"
	done_testing
fi
at_exit "umount '$tmp/small'"
ok "a small image fits" sh -c "oci-layout-write small/l <old.tar"
fails "a larger one doesn't" sh -c "oci-layout-write small/l:v2 <src.tar"
said "the reason is named" "No space left on device"
# It is known when the header has come, before the bytes.
mkfifo pipe
oci-layout-write small/l:v3 <pipe >/dev/null 2>said &
exec 9>pipe
tar -b 1 -C src -cf - "$layer" 2>/dev/null | head -c 1024 >&9
ok "that there is no room is known from the header" \
	wait_for grep -q "No space left on device" said
exec 9>&-
wait $!
rm pipe
is "what was there is there" "$(jq -c '[.manifests[].annotations[]]' \
	small/l/index.json)" '["v1"]'
is "and no more" "$(find small/l -type f | wc -l)" 5

done_testing
