#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-layout-write as make sees it: the times of what didn't change, and of
# what was to change and didn't.
. "${0%/*}/lib.sh"
need jq python3

mkdir l1 l2
echo one >l1/a
head -c 300000 /dev/urandom >l2/b
"$top/t/mkimage" --cmd sh one:v1 l1 >/dev/null || bail "t/mkimage"
"$top/t/mkimage" --cmd sh two:v2 l2 >/dev/null || bail "t/mkimage"
tar -b 1 -C one -cf one.tar .
tar -b 1 -C two -cf two.tar .
head -c 200000 two.tar >cut.tar

# seen DIR: all that make, or a reader, could tell of it.
seen() {
	stat -c '%n %i %.9Y' "$1" "$1/index.json" "$1/oci-layout" \
		"$1"/refs/* 2>&1
	find "$1" -mindepth 1 | sort
}
# Long ago, so that any touch is seen whatever a file system's clock does.
age() {
	find "$@" -exec touch -h -d '2001-02-03 04:05:06.789' {} +
}
until_staged() {
	for _ in $(seq 500); do
		find . -maxdepth 3 -name ".*write-*" | grep -q . &&
			return
		sleep 0.02
	done
}
# ended SIGNAL DIR: it is sent while the archive comes.
ended() {
	mkfifo pipe
	# Under nohup, and in the background, some would be ignored.
	env --default-signal oci-layout-write "$2" <pipe >/dev/null 2>&1 &
	ended_pid=$!
	exec 9>pipe
	cat cut.tar >&9
	until_staged
	kill "-$1" $ended_pid
	wait $ended_pid
	exec 9>&-
	rm pipe
}

ok "a layout" sh -c "oci-layout-write layout <one.tar"
ok "with refs/" sh -c "oci-layout-write --refs layout <one.tar"
age layout
before=$(seen layout)
fails "a failed run" sh -c "oci-layout-write layout <cut.tar"
is "changes nothing, times included" "$(seen layout)" "$before"
for s in INT TERM XCPU PIPE; do
	ended $s layout
	is "nor does SIG$s" "$(seen layout)" "$before"
done
ended KILL layout
is "SIGKILL leaves what it had staged in blobs/" "$(seen layout |
	grep -v /blobs/.write-)" "$(echo "$before" | grep -v /blobs/.write-)"
ok "which is there" sh -c "ls -d layout/blobs/.write-*"
ok "the same image again" sh -c "oci-layout-write layout <one.tar"
is "changes nothing, and cleans up" "$(seen layout)" "$before"
# A write of a byte to any file would be one too many.
ok "and once more" sh -c \
	"ulimit -f 0; exec oci-layout-write layout <one.tar >/dev/null"
is "writes nothing" "$(seen layout)" "$before"
ok "another image" sh -c "oci-layout-write layout <two.tar"
is "changes index.json" "$(find layout -newermt 2002-01-01 -name '*.json' \
	-o -newermt 2002-01-01 -name oci-layout)" layout/index.json

# Two of a layout, by turns, as make would write them.
age layout
before=$(seen layout)
ok "the one" sh -c "oci-layout-write layout <one.tar"
ok "the other" sh -c "oci-layout-write layout <two.tar"
is "changes nothing either" "$(seen layout)" "$before"
jq . layout/index.json >indented && cp indented layout/index.json
age layout
before=$(seen layout)
ok "an index.json that another program has written" \
	sh -c "oci-layout-write layout:v1 <one.tar"
is "says the same and stays" "$(seen layout)" "$before"
echo '{}' >layout/refs/v1
ok "refs/v1 that says something else" \
	sh -c "oci-layout-write layout:v1 <one.tar"
is "doesn't" "$(jq -r .digest layout/refs/v1)" \
	"$(jq -r '.manifests[0].digest' one/index.json)"
ok "another image of the name" sh -c "oci-layout-write layout:v1 <two.tar"
is "is where the old one was" "$(jq -c '[.manifests[].annotations[]]' \
	layout/index.json)" '["v1","v2"]'

# Several images of one name, for platforms: together where the first was.
"$top/t/mkimage" --platform linux/arm64 arm:p l1 >/dev/null
"$top/t/mkimage" --platform linux/amd64 amd:p l2 >/dev/null
for p in arm amd; do tar -C $p -cf $p.tar .; done
ok "one name for two platforms" sh -c \
	"cat arm.tar amd.tar | oci-layout-write plat"
ok "and another" sh -c "oci-layout-write plat <one.tar"
age plat
before=$(seen plat)
ok "again" sh -c "cat arm.tar amd.tar | oci-layout-write plat"
is "nothing changes" "$(seen plat)" "$before"
is "all are there" "$(jq -c '[.manifests[].annotations[]]' \
	plat/index.json)" '["p","p","v1"]'

# A layout that isn't there, a directory that is empty.
fails "a failed run for a new layout" sh -c "oci-layout-write new <cut.tar"
is "leaves nothing" "$(ls -Ad new .new* 2>/dev/null)" ""
mkdir new
age new
before=$(seen new)
fails "one into an empty directory" sh -c "oci-layout-write new <cut.tar"
is "leaves that as it was" "$(seen new)" "$before"
ended TERM new
is "and so does SIGTERM" "$(seen new)" "$before"
ended KILL new
is "SIGKILL leaves nothing that looks whole" "$(ls -A new)" blobs
ok "the next run" sh -c "oci-layout-write new <one.tar"
is "cleans up" "$(find new -name '.*')" ""
is "a layout has the mode of a directory" "$(stat -c %a layout)" 755
jq -c '.manifests = []' one/index.json >none.json
mkdir none && cp one/oci-layout none/ && mv none.json none/index.json
tar -C none -cf none.tar .
mkdir new2
ok "no image at all, into an empty directory" \
	sh -c "oci-layout-write new2 <none.tar"
ok "is a layout" test -d new2/blobs -a -e new2/index.json

# Another writer makes the layout first: ours is added.
mkfifo pipe
oci-layout-write race <pipe >/dev/null 2>race.err &
race=$!
exec 9>pipe
cat two.tar >&9
until_staged
ok "a layout that is made meanwhile" sh -c "oci-layout-write race <one.tar"
exec 9>&-
wait $race
is "is added to" "$? $(cat race.err)" "0 "
is "both are there" "$(jq -c '[.manifests[].annotations[]]' \
	race/index.json)" '["v1","v2"]'
is "all of it, and nothing else" "$(find race . -maxdepth 1 -name '.*' \
	! -name . ; find race/blobs -type f | wc -l)" 6
oci-layout-write thin <pipe >/dev/null 2>race.err &
race=$!
exec 9>pipe
layer=$(cd two && find blobs -type f -size +200k)
tar -C two -cf thin.tar --exclude="$layer" .
cat thin.tar >&9
until_staged
ok "and it may have" sh -c "oci-layout-write thin <two.tar"
exec 9>&-
wait $race
is "what ours lacks" "$? $(cat race.err)" "0 "

# What is being written is no part of a layout that is archived.
mkdir one/blobs/.write-0123456789ab
echo half >one/blobs/.write-0123456789ab/0123
tar -C one -cf busy.tar .
ok "an archive of a layout while another writes" \
	sh -c "oci-layout-write busy <busy.tar"
is "has only what was published" "$(find busy -name '.*')" ""
rm -r one/blobs/.write-0123456789ab

if [ "$(id -u)" != 0 ]; then
	skip 12 "not root"
	done_testing
fi
# Whoever may write to the layout needn't be let into where it is.
mkdir closed closed/own closed/theirs
chmod 755 "$tmp_base" "$tmp" closed
cp -r "$B/bin/oci-layout-write" oci-layout-write
chown 65534:65534 closed/own
nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}
chmod 644 ./*.tar
ok "an ordinary user's directory in another's" nobody sh -c \
	"./oci-layout-write closed/own <one.tar"
age closed
before=$(seen closed/own)
fails "a failed run" nobody sh -c "./oci-layout-write closed/own <cut.tar"
is "changes nothing" "$(seen closed/own)" "$before"
ok "a good one does" nobody sh -c "./oci-layout-write closed/own <two.tar"
fails "another's directory" nobody sh -c \
	"./oci-layout-write closed/theirs <one.tar"
said "is refused by its name" "closed/theirs: .*: Permission denied"
fails "or a new one there" nobody sh -c "./oci-layout-write closed/n <one.tar"
said "by its, too" "closed/n: .*: Permission denied"
chmod 711 closed && chown 65534:65534 closed/own
ok "a parent that can't be read" nobody sh -c \
	"./oci-layout-write closed/own/ <two.tar"

mkdir mnt
if ! mount -t tmpfs -o size=200k tmpfs mnt 2>/dev/null; then
	skip 3 "no tmpfs here"
	done_testing
fi
at_exit "umount '$tmp/mnt'"
age mnt
before=$(seen mnt)
fails "a mount point, full" sh -c "oci-layout-write mnt <two.tar"
is "is as it was" "$(seen mnt)" "$before"
ok "with room it is a layout" sh -c "oci-layout-write mnt <one.tar"


# Who reads the progress may go away.
cat >reader.py <<'P'
import subprocess, sys, time
w = subprocess.Popen(["oci-layout-write", "--progress=json", "shown"],
                     stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                     stderr=subprocess.PIPE)
data = open("one.tar", "rb").read()
w.stdin.write(data[:1000])
w.stdin.flush()
w.stderr.readline()
w.stderr.close()
time.sleep(0.4)
w.stdin.write(data[1000:])
w.stdin.close()
sys.exit(w.wait())
P
ok "nobody reads the progress any more" python3 reader.py
ok "the layout is there" test -s shown/index.json

# Nor is a program told that all is done before it is.
fails "a descriptor that can't be written" sh -c \
	"oci-layout-write --progress=json told <one.tar >/dev/full"
is "isn't told to be" "$(grep -c '"done":true' "$err")" 0
ok "one that is" sh -c "oci-layout-write --progress=json told <one.tar"
is "is told once" "$(grep -c '"done":true' "$err")" 1
done_testing
