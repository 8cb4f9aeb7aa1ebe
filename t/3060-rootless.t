#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-unpack as an ordinary user: all files his, or owners from his ranges.
. "${0%/*}/lib.sh"
. "$top/t/unpack.sh"
need setpriv
need_root

layer base <<'E'
dir ./ mode=755
dir d mode=555 uid=5 gid=6 mtime=100
file d/f text mode=4711 uid=7 gid=8 mtime=100
dir closed mode=0
file closed/in x mode=0
file x mode=444 xattr.user.a=b
dir xd mode=555 xattr.user.d=e
symlink s d uid=9
fifo p
char null 1 3 mode=666
link null2 null
link null3 null2
file wasfile x
file wasfile2 x
E
layer upper <<'E'
file d/g two mtime=100
file closed/.wh.in
link wasfile2 null
char wasfile 1 3
E
image base.tar upper.tar
chmod 755 "$tmp_base" "$tmp"
chmod -R a+rX img
mkdir home
chown 65534:65534 home
as_user() {
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}
ok "the caller's" as_user oci-unpack img home/r
said "a device is left out, and said so" 'null: device left out'
said "others are counted" 'devices left out: 4 more'
ok "it isn't there" test ! -e home/r/null
is "nor are other names of it, nor what it replaced" \
	"$(cd home/r && echo null* wasfile*)" "null* wasfile*"
