#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# oci-run: a container whose program is never executed has failed, detached or
# not, with oci-init or without, and whatever its seccomp filter forbids to say.
. "${0%/*}/lib.sh"
. "$top/t/run.sh"

plain '.process.noNewPrivileges = true'

# filtered ACTION CALL...: the bundle may not use these; its program would end
# only when it is killed, with a status of its own.
filtered() {
	action=$1
	shift
	bundle '.process.args = ["sh", "-c", "echo ran; exec sleep 100"] |
		.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [
		{names: $ARGS.positional, action: $action}]}' \
		--arg action "$action" --args "$@"
}

# in_each_way STATUS WHAT REGEX: four runs.
in_each_way() {
	for way in '' -d --init '-d --init'; do
		# shellcheck disable=SC2086 # two options
		exits "$1" "$2${way:+, $way}" box $way "$id"
		said "is told of" "$3"
		is "and no program ran" "$(cat "$out")" ""
	done
	is "nothing is left" "$(ls "$state")$(leftovers)" ""
}

killed='killed by signal 31 \(Bad system call\) while its program was executed'
filtered SCMP_ACT_KILL execve
in_each_way 125 "execve kills" "$id: $killed; does the seccomp filter"
filtered SCMP_ACT_KILL_PROCESS execve execveat
in_each_way 125 "execve and execveat kill" "$id: $killed"
filtered SCMP_ACT_ERRNO execve
in_each_way 126 "execve is refused" '/sh: Operation not permitted'
filtered SCMP_ACT_ERRNO execve sendmsg sendto sendmmsg
in_each_way 126 "so is sendmsg" '/sh: Operation not permitted'
filtered SCMP_ACT_KILL sendmsg sendto sendmmsg write
change '.process.args = ["nonexistent"]'
in_each_way 127 "what isn't there, and sendmsg and write kill" \
	'nonexistent: executable file not found in PATH'
filtered SCMP_ACT_KILL access faccessat faccessat2
change '.process.args = ["nonexistent"]'
in_each_way 125 "what comes of a failed exec kills" "$id: $killed"

# A filter that comes before the rest because nothing forbids new privileges.
plain '.process.noNewPrivileges = false'
filtered SCMP_ACT_ERRNO execve sendmsg sendto
in_each_way 126 "with privileges, execve and sendmsg are refused" \
	'/sh: Operation not permitted'
filtered SCMP_ACT_KILL sendmsg sendto
change '.process.args = ["nonexistent"]'
in_each_way 127 "what isn't there, and sendmsg kills" \
	'nonexistent: executable file not found in PATH'
filtered SCMP_ACT_KILL capset
in_each_way 125 "a call that is needed before kills" \
	'killed by signal 31 .*while its process was given its limits'
filtered SCMP_ACT_ERRNO capset
in_each_way 125 "or is refused" 'process.capabilities: .*not permitted'

# Started by another program, which isn't the parent.
plain '.process.noNewPrivileges = true'
starts() { # WHAT REGEX
	for way in '' --init; do
		# shellcheck disable=SC2086 # an option or none
		oci-create --root "$state" -b b $way "$id" || bail "oci-create"
		exits 1 "$1, started${way:+, $way}" oci-start --root "$state" "$id"
		said "is told of" "$2"
		ok "it is deleted" oci-delete --root "$state" --force "$id"
	done
}

filtered SCMP_ACT_KILL execve
starts "execve kills" "$id: .*killed .*before its program ran"
filtered SCMP_ACT_ERRNO execve
starts "execve is refused" '/sh: Operation not permitted'

# What does run isn't taken for that.
bundle '.process.args = ["sh", "-c", "kill -SYS $$"] |
	.linux.namespaces |= map(select(.type != "pid")) |
	.mounts |= map(select(.type != "proc"))'
exits 159 "a program that dies by that signal" box
is "has its status, and no word of it" "$(cat "$err")" ""
exits 159 "also with --init" box --init "$id"
is "has its status, and no word of it" "$(cat "$err")" ""
for way in -d '-d --init'; do
	bundle '.process.args = ["false"]'
	# shellcheck disable=SC2086 # two options
	ok "one that is over at once, $way" box $way "$id"
	wait_for is_stopped "$id"
done
filtered SCMP_ACT_ERRNO sendmsg sendto
change '.process.args = ["echo", "ran"]'
ok "a filter that forbids sendmsg" box
is "is no hindrance" "$(cat "$out")" ran
done_testing
