#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016,SC2317
# Bind mounts whose ids are mapped: idmap, ridmap, uidMappings, gidMappings.
. "${0%/*}/lib.sh"
. "$top/t/run.sh"

chmod 755 "$tmp_base" "$tmp"
mkdir -p host/data host/tree/below b/rootfs/data
touch b/rootfs/one
echo x >host/data/root
echo x >host/data/one
chown 1001:1002 host/data/one
cp -a host/data/* host/tree
mount -t tmpfs -o mode=755 below host/tree/below ||
	skip_all "nothing can be mounted here"
at_exit "umount '$tmp/host/tree/below'"
echo x >host/tree/below/file
chown 1:2 host/tree/below/file
before=$(host_mounts)

map() { # CONTAINER HOST SIZE
	echo "[{containerID: $1, hostID: $2, size: $3}]"
}
user=".linux.namespaces += [{type: \"user\"}] |
	.linux.uidMappings = $(map 0 100000 65536) |
	.linux.gidMappings = .linux.uidMappings"
# data FILTER SCRIPT OPTION...: the directory at /data, with the options.
data() {
	data_filter=$1 data_script=$2
	shift 2
	data_options=$(printf ',"%s"' "$@")
	shell "$data_script" "$data_filter | .mounts += [{destination: \"/data\",
		type: \"none\", source: (\$host + \"/data\"),
		options: [${data_options#,}]}]"
}
maps() { # UID-MAP GID-MAP: of what data has mounted
	change '.mounts[-1].uidMappings = '"$1"' | .mounts[-1].gidMappings = '"$2"
}
owners='stat -c %u:%g /data/root /data/one'
those='stat -c %u:%g /data/root /data/one /data/below /data/below/file'
seen() {
	box >seen 2>&1
	tr '\n' ' ' <seen | sed 's/ $//'
}

data . true bind idmap
maps "$(map 0 1 1)" "$(map 0 1 1)"
run box
! grep -q 'can this file system' "$err" ||
	skip_all "a file system that can't map ids"
data "$user" "$owners" bind
is "without it they are nobody's" "$(seen)" \
	"65534:65534 65534:65534"
data "$user" "$those" rbind idmap
change '.mounts[-1].source = $host + "/tree"'
is "as the container's own namespace has them, not those below" "$(seen)" \
	"0:0 1001:1002 65534:65534 65534:65534"
data "$user" "$those" rbind ridmap
change '.mounts[-1].source = $host + "/tree"'
is "and below" "$(seen)" "0:0 1001:1002 0:0 1:2"
data "$user" 'echo new >/data/new' rbind idmap
ok "what is made there" box
is "is the host's without the map" "$(stat -c %u:%g host/data/new)" 0:0
rm -f host/data/new
data "$user" "$owners" bind idmap ro nosuid
is "with other options" "$(seen)" "0:0 1001:1002"

data . "$owners" bind idmap
maps "$(map 1001 7 1)" "$(map 1002 8 1)"
is "maps of its own, and no user namespace" "$(seen)" \
	"65534:65534 7:8"
data . "$owners" bind
maps "$(map 0 5000 2000)" "$(map 0 6000 2000)"
is "without the option, too" "$(seen)" "5000:6000 6001:7002"
data "$user" "$owners" bind idmap
maps "$(map 1001 100009 1)" "$(map 1002 100010 1)"
is "of its own in a user namespace" "$(seen)" \
	"65534:65534 9:10"
data "$user" 'stat -c %u:%g /one' bind idmap
change '.mounts[-1].source += "/one" | .mounts[-1].destination = "/one"'
is "of a file" "$(seen)" "1001:1002"

chmod 700 host
data "$user" "$owners" bind idmap
is "where only root gets to" "$(seen)" "0:0 1001:1002"
chmod 755 host

data . true bind idmap
exits 125 "no maps and no user namespace" box
said "is an error" "/data: option idmap needs uidMappings and gidMappings"
data . true bind idmap
change '.mounts[-1].uidMappings = '"$(map 0 1 1)"
exits 125 "maps of users alone" box
said "is one" "mounts.gidMappings: must be given"
bundle "$user | .mounts += [{destination: \"/t\", type: \"tmpfs\",
	options: [\"idmap\"]}]"
exits 125 "of a new file system" box
said "is one" "/t: ids are mapped of bind mounts only"
data . true bind idmap
maps "$(map 0 1 1)" "$(map 0 1 1)"
change '.mounts[-1].source = "/proc/sys"'
exits 125 "of one that can't" box
said "is one" "/data: mapped ids of /proc/sys .can this file system map ids"
data "$user" true bind idmap
change '.mounts[-1].source += "/none"'
exits 125 "of one that isn't there" box
said "is one" "/data/none: No such file"

same_mounts() {
	[ "$(host_mounts)" = "$before" ]
}
wait_for same_mounts
is "nothing of it is mounted here" "$(host_mounts)" "$before"
ok "and the features have it" eval 'oci-runtime features |
	jq -e ".linux.mountExtensions.idmap.enabled and
	(.mountOptions | index(\"idmap\") and index(\"ridmap\"))"'
all_gone "nothing is left"
done_testing
