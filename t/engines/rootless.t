#!/bin/sh
# SPDX-License-Identifier: ISC
# An ordinary user's podman runs containers by oci-runtime, which it calls in a
# user namespace of his ranges of ids.
# shellcheck disable=SC2016 # what is in single quotes is a container's
. "${0%/*}/../lib.sh"
need podman conmon busybox runc newuidmap setpriv
# Where orphans aren't reaped podman waits 20 seconds for each conmon.
. "$top/t/engines/apart.sh"

# Nobody has ranges here, and finds the programs.
echo nobody:300000:65536 >ranges
for f in /etc/subuid /etc/subgid; do
	mount --bind ranges $f || bail "no private mounts"
	at_exit "umount $f"
done
mkdir bin home
mount -t tmpfs home home
at_exit "umount home"
cp "$B"/bin/oci-* bin
chmod 755 "$tmp_base" "$tmp"
chown 65534:65534 home
. "$top/t/engines/manual.sh"
{
	from_manual /etc/containers/containers.conf "$tmp/bin"
	cat <<E2
events_logger = "file"
lock_type = "file"
tmp_dir = "$tmp/home/libpod"
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
netns = "none"
E2
} >home/containers.conf
cat >home/storage.conf <<E2
[storage]
driver = "vfs"
graphroot = "$tmp/home/store"
runroot = "$tmp/home/run"
E2
his_podman() {
	(cd home && exec timeout -k 5 60 setpriv --reuid=65534 --regid=65534 \
		--clear-groups env -u CONTAINER_HOST HOME="$tmp/home" \
		TMPDIR="$tmp/home" XDG_RUNTIME_DIR="$tmp/home" \
		CONTAINERS_CONF="$tmp/home/containers.conf" \
		CONTAINERS_STORAGE_CONF="$tmp/home/storage.conf" podman "$@")
}
box() {
	his_podman run --rm "$@"
}

busybox_rootfs rootfs
tar -C rootfs -cf image.tar .
his_podman import --change 'ENV PATH=/bin' "$tmp/image.tar" busybox \
	>"$out" 2>"$err" || skip_all "podman has no user: $(tail -n 1 "$err")"
his_podman --runtime runc run --rm busybox true >"$out" 2>"$err" || {
	diag "$(cat "$err")"
	skip_all "podman runs no container of a user here, by runc either"
}

exits 3 "run" box busybox sh -c 'awk "{ print \$2 }" /proc/self/uid_map
	id -u; echo >/dev/null && [ -c /dev/zero ] && touch /x && exit 3'
is "is root of his ranges" "$(tr '\n' ' ' <"$out")" "65534 300000 0 "
exits 127 "no such program is 127" box busybox nosuch
exits 126 "one that can't be executed is 126" box busybox /etc/passwd
ok "--userns=keep-id" box --userns=keep-id busybox id -u
is "is the same id" "$(cat "$out")" 65534
ok "another user" box --user 1000:1000 busybox sh -c 'id -u; id -g'
is "is he" "$(tr '\n' ' ' <"$out")" "1000 1000 "
mkdir home/host && chown 65534:65534 home/host
ok "a volume" box -v "$tmp/home/host:/mnt" busybox sh -c 'echo text >/mnt/file'
is "is written to as him" "$(stat -c %u home/host/file)" 65534
exits 5 "-it has a terminal" box -it busybox \
	sh -c 'case $(tty) in /dev/*) exit 5; esac'
ok "run -d" his_podman run -d --name box busybox sleep 1000
exits 4 "exec" his_podman exec box sh -c 'echo out; exit 4'
is "and its output" "$(cat "$out")" out
ok "top" his_podman top box args
printed "shows the process" 'sleep 1000'
ok "stop" his_podman stop -t 0 box
ok "start" his_podman start box
ok "rm -f" his_podman rm -f -t 0 box
no_process() {
	! pgrep -f '^[^ ]*conmon|sleep 1000'
}
ok "no process stays" wait_for no_process
done_testing
