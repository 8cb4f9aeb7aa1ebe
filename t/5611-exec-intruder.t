#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-exec into a container that doesn't wish it well: what it could see or
# reach of the host, and what it may have made of its files meanwhile.
# shellcheck disable=SC2016 # what is in single quotes is for another shell
. "${0%/*}/lib.sh"
need cc script
. "$top/t/run.sh"

compile atexec atexec.c
compile b/rootfs/intruder intruder.c -static -fno-pic -no-pie
compile b/rootfs/intruder.so intruder.c -shared -fPIC
chmod 755 "$tmp_base" "$tmp"
mkdir bin host
cp "$B/bin/oci-exec" bin
PATH=$tmp/bin:$PATH

up() { # ID
	oci-run --root "$state" -b b -d "$1" >"$1.out" 2>"$tmp/err.up" \
		</dev/null || bail "$(cat "$tmp/err.up")"
}
x() { # [OPTION...] ID COMMAND...
	timeout -k 5 60 oci-exec --root "$state" "$@"
}
down() { # ID
	oci-delete --root "$state" -f "$1"
}

plain '.process.args = ["sleep", "1000"] | .root.readonly = false |
	.process.env = ["PATH=/bin", "HOME=/"]'
userns='.linux.namespaces += [{type: "user"}] |
	.linux.uidMappings = [{containerID: 0, hostID: 0, size: 65536}] |
	.linux.gidMappings = .linux.uidMappings'
everything='.process.capabilities[] = ["CAP_SYS_ADMIN", "CAP_SYS_PTRACE",
	"CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_MKNOD", "CAP_SYS_CHROOT"] |
	del(.process.capabilities.ambient)'

# At each look-up by name there are the streams, and a socket.
for mode in . "$userns" '.process.user = {uid: 5, gid: 5}'; do
	bundle "$mode"
	up "$id"
	ok "under a tracer" ./atexec held oci-exec --root "$state" "$id" true
	is "chdir and exec are seen" \
		"$(grep -cE '^(chdir /|execve /bin/true) ' held)" 2
	is "with the streams and the channel alone" \
		"$(grep -E '^(chdir /|execve /bin/true) ' held |
		grep -oE ' [0-9]+=[^ ]*' | grep -vE '^ [012]=|=socket:')" ""
	down "$id"
done

# No number of a descriptor leads to the host.
bundle .
up "$id"
cp "$(command -v busybox)" host/echo
up=../../../../../../../../../../../../../../../../..
found='' numbers='3 4 5 6 7 8 9 10 11 12 13 14'
exec 7<"$tmp/host"
for n in $numbers; do
	way=/proc/self/fd/$n/$up$tmp/host
	printf '#!%s/echo\n' "$way" >"b/rootfs/script$n"
	chmod 755 "b/rootfs/script$n"
	for command in "$way/echo" "/script$n"; do
		run x "$id" "$command" ESCAPED
		grep -qE 'ESCAPED|^/script' "$out" && found="$found $command"
	done
	run x -e "PATH=$way" "$id" echo ESCAPED
	grep -q ESCAPED "$out" && found="$found PATH:$n"
	for cwd in "/proc/self/fd/$n" "/proc/self/fd/$n/.."; do
		run x --cwd "$cwd" "$id" echo ESCAPED
		grep -q ESCAPED "$out" && found="$found cwd:$cwd"
	done
done
exec 7<&-
is "no number leads to the host" "$found" ""
outside() { x "$id" true <host; }
exits 125 "a directory as standard input" outside
said "is refused" 'standard input is a directory'
down "$id"

# A container looks at what comes into it, from when it can see it.
for mode in . "$userns | $everything"; do
	bundle "$mode | .process.args = [\"/intruder\", \"look\"]"
	up "$id"
	wait_for grep -q looking "$id.out"
	for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
		x "$id" true 2>/dev/null || fail "into it, time $i"
	done
	down "$id"
	ok "a container looks at what comes" grep -q looking "$id.out"
	is "and sees no file of oci-exec's" \
		"$(grep -vE '^(looking|/bin/true)$' "$id.out" | sort -u)" ""
done

# Its own file (CVE-2019-5736).
libraries='.mounts += (["/usr", "/lib", "/lib64"] | map({destination: .,
	type: "bind", source: ., options: ["rbind", "ro"]}))'
