#!/bin/sh
# SPDX-License-Identifier: ISC
# Hooks that fail, take too long, are interrupted, or leave something behind.
# shellcheck disable=SC2016 # what is in single quotes is for another shell
. "${0%/*}/lib.sh"
. "$top/t/run.sh"

create() {
	each create -b b "${@:-$id}" >said.out </dev/null
}

mkdir seen
# No other process waits as long.
long=100$$

# fault POINT SCRIPT [FILTER]: a hook of that point, and one after it that must
# not run; poststop is noted.
cat >stop <<'E2'
#!/bin/sh
/bin/cat >>"${0%/*}/stopped"
E2
chmod +x stop
fault() {
	printf '#!/bin/sh\nPATH=/bin:/usr/bin\n%s\n' "$2" >fault
	chmod +x fault
	cp fault b/rootfs/bin/fault
	rm -f stopped after b/rootfs/after
	fault_path=$tmp/fault
	[ "$1" != startContainer ] || fault_path=/bin/fault
	bundle '.process.args = ["sleep", "100"] |
		.hooks[$p] = [{path: $path}, {path: "/usr/bin/touch",
			args: ["touch", $tmp + "/after"]}] |
		.hooks.poststop = [{path: ($tmp + "/stop")}] | '"${3-.}" \
		--arg path "$fault_path" --arg p "$1" --arg tmp "$tmp"
}
undone() { # POINT
	is "poststop's ran, once" "$(jq -r .status stopped 2>/dev/null)" stopped
	ok "and none after it" test ! -e after
	all_gone "nothing is left"
}
for p in prestart createRuntime createContainer startContainer poststart; do
	fault $p 'echo first; echo "no luck: $0" >&2; exit 3'
	exits 125 "oci-run: a failing hook of $p" box
	said "is named, with its status and what it said" \
		"oci-run: config.json: hooks.$p\[0\]: $fault_path: exit status 3: first; no luck: $fault_path\$"
	undone
	exits 125 "oci-run -d: likewise" box -d "$id"
	rm -f stopped
	case $p in
	startContainer | poststart)
		ok "oci-create does not run it" create
		fails "oci-start: a failing hook of $p" each start "$id"
		;;
	*)
		fails "oci-create: a failing hook of $p" create
		;;
	esac
	said "is named" "hooks.$p\[0\]: $fault_path: exit status 3: first; no luck"
	undone
	fault $p 'kill -SEGV $$'
	exits 125 "$p: one that a signal ends" box
	said "is named with it" "$fault_path: killed by signal 11 (.*)"
	undone
	fault $p "sleep $long; exit 0" ".hooks.${p}[0].timeout = 1"
	exits 125 "$p: one that takes too long" box
	said "is named with its time" "$fault_path: killed, .* timeout of 1 s"
	undone
	rm -f stopped
	fault $p : ".hooks.${p}[0].path = \"/nonexistent\""
	exits 125 "$p: one that isn't there" box
	said "is named" "\[0\]: /nonexistent: No such file or directory"
	undone
done
none_left() { ! pgrep -fx "sleep $long" >pids; }
ok "nothing of them outlives their time" wait_for none_left

# A failing poststop is a warning, and the others run.
bundle '.process.args = ["true"] | .hooks.poststop = [{path: "/bin/false"},
	{path: ($tmp + "/stop")}]' --arg tmp "$tmp"
rm -f stopped
ok "a failing hook of poststop" box
said "is warned of" 'hooks.poststop\[0\]: /bin/false: exit status 1'
is "the next one runs" "$(jq -r .status stopped)" stopped
all_gone "nothing is left"
ok "detached" box -d "$id"
rm -f stopped
ok "stopped" wait_for is_stopped "$id"
ok "poststop waits for the deletion" test ! -e stopped
ok "another of its name" box
is "which deletes the first" "$(jq -s length stopped)" 2

# What a hook leaves behind, and what it prints, holds nobody up.
for p in prestart createContainer; do
	fault $p 'sleep 20 & echo $! >"${0%/*}/child"' '.process.args = ["true"] | .hooks.'$p'[1:] = []'
	ok "$p: a child that keeps its output" timeout 10 oci-run --root "$state" \
		-b b "$id"
	[ $p != prestart ] || ok "which lives" kill "$(cat child)"
	fault $p 'yes | head -c 3000000 >&2; echo last >&2; exit 1'
	exits 125 "$p: three megabytes on standard error" box
	said "the last of which is shown" 'exit status 1: \.\.\.(y; )*last$|; y; last$'
	ok "and not more than that" test "$(wc -c <"$err")" -lt 3000
	fault $p 'exec <&-; exit 1'
	exits 125 "$p: one that doesn't read" box
	said "ends as it ends" 'exit status 1'
