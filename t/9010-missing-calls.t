#!/bin/sh
# SPDX-License-Identifier: ISC
# System calls that an old kernel hasn't got, or a container's seccomp profile
# refuses: the work is done without, or a message says which it is.
# shellcheck disable=SC2016
. "${0%/*}/lib.sh"
need cc busybox docker-registry setpriv newuidmap unshare
# An ordinary user's newuidmap has no privileges under the filter.
need_root
ENOSYS=38 EPERM=1

compile without without.c -lseccomp
busybox_image img:v1 >/dev/null || bail "no image"
tar -C img -cf stream.tar oci-layout index.json blobs
ok "a tree to compare with" oci-unpack img:v1 whole
"$top/t/tree" whole >whole.txt
registry_start
"$top/t/pushimage" img:v1 "$registry/img:v1"
oci-fetch "$registry/img:v1" >whole.tar

# Of what the call is a part: nothing, and it isn't missed.
same() { # CALLS ERROR
	ok "oci-unpack without $1 ($2)" ./without "$1" "$2" oci-unpack img:v1 r
	"$top/t/tree" r >r.txt
	ok "the same tree" cmp whole.txt r.txt
	ok "oci-mkbundle" ./without "$1" "$2" oci-mkbundle img:v1 b
	ok "oci-layout-write" sh -c \
		'./without "$@" oci-layout-write l:v1 <stream.tar' sh "$1" "$2"
	ok "oci-fetch" ./without "$1" "$2" oci-fetch "$registry/img:v1"
	cp "$out" r.tar
	ok "the same stream" cmp whole.tar r.tar
	rm -rf r b l
}
same openat2 $ENOSYS
same openat2 $EPERM
same openat2,name_to_handle_at $ENOSYS
same clone3 $ENOSYS
same close_range,faccessat2,statx,rseq,copy_file_range $ENOSYS

# What has to be there: status 1, the reason, and nothing published.
refused() { # CALL TEXT COMMAND...
	call=$1 text=$2
	shift 2
	for error in $ENOSYS $EPERM; do
		exits 1 "$1 without $call ($error)" sh -c \
			'./without "$@" <stream.tar' sh "$call" "$error" "$@"
		said "says so" "$text: (Function not implemented|Operation not permitted)"
		[ "$error" != $ENOSYS ] || said "and why it may be" \
			'old kernel, or a container.s seccomp profile'
		ok "and leaves nothing" sh -c '! test -e r && ! test -e l/index.json &&
			! test -e b/config.json &&
			! ls -A | grep -q write-'
		rm -rf r l b
	done
}
refused flock 'r: flock' oci-unpack img:v1 r
refused flock '\.l\.write-.*: flock' oci-layout-write l:v1
refused flock 'b: flock' oci-mkbundle img:v1 b
refused linkat 'bin/.*: link to .*' oci-unpack img:v1 r
refused renameat '' oci-unpack img:v1 r
refused fsync '' oci-layout-write l:v1
refused getrandom 'getrandom' oci-layout-write l:v1

exits 1 "flock refused may be a seccomp profile's work" \
	./without flock $EPERM oci-unpack img:v1 r
said "and that is said" "r: flock: Operation not permitted, perhaps to a container's seccomp profile"

mkdir -m 700 st
for call in fcntl getdents64; do
	exits 1 "oci-ps without $call" ./without $call $ENOSYS oci-ps --root st
	said "says so" 'oci-ps: .*: Function not implemented: an old kernel'
done

if [ "$(id -u)" = 0 ]; then
	chmod 755 "$tmp_base" "$tmp"
	mkdir -m 777 open
	cp "$B/bin/oci-unpack" open
	chmod -R a+rX img
	PATH=$tmp/open:$PATH
	echo 65534:200000:65536 >ranges
	exits 1 "a user's ranges without unshare" unshare -m \
		--propagation private sh -euc '
		mount --bind ranges /etc/subuid
		mount --bind ranges /etc/subgid
		exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
		' sh ./without unshare $EPERM \
		oci-unpack --rootless=ranges img:v1 open/r
	said "say how to go on" \
		'--rootless=single.*unshare: Operation not permitted, perhaps'
else
	skip 2 "not root"
fi

done_testing
