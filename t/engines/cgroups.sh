# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2154
# What the tests of engines find of their containers below the cgroup $parent,
# in whatever hierarchies the machine has, while others' come and go.  A cgroup
# "conmon" is podman's own, and it leaves it with every runtime.
engine_cgroups() {
	find /sys/fs/cgroup -type d -path "*$parent/*" ! -name conmon \
		2>/dev/null
}

# limits V1-FILE V2-FILE: what is in the file that the cgroups' version has.
limits() {
	find /sys/fs/cgroup \( -name "$1" -o -name "$2" \) \
		-path "*$parent/*/*" ! -path '*/conmon/*' -exec cat {} + \
		2>/dev/null
}

# cgroups_remove: once their processes have been killed, frozen or not.
cgroups_remove() {
	find /sys/fs/cgroup \( -name freezer.state -o -name cgroup.freeze \) \
		-path "*$parent/*" | while read -r f; do
		case $f in
		*.state) echo THAWED ;;
		*) echo 0 ;;
		esac >"$f"
	done
	for _ in $(seq 100); do
		find /sys/fs/cgroup -depth -type d -path "*$parent*" \
			-exec rmdir {} +
		[ "$(find /sys/fs/cgroup -type d -path "*$parent*")" ] || break
		sleep 0.05
	done
}
