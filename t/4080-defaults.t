#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-mkbundle: all that a bundle has when nobody asks for anything, line by
# line, so that nothing of it goes unseen.
. "${0%/*}/lib.sh"
need jq busybox

mkdir bundle empty
busybox_rootfs bundle/rootfs
"$top/t/mkimage" --cmd true --platform linux/amd64 img:v1 empty >/dev/null ||
	bail "t/mkimage"

# has NAME FILTER WANTED [OPTION...]
has() {
	has_name=$1 has_filter=$2 has_wanted=$3
	shift 3
	oci-mkbundle "$@" img bundle 2>"$err" || fail "oci-mkbundle" "$(cat "$err")"
	is "$has_name" "$(jq -r "$has_filter" bundle/config.json)" "$has_wanted"
}
mounts='.mounts[] | [.destination, .type, .source, (.options | join(","))] |
	join(" ")'

has "the mounts" "$mounts" "/proc proc proc nosuid,noexec,nodev
/dev tmpfs tmpfs nosuid,strictatime,mode=755,size=65536k
/dev/pts devpts devpts nosuid,noexec,newinstance,ptmxmode=0666,mode=0620,gid=5
/dev/shm tmpfs shm nosuid,noexec,nodev,mode=1777,size=65536k
/dev/mqueue mqueue mqueue nosuid,noexec,nodev
/sys sysfs sysfs nosuid,noexec,nodev,ro
/sys/fs/cgroup cgroup cgroup nosuid,noexec,nodev,relatime,ro"
has "the masked paths" '.linux.maskedPaths[]' "/proc/acpi
/proc/asound
/proc/kcore
/proc/keys
/proc/latency_stats
/proc/sched_debug
/proc/scsi
/proc/timer_list
/proc/timer_stats
/sys/devices/virtual/powercap
/sys/firmware"
has "the read-only paths" '.linux.readonlyPaths[]' "/proc/bus
/proc/fs
/proc/irq
/proc/sys
/proc/sysrq-trigger"
has "the capabilities" '.process.capabilities | [.bounding, .effective,
	.permitted] | unique | .[] | join(" ")' "CAP_CHOWN CAP_DAC_OVERRIDE\
 CAP_FOWNER CAP_FSETID CAP_KILL CAP_SETGID CAP_SETUID CAP_SETPCAP\
 CAP_NET_BIND_SERVICE CAP_SYS_CHROOT CAP_SETFCAP"
has "the rest of the process" '.process | del(.capabilities) | tojson' \
	'{"user":{"uid":0,"gid":0,"additionalGids":[0]},"args":["true"],"env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin","HOME=/root"],"cwd":"/","noNewPrivileges":true}'
if [ "$(id -u)" = 0 ]; then
	has "the rest of linux" '.linux | del(.maskedPaths, .readonlyPaths, .seccomp) |
		tojson' '{"resources":{"devices":[{"allow":false,"access":"rwm"}]},"namespaces":[{"type":"pid"},{"type":"network"},{"type":"ipc"},{"type":"uts"},{"type":"mount"},{"type":"cgroup"}]}'
else
	skip 1 "not root: a user namespace is added"
fi
has "the filter" '.linux.seccomp | del(.syscalls) | tojson' \
	'{"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":38,"architectures":["SCMP_ARCH_X86_64","SCMP_ARCH_X86","SCMP_ARCH_X32"]}'
has "and what else there is" 'del(.process, .mounts, .linux, .annotations) |
	tojson' '{"ociVersion":"1.1.0","root":{"path":"rootfs","readonly":false},"hostname":"bundle"}'

# The host's own files are there to be read.
for f in /etc/hosts /etc/resolv.conf; do
	[ -r $f ] || continue
	has "$f of the host" ".mounts[] | select(.destination == \"$f\") |
		[.type, .source, (.options | join(\",\"))] | join(\" \")" \
		"bind $f bind,rprivate,nosuid,noexec,nodev,ro" --network host
done
has "/sys of the host" '.mounts[] | select(.destination == "/sys") |
	[.type, .source, (.options | join(","))] | join(" ")' \
	"bind /sys rbind,nosuid,noexec,nodev,ro" --network host --rootless

# A user namespace of one id has neither the group of terminals nor groups.
if [ "$(id -u)" = 0 ] && command -v setpriv >"$out"; then
	chmod 755 "$tmp_base" && chown -R 12345:12345 bundle
	setpriv --reuid 12345 --regid 12345 --clear-groups \
		oci-mkbundle img bundle || fail "oci-mkbundle"
	is "terminals without a group, for one id" "$(jq -r '.mounts[2].options |
		join(",")' bundle/config.json)" \
		nosuid,noexec,newinstance,ptmxmode=0666,mode=0620
	is "and no groups" "$(jq -c .process.user bundle/config.json)" \
		'{"uid":0,"gid":0}'
else
	skip 2 "no other user here"
fi
done_testing
