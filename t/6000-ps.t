#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-ps on state directories made here: what is a container, how it is, and
# what is only a file that somebody left.
. "${0%/*}/lib.sh"
need jq python3

mkdir root
pids=
# shellcheck disable=SC2016 # when it ends
at_exit 'kill -9 $pids 2>/dev/null'

# process: a live one, $pid, which started at $start.
process() {
	sleep 300 &
	pid=$! pids="$pids $!"
	start=$(started "$pid")
}

started() {
	sed 's/.*) //' "/proc/$1/stat" | cut -d' ' -f20
}

# state ID STATUS PID START [MORE]
state() {
	mkdir -p "root/$1"
	cat >"root/$1/state.json" <<-EOF
		{"ociVersion": "1.2.0", "id": "$1", "status": "$2", "pid": $3,
		"start": $4, "bundle": "/b/$1", "rootfs": "/b/$1/rootfs",
		"created": "2026-01-02T03:04:05.000000006Z", "cgroup": ""
		${5-}}
	EOF
}

# status ID: what oci-ps says it is.
status() {
	oci-ps --root root "$1" | sed -n 's/.*"status": "\(.*\)",/\1/p'
}

# tty COMMAND...: its standard output is a terminal.
tty() {
	python3 -c 'import pty, sys
sys.exit(pty.spawn(sys.argv[1:]) >> 8)' "$@" </dev/null | tr -d '\r'
}

ok "no state directory" oci-ps --root nowhere
is "has no containers" "$(cat "$out")" ""
fails "nor the one asked for" oci-ps --root nowhere box
said "and it says so" '^oci-ps: box: container does not exist$'
ok "an empty state directory" oci-ps --root root
is "prints nothing" "$(cat "$out")" ""

process
state box running "$pid" "$start" ', "annotations": {"a": "b"}'
ok "one that runs" oci-ps --root root box
is "its state" "$(cat "$out")" "{
	\"ociVersion\": \"1.2.0\",
	\"id\": \"box\",
	\"pid\": $pid,
	\"status\": \"running\",
	\"bundle\": \"/b/box\",
	\"rootfs\": \"/b/box/rootfs\",
	\"created\": \"2026-01-02T03:04:05.000000006Z\",
	\"annotations\": {
		\"a\": \"b\"
	}
}"
state other running "$pid" $((start + 1))
is "a pid that was used again" "$(status other)" stopped
state again running 4194304 1
is "a pid that can't be" "$(status again)" stopped
is "of one that is stopped no pid is told, which somebody might kill" \
	"$(oci-ps --root root again | jq 'has("pid")')" false
state new creating 0 0
is "creating, and nobody does" "$(status new)" stopped
is "creating, and somebody does" "$(flock root/new \
	oci-ps --root root new | grep -c '"status": "creating"')" 1

ok "a list" oci-ps --root root
is "an object a line, sorted" "$(python3 -c 'import json, sys
for line in open(sys.argv[1]):
	s = json.loads(line)
	print(s["id"], s.get("pid", 0), s["status"])' "$out")" "again 0 stopped
box $pid running
new 0 stopped
other 0 stopped"
ok "IDs alone" oci-ps -q --root root
is "a line each" "$(cat "$out")" "again
box
new
other"
is "a terminal gets a table" "$(tty oci-ps --root root | sed "s/$pid/PID/;
	s/  */ /g")" "ID PID STATUS BUNDLE CREATED
again 0 stopped /b/again 2026-01-02T03:04:05Z
box PID running /b/box 2026-01-02T03:04:05Z
new 0 stopped /b/new 2026-01-02T03:04:05Z
other 0 stopped /b/other 2026-01-02T03:04:05Z"
is "the columns are aligned" "$(oci-ps --root root --format table |
	awk '{print index($0, $5)}' | uniq | wc -l)" 1
is "or JSON if it asks" "$(tty oci-ps --root root -f json)" \
	"$(oci-ps --root root)"

