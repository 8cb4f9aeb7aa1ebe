# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2034,SC2154
# A test of an engine that is a daemon starts anew in mount and pid namespaces
# of its own, as their process 1, with a /run of its own: there the daemons'
# and their shims' sockets are, whatever they are told.  However the test ends,
# no process and no mount of it is left.
need_root
need unshare

if [ ! "${ENGINE_APART-}" ]; then
	unshare --mount --pid --fork --mount-proc true 2>"$err" ||
		skip_all "no namespaces here: $(cat "$err")"
	export ENGINE_APART=1
	trap - EXIT
	cd /
	rm -rf "$tmp_base"
	exec unshare --mount --pid --fork --kill-child --mount-proc \
		--propagation private "$top/t/engines/${0##*/}"
fi
[ $$ = 1 ] || bail "ENGINE_APART is set"
mount -t tmpfs -o mode=755 none /run || bail "no private mounts"
unset XDG_RUNTIME_DIR

# The cgroup that the test's containers are below.
parent=/engine-${tmp_base##*.}
oci=$B/bin/oci-runtime
. "$top/t/engines/cgroups.sh"

# In these namespaces nobody is a stranger to the test.
apart_end() {
	kill -KILL -1
	cgroups_remove
	wait
	awk -v t="$tmp_base/" 'index($4, t) == 1 || index($5, t) == 1 {
		print $5 }' /proc/self/mountinfo | sort -r | xargs -r umount -l
}
at_exit 'apart_end >/dev/null 2>&1'
