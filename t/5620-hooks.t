#!/bin/sh
# SPDX-License-Identifier: ISC
# The hooks of config.json, at each point of a container's life.
# shellcheck disable=SC2016 # what is in single quotes is for another shell
. "${0%/*}/lib.sh"
. "$top/t/run.sh"

create() {
	each create -b b "${@:-$id}" >said.out </dev/null
}

# note NAME: what a hook sees, to NAME.* in a directory that the container has
# as /seen.
mkdir seen
cat >note <<'E2'
#!/bin/sh
PATH=/bin:/usr/bin
for d in "${SEEN-}" /seen; do
	[ ! -d "$d" ] || break
done
cat >"$d/$1.state"
echo "$1" >>"$d/order"
pwd >"$d/$1.cwd"
umask >"$d/$1.umask"
for n in mnt net pid uts; do readlink /proc/self/ns/$n; done >"$d/$1.ns"
env | grep -v -e '^PATH=' -e '^PWD=' -e '^SHLVL=' -e '^_=' | sort >"$d/$1.env"
echo "$#:$*" >"$d/$1.args"
echo /proc/self/fd/* >"$d/$1.fds"
grep -e SigIgn -e SigBlk /proc/self/status | tr -dc '1-9a-f\n' |
	tr -d 'gSIlkBn' >"$d/$1.signals"
ls -d "$d/../host-is-here" >"$d/$1.root" 2>&1
exit 0
E2
chmod +x note
cp note b/rootfs/bin/note
mkdir b/rootfs/seen
: >host-is-here
points='prestart createRuntime createContainer startContainer poststart poststop'
# hooks [JQ]: all of them, and what a filter makes of it.
hooks='.hooks = ($points | split(" ") | map({key: ., value: [{
	path: (if . == "startContainer" then "/bin/note" else $tmp + "/note" end),
	args: ["called", ., "two words"], env: ["SEEN=" + $tmp + "/seen", "X=" + .]
	}]}) | from_entries) | .annotations = {"org.example": "\"note\""} |
	.mounts += [{destination: "/seen", type: "bind", source: ($tmp + "/seen"),
		options: ["bind"]}]'
hooked() { # FILTER [JQ-OPTION...]
	hooked_filter=$1
	shift
	bundle "$hooks | $hooked_filter" --arg points "$points" --arg tmp "$tmp" "$@"
}
seen() {
	cat "seen/$1" 2>/dev/null
}
ns_of() { # POINT TYPE
	seen "$1.ns" | grep "^$2:"
}

for way in run create; do
	rm -rf seen/*
	hooked '.process.args = ["sh", "-c", "echo program >>/seen/order; sleep 100"]'
	if [ $way = run ]; then
		ok "oci-run with all of them" box -d "$id"
	else
		ok "oci-create" create
		is "has run those of the creation" "$(seen order | tr '\n' ' ')" \
			"prestart createRuntime createContainer "
		ok "oci-start" each start "$id"
	fi
	ok "the program runs" wait_for grep -q program seen/order
	pid=$(pid_of "$id")
	net=$(readlink "/proc/$pid/ns/net") mnt=$(readlink "/proc/$pid/ns/mnt")
	ok "oci-delete" each delete -f "$id"
	is "their order" "$(seen order | grep -v program | tr '\n' ' ')" \
		"$points "
	is "startContainer's is before the program" \
		"$(seen order | grep -e startC -e program | head -n 1)" \
		startContainer
	for p in $points; do
		is "$p: the version and the ID" \
			"$(jq -r '.ociVersion + " " + .id' "seen/$p.state")" \
			"$(jq -r .ociVersion plain.json) $id"
		is "$p: the bundle and the annotations" \
			"$(jq -r '.bundle + " " + .annotations["org.example"]' \
				"seen/$p.state")" "$tmp/b \"note\""
		case $p in
		prestart | create*) s=creating ;;
		startContainer) s=created ;;
		poststart) s=running ;;
		*) s=stopped ;;
		esac
		is "$p: the status" "$(jq -r .status "seen/$p.state")" $s
		case $p in
		*Container) s=1 ;;
		poststop) s=null ;;
		*) s=$pid ;;
		esac
		is "$p: the pid" "$(jq -r .pid "seen/$p.state")" "$s"
		is "$p: the arguments" "$(seen "$p".args)" "2:$p two words"
		is "$p: the environment" "$(seen "$p".env)" "SEEN=$tmp/seen
X=$p"
		# 3 is the directory itself, the shell's own are from 10 on.
		is "$p: no descriptor but its streams" \
			"$(seen "$p".fds | sed 's|/proc/self/fd/||g; s/ [1-9][0-9]//g')" \
			"0 1 2 3"
		is "$p: signals as they are by default" \
			"$(seen "$p".signals | tr -d '\n')" ""
		is "$p: the umask" "$(seen "$p".umask)" 0022
		case $p in
		*Container)
			is "$p: the container's namespaces" \
				"$(ns_of "$p" net) $(ns_of "$p" mnt)" "$net $mnt"
			;;
		*)
			is "$p: the host's namespaces" "$(seen "$p".ns)" \
				"$(for n in mnt net pid uts; do
					readlink /proc/self/ns/$n; done)"
			;;
		esac
		case $p in
		startContainer)
			is "$p: where the program is" "$(seen "$p".cwd)" /
			ok "$p: not among the host's files" \
				grep -q "No such" "seen/$p.root"
			;;
		*)
			is "$p: in the bundle" "$(seen "$p".cwd)" "$tmp/b"
			is "$p: among the host's files" "$(seen "$p".root)" \
				"$tmp/seen/../host-is-here"
			;;
		esac
	done
	all_gone "nothing is left"
done

# What is given of one is all that it gets.
cat >bare <<'E2'
#!/bin/sh
/usr/bin/tr '\0' ' ' </proc/$$/cmdline
/usr/bin/tr '\0' ' ' </proc/$$/environ
exit 1
E2
chmod +x bare
bundle '.process.args = ["true"] | .hooks.prestart = [{path: $h}]' \
	--arg h "$tmp/bare"
PATH="$PATH" SECRET=x exits 125 "a hook without args and env" box
said "is called by its path, and has an empty environment" \
	"exit status 1: /bin/sh $tmp/bare\$"
for nothing in null '{}' '{prestart: null}' '{prestart: [], poststop: []}' \
	'{unknown: [{path: "x"}]}'; do
	bundle ".process.args = [\"true\"] | .hooks = $nothing"
	ok "hooks: $nothing" box
done
for wrong in '[]' '{prestart: {}}' '{prestart: [1]}' '{prestart: [{}]}' \
	'{prestart: [{path: ""}]}' '{poststop: [{path: "bin/x"}]}' \
	'{prestart: [{path: "/x", timeout: 0}]}' \
	'{prestart: [{path: "/x", timeout: -1}]}' \
	'{prestart: [{path: "/x", timeout: 1.5}]}' \
	'{prestart: [{path: "/x", args: "x"}]}' \
	'{prestart: [{path: "/x", env: [1]}]}'; do
	bundle ".process.args = [\"true\"] | .hooks = $wrong"
	exits 125 "hooks: $wrong" box
	said "is named" 'config.json: hooks'
done

# As docker does it: the network namespace is bound to a name by its pid.
mkdir netns
: >netns/n
printf '#!/bin/sh\nPATH=/bin:/usr/bin\npid=$(jq .pid)
mount --bind /proc/$pid/ns/net "%s" && readlink /proc/$pid/ns/net
' "$tmp/netns/n" >setkey
sed -i 's/ns.net$/& >"${0%\/*}\/net"/' setkey
chmod +x setkey
at_exit "umount $tmp/netns/n 2>/dev/null"
bundle '.process.args = ["readlink", "/proc/self/ns/net"] |
	.hooks.prestart = [{path: ($tmp + "/setkey"), timeout: 10}]' \
	--arg tmp "$tmp"
ok "a hook that binds the network namespace" box
is "finds the container's" "$(cat net)" "$(cat "$out")"
umount netns/n

# What createContainer's mount is the container's.
bundle '.process.args = ["cat", "/tmp/given/x"] | .hooks.createContainer = [
	{path: "/bin/sh", args: ["sh", "-c", $s],
	env: ["PATH=/bin:/usr/bin"]}]' --arg s \
	"mkdir -p rootfs/tmp/given && mount -t tmpfs given rootfs/tmp/given &&
	echo given >rootfs/tmp/given/x"
ok "a mount made by createContainer" box
printed "is in the container" given
ok "and not on the host" test ! -e b/rootfs/tmp/given/x

# startContainer's has the rights of the program: user, capabilities, filter.
bundle '.process.args = ["true"] | .process.user = {uid: 1000, gid: 1000} |
	.process.noNewPrivileges = $nnp |
	.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: [
		"mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO", errnoRet: 99}]} |
	.hooks.startContainer = [{path: "/bin/sh", args: ["sh", "-c",
	"id -u; grep -e CapEff -e Seccomp: /proc/self/status; mkdir /tmp/x; exit 9"]}]' \
	--argjson nnp true
exits 125 "a hook in the container" box
said "is its user, with its filter" \
	'exit status 9: 1000; CapEff:.*0+; Seccomp:.*2; mkdir'
change '.process.noNewPrivileges = false'
exits 125 "without no_new_privs" box
said "too" 'exit status 9: 1000; CapEff:.*0+; Seccomp:.*2; mkdir'

# With oci-init, and in a pid namespace that is another's.
bundle '.process.args = ["true"] | .hooks.startContainer = [{path: "/bin/true"}]'
ok "with --init" box --init "$id"
bundle '.process.args = ["sleep", "100"]'
ok "another container" box -d "$id.other"
other=$(pid_of "$id.other")
bundle '.process.args = ["true"] | .hooks.prestart = [{path: "/bin/sh", args:
	["sh", "-c", "PATH=/bin:/usr/bin; readlink /proc/self/ns/pid; exit 1"]}] |
	.linux.namespaces |= map(if .type == "pid"
	then .path = "/proc/'"$other"'/ns/pid" else . end)'
exits 125 "in another's pid namespace" box
said "the runtime's hooks are in the runtime's" \
	"exit status 1: $(readlink /proc/self/ns/pid | sed 's/[][]/\\&/g')"
# What is left of one whose creator is gone is removed by a run that joins it.
bundle '.process.args = ["sleep", "100"] | .hooks.poststop = [{path: "/bin/sh",
	args: ["sh", "-c", "PATH=/bin:/usr/bin; readlink /proc/self/ns/pid >>" +
	$host + ".poststop"]}]'
ok "one with a poststop hook" box -d "$id.left"
kill -KILL "$(pid_of "$id.left")"
wait_for is_stopped "$id.left"
bundle '.process.args = ["true"] |
	.linux.namespaces |= map(if .type == "pid"
	then .path = "/proc/'"$other"'/ns/pid" else . end)'
ok "one in another's pid namespace takes its name" box "$id.left"
is "its hook has run in the runtime's" "$(cat "$tmp/host.poststop")" \
	"$(readlink /proc/self/ns/pid)"
ok "deleted" each delete -f "$id.other"
all_gone "nothing is left"

done_testing
