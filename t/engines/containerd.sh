# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2034,SC2154
# What the tests of containerd share: one of the test's own, with an image of
# busybox in the namespace $space.
need containerd ctr busybox runc
. "$top/t/engines/apart.sh"

image=test.local/busybox:v1
export CONTAINERD_SNAPSHOTTER=native
mkdir "$tmp_base/containerd"

# C ARG...: ctr, as its user calls it.
C() {
	timeout -k 5 60 ctr -n "$space" "$@"
}

# box ARG...: ctr run in a cgroup of the test.
box() {
	C run --cgroup "$parent/box" --runc-binary "${runtime:-$oci}" "$@"
}

no_process() {
	! pgrep -f '^[^ ]*containerd-shim|sleep 100'
}

# daemon_start: by $tmp/config.toml.
daemon_start() {
	containerd -c config.toml --root "$tmp_base/containerd/root" \
		--state /run/containerd \
		>"$tmp_base/containerd/log" 2>&1 </dev/null &
	daemon=$!
	wait_for C version
}

# containerd_start [OPTION...]: with those of t/mkimage for the image.  Skips
# where another runtime doesn't do any better.
containerd_start() {
	daemon_start || {
		diag "$(tail -n 5 "$tmp_base/containerd/log")"
		skip_all "containerd doesn't start here"
	}
	busybox_image img:v1 --env ONE=1 "$@" >/dev/null
	tar -C img -cf img.tar .
	C image import --snapshotter native --base-name "${image%:*}" img.tar \
		>"$out" 2>"$err" || {
		diag "$(cat "$err")"
		bail "ctr image import"
	}
	runtime=runc box --rm "$image" box true >"$out" 2>"$err" || {
		diag "$(cat "$err")"
		skip_all "ctr runs no container here, by runc either"
	}
}
