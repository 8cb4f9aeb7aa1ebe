#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# oci-run: what its process holds when the image's names are looked up, and
# images that try each number for a way out.
. "${0%/*}/lib.sh"
need cc setpriv
need_root

compile atexec atexec.c
state=$tmp/state
chmod 755 "$tmp_base" "$tmp"
mkdir b host
busybox_rootfs b/rootfs
chmod -R a+rX b/rootfs
cp "$(command -v busybox)" host/echo
echo root:x:0:0::/ESCAPED: >host/passwd
echo user:x:1000:1000::/ESCAPED: >>host/passwd

# A bundle by hand: the process with the user $1, namespaces and what else.
user_namespace='{"type":"user"},'
config() { # UID NAMESPACE MORE
	cat <<-END
	{"ociVersion": "1.0.2", "root": {"path": "rootfs"},
	 "process": {"args": [@ARGS@], "env": [@ENV@], "cwd": "/home",
	  "user": {"uid": $1, "gid": $1}, "noNewPrivileges": true,
	  "capabilities": {"bounding": ["CAP_SYS_ADMIN", "CAP_DAC_OVERRIDE"],
	   "permitted": ["CAP_SYS_ADMIN", "CAP_DAC_OVERRIDE"],
	   "effective": ["CAP_SYS_ADMIN", "CAP_DAC_OVERRIDE"]}},
	 "mounts": [
	  {"destination": "/proc", "type": "proc", "source": "proc"},
	  {"destination": "/dev", "type": "tmpfs", "source": "tmpfs"}],
	 "linux": {$3 "namespaces": [$2 {"type": "mount"}, {"type": "pid"},
	  {"type": "cgroup"}, {"type": "ipc"}, {"type": "uts"}]}}
	END
}
map() { # HOST-ID SIZE
	echo '"uidMappings": [{"containerID": 0, "hostID": '"$1"', "size": '"$2"'}],
	"gidMappings": [{"containerID": 0, "hostID": '"$1"', "size": '"$2"'}],'
}
config 0 '' '' >root.json
config 1000 '' '' >user.json
config 0 "$user_namespace" "$(map 0 65536)" >userns.json
config 0 "$user_namespace" "$(map 65534 1)" >rootless.json
mkdir home
chown 65534:65534 home

# box MODE ARGS [ENV]: of a word each without quotes.
box() {
	box_args=$(echo "$2" | sed 's:[^ ]*:"&":g; s: :, :g')
	sed -e "s|@ARGS@|$box_args|" -e "s|@ENV@|\"${3-PATH=/bin}\"|" \
		-e "s|\"/home\"|\"${4-/home}\"|" "$1.json" >b/config.json
	case $1 in
	rootless) (
		cd home && setpriv --reuid=65534 --regid=65534 --clear-groups \
			env HOME="$tmp/home" XDG_RUNTIME_DIR="$tmp/home" \
			oci-run -b ../b d$$
	) ;;
	*) ${trace-} oci-run --root "$state" -b b d$$ ;;
	esac
}

# At each look-up by name there are the streams, and a socket.
for mode in root userns user; do
	trace="./atexec $tmp/held"
	run box $mode true
	trace=
	is "$mode: it runs under a tracer" "$status" 0
	is "$mode: chdir and exec are seen" \
		"$(grep -cE '^(chdir /home|execve /bin/true) ' held)" 2
	is "$mode: with the streams and the channel alone" \
		"$(grep -E '^(chdir /home|execve /bin/true) ' held |
		grep -oE ' [0-9]+=[^ ]*' |
		grep -vE '^ [012]=|=socket:')" ""
done

up=../../../../../../../../../../../../../../../../..
numbers='3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20'
exec 7<"$tmp/host" 9<"$tmp" # the caller's own, which nothing hands on

# A loader, which ends by a signal, and a program whose loader has a name of
# 128 bytes, to be put in.
echo 'void _start(void) { __builtin_trap(); }' >ld.c
cc -nostdlib -static -fno-pie -no-pie -o host/ld ld.c 2>"$err" ||
	bail "cc: $(cat "$err")"
filler=$(printf '%0120d' 0)
echo 'void _start(void) { for (;;) ; }' >loader.c
cc -nostdlib -fPIE -pie -Wl,--dynamic-linker="/LOADER/$filler" -o loader \
	loader.c 2>"$err" || bail "cc: $(cat "$err")"

