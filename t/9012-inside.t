#!/bin/sh
# SPDX-License-Identifier: ISC
# The image chain inside a container, where CI systems have it: with the
# capabilities that container engines leave, and a seccomp profile as theirs.
. "${0%/*}/lib.sh"
. "$top/t/unpack.sh"
need cc docker-registry setpriv getfattr
need_root

compile without without.c -lseccomp
layer base <<'E'
dir d uid=5 gid=6
file d/trusted text xattr.trusted.note=x xattr.user.note=y
file d/able text xattr.security.capability='\x01\x00\x00\x02\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00'
char null 1 3
fifo pipe
symlink l d
E
image base.tar
chmod 755 "$tmp_base" "$tmp"
chmod -R a+rX img
registry_start
"$top/t/pushimage" img "$registry/img:v1"

calls=mount,umount2,unshare,setns,pivot_root,fsopen,fsmount,move_mount
calls=$calls,open_tree,mount_setattr,keyctl,add_key,bpf,open_by_handle_at
container() { # CAPABILITIES COMMAND...
	caps=$1
	shift
	setpriv --bounding-set="-all,$caps" --inh-caps=-all \
		./without $calls 1 ./without clone3 38 "$@"
}
most=+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setfcap
usual=$most,+setpcap,+net_bind_service,+net_raw,+sys_chroot,+mknod,+audit_write

oci-fetch "$registry/img:v1" >whole.tar
ok "fetched" container "$usual" oci-fetch "$registry/img:v1"
cp "$out" c.tar
ok "as outside" cmp whole.tar c.tar
ok "a layout" container "$usual" sh -c 'oci-layout-write l:v1 <whole.tar'
ok "a bundle" container "$usual" oci-mkbundle l:v1 b -- true
ok "a tree" container "$usual" oci-unpack img r
said "trusted attributes are left out, and said so" \
	'd/trusted: extended attribute trusted.note left out, for it takes CAP_SYS_ADMIN'
is "the others are there" \
	"$(getfattr --only-values -n user.note r/d/trusted 2>&1)" y
is "capabilities too" \
	"$(getfattr -n security.capability r/d/able | grep -c =)" 1
is "a device" "$(stat -c %t:%T r/null)" 1:3
is "owners" "$(stat -c %u:%g r/d)" 5:6
rm -rf r

# Some leave less.
ok "without CAP_MKNOD" container "$most" oci-unpack img r
said "a device is left out, and what it takes is said" \
	'null: device left out: .*CAP_MKNOD'
ok "the rest is there" test -p r/pipe -a -L r/l
rm -rf r
fails "root who may do nothing" container -all oci-unpack img r
said "can't give what is asked for, and hears how to go on" \
	"can't be set here; --rootless=single"
ok "goes on" container -all oci-unpack --rootless=single img r
is "with the same files" "$(cat r/d/able)" text
rm -rf r

# An ordinary user of that container.
mkdir home
chown 65534:65534 home
cp -r whole.tar without "$B"/bin/oci-* home
user() {
	container "$usual" setpriv --reuid=65534 --regid=65534 --clear-groups \
		env HOME="$tmp/home" PATH="$tmp/home:$PATH" "$@"
}
ok "a user's layout" user sh -c 'oci-layout-write home/l:v1 <home/whole.tar'
ok "his bundle" user oci-mkbundle home/l:v1 home/b -- true
ok "his tree" user oci-unpack home/l:v1 home/r
said "has no devices, for he isn't root" 'null: device left out: only root may'
ok "he fetches" user oci-fetch "$registry/img:v1"
cp "$out" c.tar
ok "the same bytes" cmp whole.tar c.tar

done_testing
