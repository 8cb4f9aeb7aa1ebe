#!/bin/sh
# SPDX-License-Identifier: ISC
# A container that may mount mounts every hierarchy there is and finds the
# host's root, with its release_agent, in none; an ordinary user's finds
# nothing that he could not write himself.
. "${0%/*}/lib.sh"
need setpriv
. "$top/t/run.sh"

chmod 755 "$tmp_base" "$tmp" b
mkdir b/rootfs/at
cat >b/rootfs/bin/look <<'E'
#!/bin/sh
for controllers; do
	if ! mount -t cgroup -o "$controllers" none /at 2>/dev/null; then
		echo "no $controllers"
		continue
	fi
	echo "mounted $controllers"
	[ ! -e /at/release_agent ] || echo "root of $controllers"
	grep -qx $$ /at/cgroup.procs || echo "not in $controllers"
	for f in release_agent notify_on_release tasks; do
		(: >/at/$f) 2>/dev/null && echo "writable $controllers $f"
	done
	umount /at
done
E
chmod 755 b/rootfs/bin/look

# What is there by /proc/self/cgroup, and what might be by /proc/cgroups.
here=$(cut -d: -f2 /proc/self/cgroup | grep .)
names=$(
	echo "$here" | sed 's/^name=/none,&/'
	sed 1d /proc/cgroups | cut -f1
	echo none,name=systemd
	echo "none,name=made-$id"
)
names=$(echo "$names" | sort -u)
look="[\"look\", $(echo "$names" | sed 's/.*/"&"/' | paste -sd,)]"

own='.linux.namespaces |= map(select(.type != "cgroup")) + [{type: "cgroup"}]'
plain "$own | .process.args = $look | .root.readonly = false"

admin='.process.capabilities[] += ["CAP_SYS_ADMIN"]'
bundle "$admin"
ok "a container with CAP_SYS_ADMIN and a cgroup namespace" box
is "finds no hierarchy's root" "$(grep '^root' "$out")" ""
is "it is in what it sees" "$(grep '^not in' "$out")" ""
is "it can mount what is there" "$(sed -n 's/^mounted \(none,\)*//p' "$out" |
	sort)" "$(echo "$here" | sort)"
is "and makes no hierarchy" \
	"$(cut -d: -f2 /proc/self/cgroup | grep .)" "$here"
bundle "$admin"' | .linux.cgroupsPath = "/'"$id"'/below"'
ok "with a path" box
is "neither" "$(grep '^root\|^not in' "$out")" ""
is "nothing is left" "$(leftovers)" ""

# The host's root in a user namespace of its own: it may write what root may.
map='[{containerID: 0, hostID: 0, size: 65536}]'
bundle "$admin"' | .linux.namespaces += [{type: "user"}] |
	.linux.uidMappings = '"$map"' | .linux.gidMappings = '"$map"
ok "with a user namespace that has the host's root" box
is "neither" "$(grep '^root\|^not in' "$out")" ""

if [ "$(stat -f -c %T /sys/fs/cgroup)" = cgroup2fs ]; then
	skip 4 "no cgroup v1 here"
else
	bundle "$admin"
	exits 125 "hierarchies that aren't mounted here" v2_only \
		oci-run --root "$state" -b b "$id"
	said "one is named, and the way out" \
		'hierarchy "[a-z].*mount -t cgroup -o [a-z].*CAP_SYS_ADMIN'
	bundle '.process.args = ["true"]'
	ok "a container that can't mount runs" v2_only \
		oci-run --root "$state" -b b "$id"
	bundle "$admin"' | .process.args = ["true"] | .linux.namespaces |=
		map(select(.type != "cgroup"))'
	ok "and one whose cgroups are to be the host's" v2_only \
		oci-run --root "$state" -b b "$id"
fi

# Without privilege there is no cgroup of v1 to be had.
mkdir user
chown 65534:65534 user
as_user() {
	setpriv --reuid=65534 --regid=65534 --clear-groups \
		env XDG_RUNTIME_DIR="$tmp/user" "$@"
}
(cd user && as_user runc spec --rootless)
mv user/config.json plain.json
plain ".process.terminal = false | del(.process.capabilities.ambient) |
	$own | .process.args = $look | .root.readonly = false"
bundle "$admin"
chown -R 65534:65534 b
ok "an ordinary user's container" as_user oci-run -b b "$id"
is "mounts them too" "$(sed -n 's/^mounted \(none,\)*//p' "$out" | sort)" \
	"$(echo "$here" | sort)"
is "but can write to no hierarchy" "$(grep '^writable' "$out")" ""
is "nothing is left" "$(leftovers)" ""
done_testing
