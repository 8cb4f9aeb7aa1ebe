#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# oci-wait, and the keeper of a status that --keep-status leaves: whatever is
# killed or removed, and in whichever order, whoever waits learns what there is
# to learn, and never a status that was none.
. "${0%/*}/lib.sh"
. "$top/t/run.sh"

# Linux 6.15 tells of a process that isn't one's child.
told=
case $(uname -r) in
[7-9].* | [1-9][0-9].* | 6.1[5-9]* | 6.[2-9][0-9]*) told=1 ;;
esac
unknown="it has ended, with what status isn't known"

# kept ID [OPTION...]: the bundle as a container whose status is kept.
kept() {
	kept_id=$1
	shift
	each run -d --keep-status -b b "$@" "$kept_id" >up.out 2>up.err \
		</dev/null || bail "$(cat up.err)"
}

# keeper_of ID: the pid of its keeper, while its process is there.
keeper_of() {
	sed 's/.*) //' "/proc/$(pid_of "$1")/stat" | cut -d' ' -f2
}

# waiting ID: have somebody wait for it; waited NAME WANTED is what he gets.
waiting() {
	rm -f waited
	{
		timeout 60 oci-wait --root "$state" "$1" 2>waited.err
		echo $? >waited.new
		mv waited.new waited
	} &
	wait_for is_waiting "$1"
}