# Files of the image that lead to the host's by number $n.
lead() {
	way=/proc/self/fd/$n/$up$tmp/host
	mkdir -p "b/rootfs/l$n"
	ln -sf "$way/echo" "b/rootfs/l$n/echo"
	printf '#!%s/echo\n' "$way" >"b/rootfs/script$n"
	printf '%s' "$way/ld" >name
	[ "$(wc -c <name)" -lt 128 ] || bail "$tmp: too long a name"
	head -c 128 /dev/zero >>name
	head -c 128 name >name.full
	at=$(grep -abo "/LOADER/$filler" loader | head -n 1 | cut -d: -f1)
	cp loader "b/rootfs/loaded$n"
	dd if=name.full of="b/rootfs/loaded$n" bs=1 seek="$at" conv=notrunc \
		2>/dev/null
	chmod 755 "b/rootfs/script$n" "b/rootfs/loaded$n"
}
path='' links=''
for n in $numbers; do
	lead
	path=$path${path:+:}$way
	links=$links${links:+:}/l$n
done

# The host's busybox says what it was given, its loader dies.
escaped() { # NAME
	if [ "$status" -gt 128 ] || grep -qE 'ESCAPED|^/script' "$out"; then
		found="$found $1"
	fi
}
for mode in root user userns rootless; do
	found=''
	run box $mode "echo ESCAPED" "PATH=$path"
	is "$mode: nothing is found in a PATH of descriptors" "$status" 127
	escaped PATH
	run box $mode "echo ESCAPED" "PATH=$links"
	is "$mode: nor behind links" "$status" 127
	escaped links
	for n in $numbers; do
		run box $mode "/proc/self/fd/$n/$up$tmp/host/echo ESCAPED"
		escaped "program:$n"
		run box $mode "/script$n"
		escaped "script:$n"
		run box $mode "/loaded$n"
		escaped "loader:$n"
	done
	is "$mode: no number leads to the host" "$found" ""

	found=''
	ln -sfn "/proc/self/fd/7" b/rootfs/cwd
	for cwd in $numbers link; do
		case $cwd in
		link) cwd=/cwd ;;
		*) cwd=/proc/self/fd/$cwd ;;
		esac
		run box $mode "echo ESCAPED" PATH=/bin "$cwd"
		escaped "cwd:$cwd"
		run box $mode "echo ESCAPED" PATH=/bin "$cwd/.."
		escaped "cwd:$cwd/.."
	done
	is "$mode: nor is a working directory there" "$found" ""

	mv b/rootfs/etc/passwd b/rootfs/etc/passwd.kept
	found=''
	for n in $numbers; do
		ln -sf "/proc/self/fd/$n/$up$tmp/host/passwd" \
			b/rootfs/etc/passwd
		run box $mode "/bin/sh -c set"
		escaped "passwd:$n"
	done
	is "$mode: nor is the user looked up there" "$found" ""
	is "$mode: who is at home in /" "$(grep '^HOME=' "$out")" "HOME='/'"
	mv b/rootfs/etc/passwd.kept b/rootfs/etc/passwd
done
run box root "/bin/sh -c set"
is "else at home where the image says" "$(grep '^HOME=' "$out")" "HOME='/root'"
exec 7<&- 9<&-

# What is handed on is there and stays, and no number comes to be one of ours.
echo handed >file
run box root 'cat /proc/self/fd/3'
is "without --preserve-fds 3 is not there" "$status" 1
printf '#!/bin/sh\ncat <&3\nls /proc/self/fd\n' >b/rootfs/bin/handed
chmod 755 b/rootfs/bin/handed
handed() {
	sed -e 's|@ARGS@|"handed"|' -e 's|@ENV@|"PATH=/bin"|' root.json \
		>b/config.json
	oci-run --root "$state" -b b --preserve-fds "$1" d$$ 3<file
}
ok "with it it is" handed 1
is "and no more than that" "$(tr '\n' ' ' <"$out")" "handed 0 1 2 3 4 "
exits 125 "one that is closed" handed 2
said "is an error by its number" 'descriptor 4: Bad file descriptor'

# Streams: none, and directories of the host's.
closed() {
	box root "ls -l /proc/self/fd" <&-
}
ok "without a standard input" closed
is "none of ours is in its place" "$(grep -c "$tmp" "$out")" 0
directory() {
	box root "ls /proc/self/fd/0/" <host
}
exits 125 "a directory as standard input" directory
said "is refused" 'standard input is a directory'

is "no state is left" "$(ls "$state")" ""
done_testing