done
# Where a file is written no mount is made read-only.
ro='.process.args = ["true"] | .root.readonly = true |
	.hooks.createContainer[1:] = []'
fault createContainer 'exec 3>"${0%/*}/b/rootfs/written"; sleep 0.5 &' "$ro"
ok "a child that writes in the root for half a second" box
is "is waited for" "$(cat "$err")" ""
fault createContainer 'exec 3>"${0%/*}/b/rootfs/written"; sleep 20 &' "$ro"
exits 125 "one that goes on" box
said "is told of" 'root.readonly: a process has a file open there for writing'
all_gone "nothing is left"
fault prestart 'cat >/dev/null; exit 0' '.process.args = ["true"] |
	.hooks.prestart[1:] = [] |
	.annotations = {"big": ("0123456789" * 100000)}'
ok "a state that a pipe doesn't hold" box
ok "nor one that nobody reads" sh -c 'printf "#!/bin/sh\nexit 0\n" >fault &&
	oci-run --root "$1" -b b "$2"' - "$state" "$id"

# Interrupted, or killed: nothing that isn't undone, now or later.
for p in prestart createRuntime createContainer startContainer poststart; do
	for s in INT TERM KILL; do
		fault $p "echo \$\$ >'$tmp/seen/pid'; cat >/dev/null; exec sleep $long" \
			'.mounts += [{destination: ($tmp + "/seen"), type: "bind",
			source: ($tmp + "/seen"), options: ["bind"]}]'
		rm -f seen/pid
		env --default-signal oci-run --root "$state" -b b "$id" >run.out 2>run.err &
		runner=$!
		ok "$p: a hook" wait_for test -s seen/pid
		kill -$s $runner
		wait $runner
		got=$?
		case $s in
		INT) is "$s: oci-run ends" $got 130 ;;
		TERM) is "$s: oci-run ends" $got 143 ;;
		KILL)
			ok "KILL: deleted later" each delete -f "$id"
			;;
		esac
		undone
		ok "the hook has ended" wait_for none_left
	done
done

# The container is killed meanwhile: nobody waits for the hook any more.
for p in prestart createRuntime createContainer; do
	for how in "kill $id KILL" "delete -f $id"; do
		fault $p "sleep $long & echo >'$tmp/seen/pid'; wait" \
			'.mounts += [{destination: ($tmp + "/seen"), type: "bind",
			source: ($tmp + "/seen"), options: ["bind"]}]'
		rm -f seen/pid
		box >run.out 2>run.err &
		runner=$!
		ok "$p: a hook" wait_for test -e seen/pid
		# shellcheck disable=SC2086
		ok "oci-$how" each $how
		wait $runner
		is "is the end of oci-run" $? 125
		undone
	done
	[ $p = createContainer ] || is "which says why" "$(cat run.err)" \
		"oci-run: config.json: hooks.${p}[0]: $tmp/fault: killed, for the container's process has ended"
	[ $p = createContainer ] || ok "all of the hook has ended" wait_for none_left
done

fault startContainer "echo >/seen/pid; exec sleep $long" '.mounts += [{
	destination: "/seen", type: "bind", source: ($tmp + "/seen"),
	options: ["bind"]}]'
late= # a hook that runs before oci-start hears that it does
! command -v strace >/dev/null || late="strace -D -qq -o /dev/null
	-e trace=rt_sigpending -e inject=rt_sigpending:delay_enter=300000"
for s in INT TERM; do
	rm -f seen/pid stopped
	ok "created" create
	# shellcheck disable=SC2086
	env --default-signal $late oci-start --root "$state" "$id" 2>"$err" &
	runner=$!
	ok "startContainer: a hook of oci-start" wait_for test -e seen/pid
	kill -$s $runner
	wait $runner
	undone
	late=
done

# Interrupted while it cleans up: the deletion goes on later.
bundle '.process.args = ["true"] | .hooks.poststop = [
	{path: "/bin/sh", args: ["sh", "-c",
	"echo >>hooked; [ -e on ] || exec /bin/sleep 61"]}]'
rm -f b/hooked b/on
env --default-signal oci-run --root "$state" -b b "$id" 2>run.err &
runner=$!
ok "a hook of poststop" wait_for test -s b/hooked
kill -INT $runner
wait $runner
is "interrupted: the status is the program's" $? 0
ok "a warning says what is left" grep -q 'poststop.*interrupted' run.err
ok "the container is" is_stopped "$id"
: >b/on
ok "and is deleted" each delete "$id"
is "by another try of the hook" "$(wc -l <b/hooked)" 2
all_gone "nothing is left"

done_testing
