#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# oci-run: where mounts come to be: over one another, through links, and
# through links to what isn't there; and where the process does.
. "${0%/*}/lib.sh"
need jq runc strace
need_root

state=$tmp/state
mkdir b host host/b
echo secret >host/b/SECRET
busybox_rootfs b/rootfs
mkdir -p b/rootfs/a/b b/rootfs/run b/rootfs/var
ln -s ../run b/rootfs/var/run
ln -s /run/lock b/rootfs/var/lock
ln -s ../run/resolve/stub b/rootfs/etc/resolv.conf
ln -s /nowhere/at/all b/rootfs/up
ln -s loop b/rootfs/loop
(cd b && runc spec)
cp b/config.json plain.json

# box SCRIPT FILTER: as the container "p", whose mounts are tmpfs unless they
# have a source.
box() {
	jq --arg host "$tmp/host" --arg script "$1" 'def tmpfs: {destination: .,
		type: "tmpfs", source: "tmpfs"};
		def bound($from): {destination: ., type: "bind", source: $from,
		options: ["rbind"]};
		.process.terminal = false | .root.readonly = false |
		del(.process.capabilities.ambient) |
		.process.args = ["sh", "-c", $script] | '"$2" plain.json \
		>b/config.json || bail "jq: $2"
	oci-run --root "$state" -b b p$$
}

ok "a mount below one that was covered" box 'ls -A /a/b' '.mounts += [
	("/a/b" | tmpfs), ("/a" | bound($host)), ("/a/b" | tmpfs),
	("/a/b/c" | tmpfs)]'
is "is where it can be seen" "$(cat "$out")" c
ok "a directory of the covering one is made there" box 'ls /a/b' '.mounts += [
	("/a/b" | tmpfs), ("/a" | tmpfs), ("/a/b/c" | tmpfs)]'
is "and seen" "$(cat "$out")" c
ok "a mount at another name of a mount" box 'ls /run' '.mounts += [
	("/run" | tmpfs), ("/var/run" | bound($host)),
	("/run/.containerenv" | bound("/etc/hostname")), ("/run/in" | tmpfs)]'
is "covers that, and has what comes later" "$(tr '\n' ' ' <"$out")" "b in "
ls -A host >left
is "all of it" "$(grep -c containerenv left)" 1
rm -rf host/in host/.containerenv
ok "masks are where they can be seen" box 'cat /run/b/SECRET | wc -c' '.mounts +=
	[("/run" | tmpfs), ("/var/run" | bound($host))] |
	.linux.maskedPaths += ["/run/b/SECRET"]'
printed "through the link" '^0$'

# Links to what isn't there.
ok "a mount at a link" box 'ls /run; stat -f -c %T /run/lock; readlink /var/lock' \
	'.mounts += [("/run" | tmpfs), ("/var/lock" | tmpfs), ("/var/lock/x" | tmpfs)]'
is "is made where that leads" "$(tr '\n' ' ' <"$out")" "lock tmpfs /run/lock "
ok "a file at a link" box 'cat /run/resolve/stub; readlink /etc/resolv.conf' \
	'.mounts += [("/run" | tmpfs), ("/etc/resolv.conf" | bound("'"$tmp/host/b/SECRET"'"))]'
is "too" "$(tr '\n' ' ' <"$out")" "secret ../run/resolve/stub "
ok "one that goes far" box 'ls /nowhere/at' '.mounts += [("/up/and/on" | tmpfs)]'
is "stays inside" "$(cat "$out")" all
exits 125 "a link to itself" box true '.mounts += [("/loop" | tmpfs)]'
said "is an error" 'mounts: /loop: Too many'
exits 125 "the root itself" box true '.mounts += [("/" | tmpfs)]'
said "is refused" 'mounts: /: it would cover'
many() {
	jq '.process.terminal = false | del(.process.capabilities.ambient) |
	.process.args = ["sh", "-c", "ulimit -n"] | del(.process.rlimits) |
	.mounts += [range(300) | {destination: ("/tmp" + ("/d" * (. + 1))),
	type: "tmpfs", source: "tmpfs"}]' plain.json >b/config.json
	prlimit --nofile=256: oci-run --root "$state" -b b p$$
}
ok "three hundred mounts in one another" many
is "cost no descriptor of the program's" "$(cat "$out")" 256

# The streams are the user's, and a working directory may be one that he alone
# or that he can't enter.
ok "as a user, /dev/stdout" box 'echo one >/dev/stdout; echo two >/dev/stderr' \
	'.process.user = {uid: 1000, gid: 1000}'
printed "can be opened" one
said "and /dev/stderr" two
piped() {
	box 'echo one >/dev/stdout' '.process.user = {uid: 1000, gid: 1000}' | cat
}
ok "a pipe, too" piped
printed "is written to" one
echo input >input
files() {
	box 'cat; echo one >/dev/stdout' '.process.user = {uid: 1000, gid: 1000}' \
		<input >output
}
ok "files for input and output" files
is "what is written to is the user's, what is read is not" \
	"$(stat -c %u output input | tr '\n' ' ')" "1000 0 "
run box true '.process.user = {uid: 1000, gid: 1000}' </dev/null
is "and the null device stays root's" "$(stat -c %u /dev/null)" 0
chmod 700 b/rootfs/root
ok "a working directory that root alone can enter" box pwd \
	'.process.user = {uid: 1000, gid: 1000} | .process.cwd = "/root"'
printed "is entered" '^/root$'
mkdir b/rootfs/his
chown 1000 b/rootfs/his
chmod 700 b/rootfs/his
ok "one that the user alone can" box pwd '.process.cwd = "/his" |
	.process.user = {uid: 1000, gid: 1000} |
	del(.process.capabilities.effective, .process.capabilities.permitted)'
printed "is entered" '^/his$'

# With CAP_SYS_ADMIN the links of map_files lead to the runtime's own libraries.
ok "a container that may look at its maps" box 'grep CapEff /proc/1/status' \
	'.process.capabilities = {bounding: ["CAP_SYS_ADMIN"],
	permitted: ["CAP_SYS_ADMIN"], effective: ["CAP_SYS_ADMIN"]}'
printed "has what it is given" '^CapEff:	0000000000200000$'
ok "without it when its program is looked up" sh -c '
	strace -f -o calls -e trace=capset,execve oci-run --root "$1" -b b p$$' \
	sh "$state"
last=$(grep capset calls | grep -o 'effective=[^,]*' | tail -n 1)
is "as it is in none of what is in effect" "$last" "effective=0"

is "no state is left" "$(ls "$state")" ""
done_testing
