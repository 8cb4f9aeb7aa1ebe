#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-run: images that lead elsewhere, and what a container finds of the host.
# shellcheck disable=SC2016
. "${0%/*}/lib.sh"
need script setpriv
. "$top/t/run.sh"

mkdir host
echo secret >host/secret

# The host's directory, and what is mounted; others mount something for a
# moment, too, elsewhere.
same_mounts() {
	[ "$(host_mounts)" = "$mounts" ]
}
untouched() {
	is "$1: the host's directory is as it was" \
		"$(cd host && find . | sort | tr '\n' ' ')" ". ./secret "
	wait_for same_mounts
	is "$1: so are its mounts" "$(host_mounts)" "$mounts"
}
mounts=$(host_mounts)

# Places of the kernel's file systems that the image has made something else.
up=../../../../../../../../../../../..
for place in proc sys; do
	for what in "$tmp/host" "$up$tmp/host" /etc "$place.file"; do
		rm -rf "b/rootfs/$place"
		case $what in
		*.file) echo x >"b/rootfs/$place" ;;
		*) ln -s "$what" "b/rootfs/$place" ;;
		esac
		bundle '.process.args = ["true"]'
		exits 125 "/$place is $(echo "$what" | sed "s:$tmp::")" box
		said "is refused by name" "config.json: mounts: /$place"
	done
	rm "b/rootfs/$place"
	mkdir "b/rootfs/$place"
done
untouched "/proc and /sys"

# A link on the way to a mount, and at it.  The host's path means the image's.
mkdir "b/rootfs/in"
for what in "$tmp/host" "$up$tmp/host" "/proc/1/root$tmp/host" \
	"/proc/self/cwd" "/in/../$up$tmp/host"; do
	ln -s "$what" b/rootfs/link
	for destination in /link /link/new /link/../x "/$up/link/new/dir"; do
		bundle '.process.args = ["true"] | .root.readonly = false |
			.mounts += [{destination: "'"$destination"'",
			type: "tmpfs", source: "tmpfs"}]'
		run box
		case $status in
		0 | 125) ;;
		*) fail "$destination of $what" "$(cat "$err")" ;;
		esac
	done
	rm b/rootfs/link
done
untouched "mounts through links"
rm -rf "b/rootfs${tmp:?}"

# /dev: a link, and devices whose names are taken.
for what in "$tmp/host" "$up$tmp/host"; do
	mv b/rootfs/dev b/rootfs/dev.kept
	ln -s "$what" b/rootfs/dev
	bundle '.process.args = ["true"]'
	ok "/dev leads to the host's directory, so to the image's" box
	is "which is made" "$(ls -d "b/rootfs$tmp/host")" "b/rootfs$tmp/host"
	bundle '.process.args = ["true"] | .mounts |= map(select(.destination
		| startswith("/dev") | not))'
	run box
	is "and without a mount there" "$status" 0
	rm -rf b/rootfs/dev "b/rootfs${tmp:?}"
	mv b/rootfs/dev.kept b/rootfs/dev
done
untouched "/dev"
for what in link file directory; do
	rm -rf b/rootfs/dev/null
	case $what in
	link) ln -s "$tmp/host/secret" b/rootfs/dev/null ;;
	file) echo x >b/rootfs/dev/null ;;
	directory) mkdir b/rootfs/dev/null ;;
	esac
	bundle '.process.args = ["true"] | .root.readonly = false |
		.mounts |= map(select(.destination | startswith("/dev") | not))'
	exits 125 "/dev/null is a $what" box
	said "and refused" '/dev/null: something else is there'
	shell 'cat /masked /proc/timer_list | wc -c; echo x >/masked' \
		'.linux.maskedPaths += ["/masked"]'
	echo masked >b/rootfs/masked
	run box
	is "the mask is the host's null, under a $what" "$(cat "$out")" 0
	is "and takes what is written" "$(cat b/rootfs/masked)" masked
done
rm -rf b/rootfs/dev/null
untouched "/dev/null"
for destination in /dev/ //dev /./dev /dev-link; do
	ln -sf dev b/rootfs/dev-link
	bundle '.process.args = ["true"] | .mounts |= map(select(.destination
		| startswith("/dev") | not)) | .mounts += [{type: "bind",
		destination: "'$destination'", source: $host,
		options: ["bind"]}]'
	ok "the host's directory at $destination" box
	untouched "devices"
done

