# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2034,SC2154
# What podman.t and buildah.t share: a configuration and a storage of the
# test's own, so that nothing is seen of a podman that the machine's user has,
# and an image "busybox".  oci-runtime is named in the configuration, as
# oci-runtime(1) has it.
need podman conmon busybox jq python3
need_root

unset CONTAINER_HOST CONTAINER_CONNECTION XDG_RUNTIME_DIR
export HOME="$tmp/home" TMPDIR="$tmp/tmpdir"
export CONTAINERS_CONF="$tmp/containers.conf"
export CONTAINERS_STORAGE_CONF="$tmp/storage.conf"
mkdir "$HOME" "$TMPDIR"

# Names and cgroups of this test alone.
name=engine$$
parent=/engine-$$
. "$top/t/engines/cgroups.sh"

# The lines of the manual, or as the test says of README, and what a machine
# without rights to raise limits, and without a network, asks for.
. "$top/t/engines/manual.sh"
{
	${lines:-from_manual /etc/containers/containers.conf}
	cat <<E2
events_logger = "file"
lock_type = "file"
tmp_dir = "$tmp/libpod"
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
netns = "none"
E2
} >containers.conf
cat >storage.conf <<E2
[storage]
driver = "vfs"
graphroot = "$tmp/store"
runroot = "$tmp/run"
E2

# However the test ends: no container, no conmon, no mount, no cgroup of it.
engine_end() {
	timeout 60 podman pod rm --all --force --time 0
	timeout 60 podman rm --all --force --time 0
	pgrep -f "^[^ ]*conmon .*$tmp/" | while read -r pid; do
		kill -KILL "$pid"
	done
	awk -v t="$tmp/" 'index($5, t) == 1 { print $5 }' /proc/self/mountinfo |
		sort -r | xargs -r umount -l
	cgroups_remove
}
at_exit 'engine_end >/dev/null 2>&1'

# What the test is to leave nothing of.
engine_left() {
	podman ps -aq
	pgrep -f "^[^ ]*conmon .*$tmp/"
	engine_cgroups
}
nothing_left() {
	[ ! "$(engine_left)" ]
}
# leaves_nothing NAME: conmon sees to its end after podman's.
leaves_nothing() {
	wait_for nothing_left
	is "$1" "$(engine_left)" ""
}

busybox_rootfs rootfs
printf '#!/nonexistent\n' >rootfs/bin/noexec
tar -C rootfs -cf image.tar .
podman import --change 'ENV PATH=/bin' image.tar busybox >"$out" 2>"$err" || {
	diag "$(cat "$err")"
	bail "podman import"
}

# Where not even another runtime can do it, it is not for ours to be tried.
if command -v runc >/dev/null &&
	! timeout 60 podman --runtime "$(command -v runc)" run --rm \
		--cgroup-parent "$parent" busybox true >"$out" 2>"$err"; then
	diag "$(cat "$err")"
	skip_all "podman runs no container here, by runc either"
fi