kill -9 "$pid"
wait "$pid" 2>/dev/null
is "killed" "$(status box)" stopped
rm -rf root/*

python3 -c 'import os, time
pid = os.fork()
if pid == 0: os._exit(0)
print(pid, flush=True)
time.sleep(300)' >zombie &
pids="$pids $!"
while [ ! -s zombie ]; do sleep 0.1; done
read -r pid <zombie
sleep 0.1
state dead running "$pid" "$(started "$pid")"
is "a zombie" "$(status dead)" stopped

# A name that is no text, one that is a command to a terminal.
process
state bytes running "$pid" "$start"
printf '{"ociVersion": "1", "id": "bytes", "status": "running", "pid": %d,
	"start": %d, "bundle": "/\377\\u001b[2J\342\200\256\303\251",
	"rootfs": "/", "created": "x\\ny", "cgroup": "", "later": 1}' \
	"$pid" "$start" >root/bytes/state.json
oci-ps --root root bytes >json
is "what isn't UTF-8 is still JSON" "$(python3 -c 'import json
print(ascii(json.load(open("json", "rb"))["bundle"]))')" \
	"'/\\ufffd\\x1b[2J\\u202e\\xe9'"
is "in which a terminal finds no command" \
	"$(grep -c '\\u001b\[2J\\u202e' json)" 1
is "and nothing to a terminal" "$(LC_ALL=C.UTF-8 tty oci-ps --root root |
	awk '/^bytes/ {print $4, $5}')" "/??[2J?é x?y"
rm -rf root/*

# What others left, or an enemy.
process
state good running "$pid" "$start"
state half running "$pid" "$start"
truncate -s 40 root/half/state.json
for id in huge fifo link dir twin garbage foreign number relative; do
	state "$id" running "$pid" "$start"
done
truncate -s 5M root/huge/state.json
rm root/fifo/state.json root/dir/state.json
mkfifo root/fifo/state.json
mkdir root/dir/state.json
mv root/link/state.json elsewhere
ln -s ../../elsewhere root/link/state.json
sed -i 's/"twin"/"good"/' root/twin/state.json
echo 'hello' >root/garbage/state.json
sed -i 's/"pid": [0-9]*/"pid": -1/' root/number/state.json
sed -i 's,"/b/relative","b",' root/relative/state.json
bad=9
if [ "$(id -u)" = 0 ]; then
	chown 65534 root/foreign/state.json
	bad=10
fi
mkdir root/empty root/.hidden
echo >root/file
ln -s good root/alias
exits 1 "a list with bad ones" timeout 10 oci-ps -q --root root
is "has the good" "$(grep -vx foreign "$out")" good
is "and a message for each other" "$(grep -c '^oci-ps: ' "$err")" "$bad"
for line in 'half: .*JSON' 'huge: .*4 MiB' 'fifo: .*not a regular file' \
	'dir: .*not a regular file' 'link: .*symbolic link' \
	'twin: .*another container' 'garbage: .*JSON' \
	'number: .*pid' 'relative: .*absolute'; do
	said "${line%%:*}" "^oci-ps: $line"
done
if [ "$(id -u)" = 0 ]; then
	said "foreign" '^oci-ps: foreign: .*somebody else'
else
	skip 1 "not root"
fi
for id in fifo link garbage; do
	fails "$id alone" timeout 10 oci-ps --root root "$id"
done
fails "a directory without a state" oci-ps --root root empty
said "is no container" 'does not exist'
rm -rf root
mkdir -m 777 root
fails "a directory that others can write to" oci-ps --root root
said "it says what to do" 'chmod go-w'
chmod 755 root
fails "a state directory that is a file" oci-ps --root elsewhere

exits 2 "an unknown option" oci-ps --frob
exits 2 "an unknown format" oci-ps --format xml
exits 2 "two IDs" oci-ps a b
exits 2 "no ID" oci-ps ../etc
exits 2 "-q and an ID" oci-ps -q a
ok "help" oci-ps --help
printed "names the options" '--root'
ok "version" oci-ps --version
exits 1 "what can't be written is an error" sh -c 'oci-ps -V >/dev/full'

done_testing