# Masked and read-only paths that are links: what they mean in the image.
mkdir b/rootfs/kept
echo kept >b/rootfs/kept/file
ln -s kept b/rootfs/mask1
ln -s "$up/kept/file" b/rootfs/mask2
ln -s "$tmp/host/secret" b/rootfs/mask3
shell 'cat /kept/file; ls /kept | wc -l; touch /ro/x' '.root.readonly = false |
	.linux.maskedPaths = ["/mask1", "/mask3"]'
exits 1 "a masked path that is a link" box
printed "is masked where it leads" '^0$'
is "and nothing shows" "$(grep -c kept "$out")" 0
shell 'cat /kept/file | wc -c' '.linux.maskedPaths = ["/mask2"]'
ok "one that goes up and up" box
printed "is masked in the image" '^0$'
shell 'touch /kept/x' '.root.readonly = false |
	.linux.readonlyPaths = ["/mask1"]'
exits 1 "a read-only path that is a link" box
said "is read-only where it leads" 'Read-only'
untouched "masks"

# A working directory outside of the root, through what the caller has open.
exec 7<"$tmp/host" 9<"$tmp"
for fd in 3 4 5 6 7 8 9 10 11 12; do
	for cwd in /proc/self/fd/$fd /proc/self/fd/$fd/.. /proc/1/fd/$fd \
		/proc/thread-self/fd/$fd; do
		bundle '.process.args = ["ls"] | .process.cwd = "'"$cwd"'"'
		run box
		[ "$status" = 125 ] || fail "cwd $cwd: $status" "$(cat "$out")"
	done
done
pass "a working directory by descriptor is refused"
bundle '.process.args = ["ls"] | .process.cwd = "/cwd"'
ln -s /proc/self/fd/7 b/rootfs/cwd
exits 125 "nor through a link of the image" box
rm b/rootfs/cwd
shell 'cat secret' '.process.cwd = "/proc/1/cwd" |
	.linux.namespaces |= map(select(.type != "pid"))'
exits 125 "/proc/1/cwd of the host" box

# What the container has of its caller.
shell 'ls -l /proc/self/fd /proc/1/fd; cat <&7; cat <&9; cat /proc/1/environ |
	tr "\0" "\n"; sed "s/.*) //" /proc/self/stat; id; grep Cap /proc/1/status
	echo session $(cut -d" " -f6 /proc/1/stat)
	grep -E "Sig(Blk|Ign)" /proc/1/status' 'del(.process.capabilities.inheritable)'
run env SECRET=of-the-caller setpriv --inh-caps +kill,+chown --ambient-caps +kill,+chown \
	--groups 4,27 oci-run --root "$state" -b b "$id"
is "no descriptor of the caller" "$(grep -cE "$tmp|secret" "$out")" 0
# busybox 1.35 says "7: ...", 1.37 "dup2(7,0): ...".
said "none is open there" '\<7(,0\))?: Bad file descriptor'
is "no variable of the caller" "$(grep -c SECRET "$out")" 0
printed "its ids, no group of the caller" '^uid=0\(root\) gid=0\(root\)( groups=0\(root\))?$'
printed "nothing inheritable" '^CapInh:	0000000000000000$'
printed "nothing ambient" '^CapAmb:	0000000000000000$'
printed "a session of its own" '^session 1$'
printed "no signal blocked" '^SigBlk:	0000000000000000$'
exec 7<&- 9<&-

# A terminal is had from a devpts, or not at all, and its file in /dev is the
# image's wherever that leads.
terminal() {
	script -qec "oci-run --root '$state' -b b $id" /dev/null
}
for what in pipe link link-to-it; do
	rm -rf b/rootfs/dev/pts
	case $what in
	pipe) mkdir b/rootfs/dev/pts && mkfifo b/rootfs/dev/pts/ptmx ;;
	link) ln -s "$tmp/host" b/rootfs/dev/pts ;;
	link-to-it) ln -s /proc/1/root/dev/pts b/rootfs/dev/pts ;;
	esac
	bundle '.process.terminal = true | .process.args = ["true"] |
		.mounts |= map(select(.destination | startswith("/dev") | not))'
	exits 125 "no devpts, but a $what" terminal
	printed "is no terminal" 'process.terminal: /dev/pts'