[ -d /lib64 ] || libraries=$(echo "$libraries" | sed 's:, "/lib64"::')
bundle "$libraries | $everything"
up "$id"
sum=$(sha256sum bin/oci-exec; stat -c %a bin/oci-exec)
printf '#!/proc/self/exe --help\n' >b/rootfs/script
chmod 755 b/rootfs/script
case $(ldd bin/oci-exec 2>&1) in
*"statically linked"* | *"not a dynamic"*) programs= ;;
*) programs="/proc/self/exe /script" ;;
esac
[ "$programs" ] || skip 6 "oci-exec is linked statically"
for program in $programs; do
	run x -e LD_PRELOAD=/intruder.so \
		-e ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 \
		"$id" "$program"
	printed "a program in the place of oci-exec, as $program" '^loaded$'
	is "can't write to its file" "$(grep -c WRITTEN "$out")" 0
	is "which is as it was" \
		"$(sha256sum bin/oci-exec; stat -c %a bin/oci-exec)" "$sum"
done
down "$id"

# The caller's terminal and keys.
bundle .
up "$id"
run script -qec "oci-exec --root '$state' '$id' /intruder type" /dev/null
is "the caller's terminal takes no typing" \
	"$(grep -cE 'OPENED|TAKEN|TYPED' "$out")" 0
run b/rootfs/intruder key-put oci-exec --root "$state" "$id" /intruder key-find
if grep -q 'Function not impl' "$out" "$err"; then
	skip 2 "a kernel without keys"
else
	printed "a key of the caller's session is not found" \
		'^key: Required key not available'
	run b/rootfs/intruder key-put oci-exec --root "$state" \
		--no-new-keyring "$id" /intruder key-find
	printed "but is with --no-new-keyring" '^key: FOUND'
fi

down "$id"

# A /dev/pts that is none any more.
bundle "$everything"
up "$id"
tty() { x -t "$id" true; }
ok "a terminal" tty
x "$id" sh -c 'mount -t tmpfs none /dev/pts && mkfifo /dev/pts/ptmx'
exits 125 "where a FIFO is in its place there is none" tty
said "and it is said" '/dev/pts is not a devpts'
x "$id" sh -c 'umount /dev/pts && touch /f && mkfifo /p &&
	mount -o bind /p /dev/pts/ptmx'
exits 125 "nor behind a mount on ptmx" tty
said "and it is said" '/dev/pts/ptmx'
x "$id" sh -c 'umount /dev/pts/ptmx; umount /dev/pts; rmdir /dev/pts;
	ln -s /proc /dev/pts'
exits 125 "nor by a link" tty
down "$id"

# A /proc that is the image's, and an etc/passwd that is anything.
bundle '.process.env = ["PATH=/bin"] | del(.linux.maskedPaths) |
	del(.linux.readonlyPaths) |
	.mounts |= map(select(.destination != "/proc"))'
mkdir -p b/rootfs/proc/self/fd
ln -sf /etc/issue b/rootfs/proc/self/setgroups
for n in $numbers 0 1 2; do
	mkfifo "b/rootfs/proc/self/fd/$n"
done
up "$id"
ok "where the image has its own /proc" x "$id" sh -c 'echo $HOME'
is "HOME is the image's all the same" "$(cat "$out")" /root
ok "and a terminal" tty
down "$id"
rm -r b/rootfs/proc
mkdir b/rootfs/proc
bundle '.process.env = ["PATH=/bin"]'
up "$id"
passwd() { # NAME: what it is now
	ok "$1: it runs" x "$id" sh -c 'echo $HOME'
	is "$1: HOME is /" "$(cat "$out")" /
	rm -rf b/rootfs/etc/passwd
}
rm b/rootfs/etc/passwd
mkfifo b/rootfs/etc/passwd
passwd "a FIFO"
ln -s /proc/kmsg b/rootfs/etc/passwd
passwd "a link into /proc"
ln -s /proc/self/fd/7 b/rootfs/etc/passwd
passwd "a link to a descriptor"
mknod b/rootfs/etc/passwd c 1 5
passwd "a device"
passwd "no file"
down "$id"

is "nothing is left" "$(ls "$state") $(leftovers)" " "
done_testing
