#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# oci-run: where mounts come to be: over one another, through links, and
# through links to what isn't there; and where the process does.
. "${0%/*}/lib.sh"
need strace
. "$top/t/run.sh"

mkdir host host/b
echo secret >host/b/SECRET
mkdir -p b/rootfs/a/b b/rootfs/run b/rootfs/var
ln -s ../run b/rootfs/var/run
ln -s /run/lock b/rootfs/var/lock
ln -s ../run/resolve/stub b/rootfs/etc/resolv.conf
ln -s /nowhere/at/all b/rootfs/up
ln -s loop b/rootfs/loop
plain '.root.readonly = false'

# runs SCRIPT FILTER: the mounts are tmpfs unless they have a source.
runs() {
	shell "$1" 'def tmpfs: {destination: ., type: "tmpfs", source: "tmpfs"};
		def bound($from): {destination: ., type: "bind", source: $from,
		options: ["rbind"]}; '"$2"
	box
}

ok "a mount below one that was covered" runs 'ls -A /a/b' '.mounts += [
	("/a/b" | tmpfs), ("/a" | bound($host)), ("/a/b" | tmpfs),
	("/a/b/c" | tmpfs)]'
is "is where it can be seen" "$(cat "$out")" c
ok "a directory of the covering one is made there" runs 'ls /a/b' '.mounts += [
	("/a/b" | tmpfs), ("/a" | tmpfs), ("/a/b/c" | tmpfs)]'
is "and seen" "$(cat "$out")" c
ok "a mount at another name of a mount" runs 'ls /run' '.mounts += [
	("/run" | tmpfs), ("/var/run" | bound($host)),
	("/run/.containerenv" | bound("/etc/hostname")), ("/run/in" | tmpfs)]'
is "covers that, and has what comes later" "$(tr '\n' ' ' <"$out")" "b in "
ls -A host >left
is "all of it" "$(grep -c containerenv left)" 1
rm -rf host/in host/.containerenv
ok "masks are where they can be seen" runs 'cat /run/b/SECRET | wc -c' '.mounts +=
	[("/run" | tmpfs), ("/var/run" | bound($host))] |
	.linux.maskedPaths += ["/run/b/SECRET"]'
printed "through the link" '^0$'

# Links to what isn't there.
ok "a mount at a link" runs 'ls /run; stat -f -c %T /run/lock; readlink /var/lock' \
	'.mounts += [("/run" | tmpfs), ("/var/lock" | tmpfs), ("/var/lock/x" | tmpfs)]'
is "is made where that leads" "$(tr '\n' ' ' <"$out")" "lock tmpfs /run/lock "
ok "a file at a link" runs 'cat /run/resolve/stub; readlink /etc/resolv.conf' \
	'.mounts += [("/run" | tmpfs), ("/etc/resolv.conf" | bound("'"$tmp/host/b/SECRET"'"))]'
is "too" "$(tr '\n' ' ' <"$out")" "secret ../run/resolve/stub "
ok "one that goes far" runs 'ls /nowhere/at' '.mounts += [("/up/and/on" | tmpfs)]'
is "stays inside" "$(cat "$out")" all
exits 125 "a link to itself" runs true '.mounts += [("/loop" | tmpfs)]'
said "is an error" 'mounts: /loop: (Too many|Symbolic link)'
exits 125 "the root itself" runs true '.mounts += [("/" | tmpfs)]'
said "is refused" 'mounts: /: would cover'
many() {
	shell 'ulimit -n' 'del(.process.rlimits) | .mounts += [range(300) |
		{destination: ("/tmp" + ("/d" * (. + 1))), type: "tmpfs",
		source: "tmpfs"}]'
	prlimit --nofile=256: oci-run --root "$state" -b b "$id"
}
ok "three hundred mounts in one another" many
is "cost no descriptor of the program's" "$(cat "$out")" 256

# The streams are the user's, and a working directory may be one that he alone
# or that he can't enter.
ok "as a user, /dev/stdout" runs 'echo one >/dev/stdout; echo two >/dev/stderr' \
	'.process.user = {uid: 1000, gid: 1000}'
printed "can be opened" one
said "and /dev/stderr" two
piped() {
	runs 'echo one >/dev/stdout' '.process.user = {uid: 1000, gid: 1000}' | cat
}
ok "a pipe, too" piped
printed "is written to" one
echo input >input
files() {
	runs 'cat; echo one >/dev/stdout' '.process.user = {uid: 1000, gid: 1000}' \
		<input >output
}
ok "files for input and output" files
is "what is written to is the user's, what is read is not" \
	"$(stat -c %u output input | tr '\n' ' ')" "1000 0 "
run runs true '.process.user = {uid: 1000, gid: 1000}' </dev/null
is "and the null device stays root's" "$(stat -c %u /dev/null)" 0
chmod 700 b/rootfs/root
ok "a working directory that root alone can enter" runs pwd \
	'.process.user = {uid: 1000, gid: 1000} | .process.cwd = "/root"'
printed "is entered" '^/root$'
mkdir b/rootfs/his
chown 1000 b/rootfs/his
chmod 700 b/rootfs/his
ok "one that the user alone can" runs pwd '.process.cwd = "/his" |
	.process.user = {uid: 1000, gid: 1000} |
	del(.process.capabilities.effective, .process.capabilities.permitted)'
printed "is entered" '^/his$'

# With CAP_SYS_ADMIN the links of map_files lead to the runtime's own libraries.
ok "a container that may look at its maps" runs 'grep CapEff /proc/1/status' \
	'.process.capabilities = {bounding: ["CAP_SYS_ADMIN"],
	permitted: ["CAP_SYS_ADMIN"], effective: ["CAP_SYS_ADMIN"]}'
printed "has what it is given" '^CapEff:	0000000000200000$'
ok "without it when its program is looked up" strace -f -o calls \
	-e trace=capset,execve oci-run --root "$state" -b b "$id"
last=$(grep capset calls | grep -o 'effective=[^,]*' | tail -n 1)
is "as it is in none of what is in effect" "$last" "effective=0"

is "no state is left" "$(ls "$state")" ""
done_testing