done
rm -rf b/rootfs/dev/pts "b/rootfs${tmp:?}"
for what in /host/secret /host/new /proc/1/root; do
	target=$tmp$what
	[ $what != /proc/1/root ] || target=/proc/1/root$tmp/host/secret
	ln -s "$target" b/rootfs/dev/console
	bundle '.process.terminal = true | .process.args = ["sh", "-c",
		"echo typed >/dev/console"] |
		.mounts |= map(select(.destination != "/dev"))'
	ok "/dev/console leads to $what" terminal
	printed "and is covered" typed
	ok "nothing is made where it leads" test ! -e "b/rootfs${tmp:?}"
	rm b/rootfs/dev/console
done
mkdir volume
ln -s /volume/made b/rootfs/dev/console
bundle '.process.terminal = true | .process.args = ["stty", "-F",
	"/dev/console"] | .mounts |= map(select(.destination != "/dev")) |
	.mounts += [{destination: "/volume", type: "bind", source: $dir,
		options: ["bind"]}]' --arg dir "$tmp/volume"
ok "/dev/console leads to a volume" terminal
is "where nothing is made" "$(ls volume)" ""
rm b/rootfs/dev/console
untouched "/dev/console"
is "and its files" "$(cat host/secret)" secret

# What the bundle mounts over /proc gets nothing that is for the kernel.
mkdir -p host/sys/net/ipv4/conf/lo
echo kept | tee host/sys/net/ipv4/conf/lo/forwarding >host/oom_score_adj
bundle '.process.args = ["cat", "/proc/self/oom_score_adj"] |
	.process.oomScoreAdj = 77 | del(.linux.readonlyPaths) |
	.linux.sysctl = {"net/ipv4/conf/lo/forwarding": "1"} |
	.mounts += [{destination: "/proc/sys", type: "bind", options: ["bind"],
		source: ($host + "/sys")}]'
ok "a mount on /proc/sys" box
is "a setting isn't written to what is mounted over it" \
	"$(cat host/sys/net/ipv4/conf/lo/forwarding host/oom_score_adj)" \
	"$(printf 'kept\nkept')"
printed "the score is the kernel's" '^77$'
rm -r host/sys host/oom_score_adj

# Settings of the host by a name that begins as one of a namespace.
before=$(cat /proc/sys/vm/swappiness)
for name in net/../vm/swappiness net.//.vm.swappiness net/ipv4/../../vm/swappiness \
	net.ipv4.//.//.vm.swappiness net//../vm/swappiness ../vm/swappiness \
	/proc/sys/vm/swappiness net/. kernel.core_pattern; do
	bundle '.process.args = ["true"] |
		.linux.sysctl = {"'$name'": "'"$before"'"}'
	exits 125 "the sysctl $name" box
	said "is the host's" "linux.sysctl: .*is the host's"
done
bundle '.process.args = ["cat", "/proc/sys/net/ipv4/conf/lo/forwarding"] |
	.linux.sysctl = {"net/ipv4/conf/lo/forwarding": "1"}'
ok "and one of the network" box
printed "is set" '^1$'

# The cgroups without a namespace for them.
shell 'for d in /sys/fs/cgroup /sys/fs/cgroup/*; do
	mkdir $d/x && echo WRITABLE $d; echo 1 >$d/cgroup.procs && echo WRITABLE
	echo 0 >$d/notify_on_release && echo WRITABLE; done 2>/dev/null
	mount | grep -c " /sys/fs/cgroup"; true' \
	'.linux.namespaces |= map(select(.type != "cgroup")) |
	.mounts |= map(if .type == "cgroup" then .options = ["rw"] else . end)'
ok "cgroups without their namespace" box
is "can't be written" "$(grep WRITABLE "$out")" ""
printed "and are there" '^[1-9]'
for path in /../../../escape ../../../../../../escape "/a/../../escape"; do
	bundle '.process.args = ["true"] | .linux.cgroupsPath = "'$path'"'
	run box
	is "no cgroup outside of the tree: $path" \
		"$(find /sys/fs /tmp -maxdepth 1 -name escape)" ""
done

# Mounts of the container's don't come to the host.
mounts=$(host_mounts)
shell 'mount -t tmpfs none /tmp && mount --bind /tmp /home && echo mounted' \
	'.process.capabilities[] += ["CAP_SYS_ADMIN"] |
	.linux.rootfsPropagation = "shared"'
ok "mounts in a container that may" box
printed "are made" '^mounted$'
untouched "propagation"

is "no state is left" "$(ls "$state")" ""
done_testing
