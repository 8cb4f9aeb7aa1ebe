# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2034,SC2154
# What becomes of layers: the groups of t/bench/run that unpack.

bench_unpack() {
	layers_make
	turns 2 --prepare 'rm -rf out && mkdir out' \
		-n umoci "rmdir out && umoci raw unpack --image $debian:debian out" \
		-n pigz "pigz -dc layer | tar -C out -x" \
		-n tar "tar -C out -xf layer.tar" \
		-n gzip "rmdir out && oci-unpack $debian:debian out" \
		-n zstd "rmdir out && oci-unpack img:zstd out" \
		-n plain "rmdir out && oci-unpack img:plain out" \
		-n flatten "oci-flatten $debian:debian | cat >out/tar"
	row "umoci raw unpack" "$median_umoci" ms
	row "pigz -dc | tar -x" "$median_pigz" ms
	row "tar -x, of the plain archive" "$median_tar" ms
	row "oci-unpack, gzip" "$median_gzip" ms
	to "umoci's" gzip umoci 0.3
	to "pigz | tar's" gzip pigz 0.65
	row "oci-unpack, zstd" "$median_zstd" ms
	to "tar's" zstd tar 1.3
	row "oci-unpack, plain" "$median_plain" ms
	to "tar's" plain tar 1.1
	row "oci-flatten, gzip" "$median_flatten" ms
	to "umoci's" flatten umoci 0.5
	bench_cut
}

# The same files in layers of the same size.
bench_cut() {
	for n in 5 60; do
		rm -rf cut
		mkdir cut
		"$top/t/bench/cut" $n layer.tar cut
		"$top/t/mkimage" cut:$n cut/*.tar >/dev/null
		turns 2 --prepare 'rm -rf out' \
			-n umoci "umoci raw unpack --image cut:$n out" \
			-n cut "oci-unpack cut:$n out"
		row "oci-unpack, gzip, $n layers" "$median_cut" ms
		to "umoci's" cut umoci 0.3
		to "one layer's" cut gzip 1.3
	done
}

# 40,000 small files, in memory and on a disk.
bench_modules() {
	"$top/t/bench/modules" 40000 >modules.tar
	"$top/t/mkimage" modules:latest modules.tar >/dev/null
	disk=$(mktemp -d "${DISK:-/var/tmp}/bench.XXXXXX")
	at_exit "rm -rf $disk"
	for where in "$tmp" "$disk"; do
		turns 1 --prepare "rm -rf $where/out && mkdir $where/out" \
			-n umoci "rmdir $where/out && umoci raw unpack \
				--image modules:latest $where/out" \
			-n tar "tar -C $where/out -xf modules.tar" \
			-n ours "rmdir $where/out && \
				oci-unpack modules:latest $where/out"
		[ "$where" = "$tmp" ] || echo "on a disk:"
		row "umoci raw unpack, 40,000 small files" "$median_umoci" ms
		row "tar -x, of the plain archive" "$median_tar" ms
		row "oci-unpack, gzip" "$median_ours" ms
		to "umoci's" ours umoci 0.6
		to "tar's" ours tar 1.2
	done
	rm -rf "$disk" modules modules.tar
}

# From a registry to a root file system, to a container; and the second time.
# podman has a storage of its own.  What is run is nothing, without a profile.
bench_whole() {
	turns 1 --prepare 'rm -rf out layout' \
		-n skopeo "skopeo copy -q --src-tls-verify=false \
			docker://$registry/debian oci:layout:latest &&
			umoci raw unpack --image layout:latest out" \
		-n pipe "oci-fetch -q $registry/debian | oci-unpack - out"
	row "skopeo copy, umoci raw unpack" "$median_skopeo" ms
	row "oci-fetch | oci-unpack" "$median_pipe" ms
	to "theirs" pipe skopeo 0.3
	bench_cold
	bench_shared
}

bench_cold() {
	podman="podman --root $tmp/cold --runroot $tmp/coldrun \
		--storage-driver overlay --events-backend file \
		--cgroup-manager cgroupfs --runtime runc"
	turns_in=$top/t/v2-only
	turns 1 --prepare "umount -q $tmp/cold/overlay; rm -rf cold* out layout" \
		-n podman "$podman run -q --rm --tls-verify=false \
			--network none --pids-limit -1 \
			--ulimit nofile=1024:1024 --ulimit nproc=1024:1024 \
			--security-opt seccomp=unconfined $registry/debian true" \
		-n ours "oci-fetch -q $registry/debian |
			oci-layout-write layout:debian &&
			oci-mkbundle --seccomp unconfined layout:debian out \
				-- true &&
			oci-run --root $tmp/state -b out bench$$"
	turns_in=
	umount -q "$tmp/cold/overlay" 2>/dev/null || :
	rm -rf cold coldrun
	row "podman run, of what is in a registry" "$median_podman" ms
	row "oci-fetch | oci-layout-write, -mkbundle, -run" "$median_ours" ms
	to "podman's" ours podman 0.3
}

# The bundle's root file system is a mount, which goes before it.
bench_shared() {
	gone="umount -q out/rootfs/root; rm -rf out"
	rm -rf out
	at_exit "cd $tmp && umount -q out/rootfs/root 2>/dev/null || :"
	oci-unpack --layers layers "$debian:debian" >/dev/null
	turns 5 --prepare "$gone" -n shared \
		"oci-mkbundle --layers layers $debian:debian out -- true"
	row "oci-mkbundle, of layers that are there" "$median_shared" ms 30
	sh -c "$gone"
	rm -rf layers
}

# The layer, its archive, and images of that by zstd and as it is.
layers_make() {
	zcat "$debian/blobs/sha256/${layer#*:}" >layer.tar
	ln -s "$debian/blobs/sha256/${layer#*:}" layer
	"$top/t/mkimage" img:zstd zstd=layer.tar >/dev/null
	"$top/t/mkimage" img:plain plain=layer.tar >/dev/null
}
