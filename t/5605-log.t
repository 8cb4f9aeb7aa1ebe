#!/bin/sh
# SPDX-License-Identifier: ISC
# --log: what is said is in a file, too, one record for each program.
. "${0%/*}/lib.sh"
. "$top/t/run.sh"

log() { # FORMAT PROGRAM ARG...
	log_format=$1 log_program=$2
	shift 2
	timeout -k 5 60 "oci-$log_program" --root "$state" --log "$tmp/log" \
		--log-format "$log_format" "$@"
}
# record FILTER: of the one object that the log is.
record() {
	jq -se 'length == 1 and (.[0] | .level == "error" and
		(.time | test("^[0-9-]+T[0-9:.]+Z$")) and ('"$1"'))' log
}

bundle '.process.args = ["true"]'
ok "a run that has nothing to say" log json run -b b "$id"
is "says nothing" "$(cat log)" ""
bundle '.process.args = ["nonexistent"]'
exits 127 "a program that isn't there" log json run -b b "$id"
said "is named on standard error" '^oci-run: nonexistent: executable file not'
ok "and in the log" record '.msg | test("^nonexistent: executable file not")'
rm log
bundle '.mounts += [{destination: "/x", type: "bind", source: "/no\"where",
	options: ["bind"]}]'
exits 1 "what can't be created" log json create -b b "$id"
ok "is in the log" record '.msg | test("/no\"where")'
rm log
for p in start delete kill; do
	fails "oci-$p of what isn't there" log json $p "$id"
	ok "is in the log" record '.msg | test("container does not exist$")'
	rm log
done
exits 125 "oci-exec in what isn't there" log json exec "$id" true
ok "is in the log" record '.msg | test("container does not exist$")'
rm log
bundle '.process.args = ["/etc"]'
exits 126 "what can't be executed" log json create -b b "$id"
said "is said" ': Permission denied$'
ok "and in small letters in the log" record '.msg == "/etc: permission denied"'
rm log
bundle '.process.args = ["/no/program"]'
exits 127 "what isn't there" log json create -b b "$id"
ok "likewise" record '.msg == "/no/program: no such file or directory"'
rm log

# When it is looked for again, which is when it is started.
bundle '.process.args = ["/bin/script"]'
printf '#!/nowhere\n' >b/rootfs/bin/script
chmod 755 b/rootfs/bin/script
ok "a script is there" log json create -b b "$id"
fails "without its interpreter" log json start "$id"
ok "that is no such file" record \
	'.msg | test("^/bin/script: the int.*: no such file or directory$")'
each delete "$id"
rm log
echo text >b/rootfs/bin/script
ok "a file is there" log json create -b b "$id"
fails "that is no program" log json start "$id"
ok "that is another reason" record '.msg | test(": exec format error$")'
each delete "$id"
rm log

exits 1 "as text" log text start "$id"
ok "it is a line" grep -Eqx 'time="[0-9TZ:.-]+" level=error msg=".*exist"' log
exits 1 "another" log text start "$id"
is "is another line" "$(wc -l <log)" 2
rm log

# A warning that comes to nothing, and one before an error.
bundle '.process.args = ["true"] |
	.process.capabilities.bounding += ["CAP_NOT_KNOWN"]'
ok "a warning" log json run -b b "$id"
ok "has its level" jq -e '.level == "warning" and (.msg | test("NOT_KNOWN"))' \
	log
rm log
change '.process.args = ["nonexistent"]'
exits 127 "and an error" log json run -b b "$id"
ok "are one record" record '.msg | test("NOT_KNOWN.*; nonexistent: ")'

rm log

# Wrong usage behind --log is in it, in the form that is said behind it, too.
late() { # OPTION...
	timeout -k 5 60 oci-run --log "$tmp/log" "$@"
}
exits 2 "an option that isn't there" late --log-format json --nope
said "is said" '^oci-run: --nope: no such option'
ok "and in the log" record '.msg == "--nope: no such option"'
rm log
exits 2 "before the form is known" late --tty maybe --log-format json
ok "it is text" grep -Eqx 'time=".*" level=error msg="--tty maybe: .*"' log
rm log
exits 2 "an ID that can't be" late --log-format json ../x
ok "is in the log" record '.msg | test("^../x: an ID consists")'
rm log
for p in create start exec kill pause resume update delete; do
	exits 2 "oci-$p without an operand" log json $p
	ok "says so in the log" record \
		'.msg | test("operand is missing|nothing to change")'
	rm log
done
exits 2 "an unknown command of oci-runtime" log json runtime nope
ok "is in the log" record '.msg == "nope: no such command"'
rm log
exits 2 "wrong usage of a known one" log json runtime exec --nope
ok "is in the log once" record '.msg == "--nope: no such option"'
rm log
exits 2 "wrong usage before --log" oci-run --nope --log "$tmp/log"
ok "is in none" test ! -e log
exits 0 "what is asked for" log json run --help
ok "is no message" test ! -e log
exits 2 "a log that can't be, and wrong usage" oci-run --log /nowhere/log --nope
said "are both said" '^oci-run: --log: No such file'
is "once" "$(grep -c -- --nope: "$err")" 1

# It doesn't get into the container, nor in the way of what is handed on.
bundle '.process.args = ["ls", "/proc/self/fd"]'
exits 125 "no descriptor to hand on" log json run --preserve-fds 1 -b b "$id"
said "is an error" 'descriptor 3'
log json run --preserve-fds 1 -b b "$id" >got 3</dev/null
is "the container has what is handed on" "$(tr '\n' ' ' <got)" "0 1 2 3 4 "
exits 125 "a log that can't be" oci-run --log /nowhere/log -b b "$id"
said "is named" '/nowhere/log'
done_testing