# is_waiting ID: it holds what it waits for, the process and the status.
is_waiting() {
	waiter=$(pgrep -f "^oci-wait --root $state") || return
	readlink "/proc/$waiter"/fd/* >held
	grep -q pidfd held &&
		{ [ ! -e "$state/$1/exit" ] || grep -q "$1/exit" held; }
}

waited() {
	wait_for test -e waited
	is "$1" "$(cat waited)" "$2"
}

# Of a container that ended, long ago or now.
for status in 0 1 7 255; do
	shell "exit $status"
	kept "$id"
	exits "$status" "the status $status" each wait "$id"
	exits "$status" "and again" each wait "$id"
	is "oci-ps has it" "$(oci-ps --root "$state" "$id" | jq .exitStatus)" \
		"$status"
	down "$id"
done
shell 'kill -SEGV $$; sleep 1' '.linux.namespaces |= map(select(.type != "pid"))'
kept "$id"
exits 139 "128 and the signal" each wait "$id"
ok "oci-delete removes it" each delete "$id"
is "all of it" "$(ls "$state")" ""
exits 125 "of no container" each wait "$id"
said "it says so" "^oci-wait: $id: container does not exist\$"
exits 2 "no ID" each wait
exits 2 "an option in the foreground" box --keep-status "$id"
said "it says what it is for" '--detach'

# While it runs there is no status, and who keeps it is in nobody's way.
bundle '.process.args = ["sleep", "300"]'
kept "$id"
keeper=$(keeper_of "$id")
is "the keeper is its parent" "$(cat "/proc/$keeper/comm")" oci-init
is "it holds no stream and no file but the one" \
	"$(readlink "/proc/$keeper"/fd/* | sort | uniq -c | tr -s ' ' |
		sed 's/^ //' | tr '\n' ' ')" "3 /dev/null 1 $state/$id/exit "
is "nor the directory it was started from" "$(readlink "/proc/$keeper/cwd")" /
is "nor the session" "$(ps -o sid= -p "$keeper" | tr -d ' ')" "$keeper"
is "nor an environment" "$(tr -d '\0' <"/proc/$keeper/environ")" ""
is "no status is there" "$(oci-ps --root "$state" "$id" |
	jq 'has("exitStatus")')" false
# Dirty are also pages of a program that was built just now.
kb=$(awk '/^Anonymous:/ { print $2 }' "/proc/$keeper/smaps_rollup")
ok "it takes $kb kB for itself" test "$kb" -le 200
kill -TERM "$keeper"
kill -HUP "$keeper"
waiting "$id"
is "it is not ended by what ends others" "$(keeper_of "$id")" "$keeper"
each kill "$id" TERM
each kill "$id" KILL
waited "its own end comes at once" 137
wait_for test ! -e "/proc/$keeper"
ok "and the keeper's with it" test ! -e "/proc/$keeper"
down "$id"

# Removal while somebody waits.
kept "$id"
waiting "$id"
down "$id"
waited "deleted by force it was killed" 137
all_gone "and nothing is left"
kept "$id"
pid=$(pid_of "$id")
waiting "$id"
rm -r "${state:?}/$id"
kill -KILL "$pid"
waited "so was one whose state was removed" 137
run_end

# The name is another one's by then.
kept "$id"
waiting "$id"
down "$id"
shell 'exit 3'
kept "$id"
waited "it is the one that was there" 137
exits 3 "and then the other" each wait "$id"
down "$id"

# The keeper is killed: the kernel may know, and else nobody does.
bundle '.process.args = ["sleep", "300"]'
kept "$id"
waiting "$id"
kill -KILL "$(keeper_of "$id")"
sleep 0.2
ok "the end of the keeper is not its end" test ! -e waited
is "it runs" "$(status_of "$id")" running
each kill "$id" KILL
waited "without a keeper it is what the kernel tells" \
	"$([ "$told" ] && echo 137 || echo 125)"
exits 125 "and later it isn't known" each wait "$id"
said "it says so" "^oci-wait: $id: $unknown"
is "nor has oci-ps one" "$(oci-ps --root "$state" "$id" |
	jq 'has("exitStatus")')" false
down "$id"
kept "$id"
kill -KILL "$(keeper_of "$id")" "$(pid_of "$id")"
wait_for is_stopped "$id"
exits 125 "both are killed" each wait "$id"
said "it isn't known, and never 0" "$unknown"
printf 7 >"$state/$id/exit"
exits 125 "what isn't a whole line is none" each wait "$id"
echo 256 >"$state/$id/exit"
exits 125 "nor is what can't be a status" each wait "$id"
rm "$state/$id/exit"
mkfifo "$state/$id/exit"
exits 125 "nor a pipe" each wait "$id"
rm "$state/$id/exit"
ln -s /etc/passwd "$state/$id/exit"
exits 125 "nor a link" each wait "$id"
down "$id"

# Without a keeper from the beginning.
up "$id"
is "none is there unless asked for" "$(ls "$state/$id")" "config.json
state.json"
waiting "$id"
each kill "$id" KILL
waited "it waits all the same" "$([ "$told" ] && echo 137 || echo 125)"
[ "$told" ] || is "and says what it doesn't know" \
	"$(grep -c "$unknown" waited.err)" 1
exits 125 "of one that has ended without" each wait "$id"
said "it names the option" '--keep-status'
down "$id"

# Made, then started; frozen; and one whose program can't be run.
shell 'exit 9'
ok "oci-create has it" each create --keep-status -b b "$id"
waiting "$id"
sleep 0.2
ok "it isn't started, so it isn't ended" test ! -e waited
ok "it starts" each start "$id"
waited "and ends" 9
is "oci-ps has its status" "$(oci-ps --root "$state" "$id" | jq .exitStatus)" 9
down "$id"
ok "one that is never started" each create --keep-status -b b "$id"
waiting "$id"
each delete "$id"
waited "was killed" 137
bundle '.process.args = ["/nowhere"]'
exits 127 "a program that isn't there" each run -d --keep-status -b b "$id"
said "is said" nowhere
all_gone "and leaves nothing"
exits 125 "nor a bundle that is none" \
	each run -d --keep-status -b nowhere "$id"
shell 'exit 5'
mkdir alone
cp "$B/bin/oci-run" alone
exits 125 "without oci-init" alone/oci-run --root "$state" -d --keep-status \
	-b b "$id"
said "it says what is missing" 'oci-init is not beside'
all_gone "and makes nothing"

# What starts it is killed meanwhile.
shell 'exit 5' '.hooks = {createRuntime: [{path: "/bin/sleep",
	args: ["sleep", "5"]}]}'
oci-run --root "$state" -d --keep-status -b b "$id" 2>killed.err &
starter=$!
wait_for test -e "$state/$id/state.json"
kill -TERM "$starter"
wait "$starter"
is "a signal ends it, when all is undone" "$?" 143
all_gone "and nothing is left"
oci-run --root "$state" -d --keep-status -b b "$id" 2>killed.err &
starter=$!
wait_for test -e "$state/$id/state.json"
kill -KILL "$starter"
wait "$starter"
gone() { [ ! -e "$state/$id" ]; }
ok "so is it when that is killed" wait_for gone

# Its messages go to the log, its pid file is there; it holds no pipe open.
shell 'sleep 300' '.process.capabilities.ambient = ["CAP_CHOWN"]'
each run -d --keep-status --log log --pid-file pid -b b "$id" </dev/null \
	2>up.err >up.out
is "the pid file has its process" "$(cat pid)" "$(pid_of "$id")"
is "the log what was said" "$(grep -c ambient log)" 1
down "$id"
shell 'exec sleep 300 >/dev/null 2>&1'
is "whoever reads its output comes to an end" \
	"$(each run -d --keep-status -b b "$id" 2>/dev/null </dev/null)" ""
ok "though it runs" is_running "$id"
down "$id"
all_gone "nothing is left"
done_testing