is "owners" "$(find home/r -printf '%U:%G\n' | sort -u)" 65534:65534
is "modes" "$(cd home/r && stat -c '%a %n' d d/f closed x xd p)" "555 d
4711 d/f
0 closed
444 x
555 xd
644 p"
is "an upper layer wrote to a directory of mode 555" "$(cat home/r/d/g)" two
is "whose time is as it was" "$(stat -c %Y home/r/d)" 100
is "and hid something in one of mode 0" "$(ls -A home/r/closed)" ''
is "attributes of what can't be written" "$(python3 -c '
import os
print(os.getxattr("home/r/x", "user.a"), os.getxattr("home/r/xd", "user.d"))
')" "b'b' b'e'"
# Owners are kept as umoci keeps them, which has root's as "no change".
owners() { # DIR PATH...
	python3 - "$@" <<-'E2'
	import os, sys
	for path in sys.argv[2:]:
	    try:
	        value = os.getxattr(sys.argv[1] + "/" + path,
	            "user.rootlesscontainers")
	    except OSError:
	        value = b""
	    print(path, value.hex())
	E2
}
is "owners are kept in an attribute" "$(owners home/r . d d/f x)" ". 
d 08051006
d/f 08071008
x "
layer kept <<'E'
file both x uid=1000 gid=100
file user x uid=70000
file group x gid=3
file most x uid=4294967294 gid=127
dir dir uid=128 gid=0 mode=700
file readonly x gid=3 mode=444
file root x xattr.user.rootlesscontainers='\x08\x05'
file other x uid=5 xattr.user.rootlesscontainers='\x08\x06'
E
image kept.tar
chmod -R a+rX img
kept="both user group most dir"
umoci_user() {
	as_user env HOME="$tmp/home" umoci "$@"
}
if command -v umoci >/dev/null; then
	ok "umoci's way" umoci_user unpack --rootless --image img home/bundle
	ok "and ours" as_user oci-unpack img home/kept
	# shellcheck disable=SC2086
	is "are the same" "$(owners home/kept $kept)" \
		"$(owners home/bundle/rootfs $kept)"
	rm -rf home/bundle/rootfs
	mv home/kept home/bundle/rootfs
	for i in home/bundle/rootfs/*; do
		[ -d "$i" ] || echo more >>"$i"
		chmod g+w "$i"
	done
	chown -R 65534:65534 img
	ok "umoci makes a layer of it" umoci_user repack --image img:new \
		home/bundle
	is "whose files have the owners of the image" "$(oci-unpack --list \
		--format json img:new | jq -r 'select(.layer == 2 and
		.path != "." and .type != "layer") |
		"\(.path) \(.uid):\(.gid)"' | sort | tr '\n' ' ')" "both \
1000:100 dir 128:0 group 0:3 most 4294967294:127 other 5:0 readonly 0:3 \
root 0:0 user 70000:0 "
else
	skip 5 "no umoci"
fi
rm -rf home/bundle home/kept
image kept.tar
ok "root does the same where all is his" \
	oci-unpack --rootless=single img home/kept
is "a layer's own word of it isn't believed" \
	"$(owners home/kept root other)" "root 
other 080510ffffffff0f"
rm -rf home/kept
# As on tmpfs up to Linux 6.5.
run unshare -m --propagation private sh -c 'mount -t ramfs none home &&
	oci-unpack --rootless=single img home/r && ls home/r | wc -l'
is "where there are no attributes" "$status $(cat "$out")" "0 8"
said "it is said of one file" 'the owner is not kept: Operation not supported'
said "and the others are counted" 'owners left out: 6 more'
image base.tar upper.tar
chmod -R a+rX img
fails "over it" as_user oci-unpack img home/r
fails "where he may not" as_user oci-unpack img r
ok "root can do the same" oci-unpack --rootless=single img r
is "owners" "$(find r -printf '%U:%G\n' | sort -u)" 0:0
image base.tar
if ! setpriv --bounding-set=-dac_override,-dac_read_search \
	--inh-caps=-dac_override,-dac_read_search true 2>/dev/null; then
	skip 2 "no capabilities to take away"
else
	rm -rf r
	ok "root without the right to write everywhere" setpriv \
		--bounding-set=-dac_override,-dac_read_search \
		--inh-caps=-dac_override,-dac_read_search oci-unpack img r
	is "gives attributes to what can't be written" "$(python3 -c '
import os
print(os.getxattr("r/x", "user.a"), oct(os.stat("r/x").st_mode))')" \
		"b'b' 0o100444"
fi
exits 2 "an unknown mode" oci-unpack --rootless=x img s
layer bad <<'E'
dir d mode=0
file d/f x
file d/f/x y
E
image bad.tar
chmod -R a+rX img
rm -rf home/r
fails "a failure" as_user oci-unpack img home/r
is "leaves nothing" "$(ls -A home)" ''

# Ranges need an entry in /etc/subuid, so a copy of it is put over it.
if ! command -v newuidmap >/dev/null || [ ! -e /etc/subuid ]; then
	skip 17 "no newuidmap"
	done_testing
fi
image base.tar upper.tar
chmod -R a+rX img
printf '65534:200000:65536\n0:400000:65536\n' >subid
cat >ranges <<E
#!/bin/sh
mount --bind '$tmp/subid' /etc/subuid && mount --bind '$tmp/subid' /etc/subgid &&
exec setpriv --reuid=65534 --regid=65534 --clear-groups "\$@"
E
chmod +x ranges
in_ranges() {
	unshare -m --propagation private ./ranges "$@"
}
run in_ranges unshare -U true
if [ "$status" != 0 ]; then
	skip 17 "no user namespaces for users"
	done_testing
fi
ok "owners from ranges" in_ranges oci-unpack --rootless=ranges img home/r
is "root is the caller" "$(stat -c %u:%g home/r/x)" 65534:65534
is "others are of the range" "$(stat -c '%u:%g %a' home/r/d/f)" \
	'200006:200007 4711'
said "a device is left out" 'null: device left out'
fails "the user himself can't remove them" as_user rm -r home/r
ok "--remove can" in_ranges oci-unpack --remove --rootless=ranges home/r
is "all of it" "$(ls home)" ""

# While it runs with all capabilities in its namespace nobody looks into it.
mkfifo fifo
unshare -m --propagation private ./ranges \
	oci-unpack --rootless=ranges - home/r <fifo 2>"$err" &
exec 4>fifo
tar -C img -c oci-layout index.json | head -c 1024 >&4
i=0 seen=yes
while [ "$seen" ] && [ $i -lt 300 ]; do
	sleep 0.01
	i=$((i + 1))
	grep -q ' 200000 ' "/proc/$!/gid_map" &&
		! as_user ls "/proc/$!/root/" >"$out" 2>&1 && seen=''
done
is "its files can't be looked at" "$seen" ""
exec 4>&-
wait $!
is "it ends with its input" $? 1
ok "auto" in_ranges oci-unpack --rootless img home/r
is "takes them, too" "$(stat -c %u:%g home/r/d/f)" 200006:200007
rm -rf home/r
in_root_ranges() {
	sed 's/exec setpriv.*/exec "$@"/' ranges >root-ranges
	unshare -m --propagation private sh ./root-ranges "$@"
}
oci-unpack --objects o img a 2>"$err"
ok "root, with ids of a range" \
	in_root_ranges oci-unpack --rootless=ranges --objects o img b
oci-unpack --objects o img c 2>"$err"
[ ! -e o/inode ] || is "leaves those without their files" \
	"$(stat -c %i c/d/f)" "$(stat -c %i a/d/f)"
for i in l m; do
	in_ranges oci-unpack --rootless=ranges --layers "home/$i" img >"$out" 2>&1
done
ok "unused layers of two directories" \
	in_ranges oci-unpack --gc --rootless=ranges home/l home/m
is "go" "$(find home/l/sha256 home/m/sha256 -mindepth 1)" ""
rm -rf home/l home/m
fails "ranges where there are none" as_user oci-unpack --rootless=ranges img \
	home/r
ok "auto does without" as_user oci-unpack --rootless=auto img home/r
done_testing
