#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-fetch and a real registry: the stream's order and bytes, platforms,
# indexes, both families of media types, what foreign tools read of it.
. "${0%/*}/lib.sh"
need docker-registry curl busybox skopeo

registry_start
busybox_image img:latest >digest || bail "no image"
digest=$(cat digest)
printf layer2 >a && tar -cf a.tar a && printf layer3 >b && tar -cf b.tar b
"$top/t/mkimage" --docker img:docker a.tar b.tar >docker
"$top/t/mkimage" --platform linux/arm/v7 img:v7 a.tar plain=b.tar >v7
"$top/t/mkimage" --platform linux/amd64 img:amd64 b.tar zstd=a.tar >amd64
"$top/t/mkimage" --platform linux/s390x img:s390x a.tar >s390x
"$top/t/mkindex" img:multi v7 amd64 s390x >multi
"$top/t/mkindex" img:gzip v7 s390x >gzip
"$top/t/mkimage" --docker --platform linux/s390x img:ds a.tar >/dev/null
"$top/t/mkindex" --docker img:list docker ds >list
for tag in latest docker multi gzip list; do
	"$top/t/pushimage" "img:$tag" "$registry/a/img:$tag" || bail "no push"
done
image=$registry/a/img

# The digests of the stream's blobs in their order, of one manifest.
blobs_of() {
	echo "$1"
	grep -o '"digest":"[^"]*"' "img/blobs/sha256/${1#*:}" | cut -d'"' -f4
}

# The same as members of an archive.
members_of() {
	echo oci-layout
	echo index.json
	echo manifest.json
	echo blobs/
	echo blobs/sha256/
	for m; do
		blobs_of "$m"
	done | awk '!seen[$0]++' | sed 's|^sha256:|blobs/sha256/|'
}

stream() { # FILE OPTION... REF
	to=$1
	shift
	oci-fetch "$@" >"$to"
}

ok "an image by its tag" stream s.tar "$image:latest"
is "nothing is said but on a terminal" "$(cat "$err")" ""
is "members in the stream's order" "$(tar -tf s.tar)" \
	"$(members_of "$digest")"
mkdir s && tar -xf s.tar -C s
(cd s/blobs/sha256 && sha256sum ./*) >sums
is "each blob has its digest" "$(grep -vEc '^([0-9a-f]{64})  ./\1$' sums)" 0
is "owner 0, time 0, modes 0644 and 0755" \
	"$(tar --numeric-owner --full-time -tvf s.tar |
	awk '{ print $1, $2, $4, $5 }' | sort -u)" \
	"-rw-r--r-- 0/0 1970-01-01 00:00:00
drwxr-xr-x 0/0 1970-01-01 00:00:00"
is "oci-layout" "$(cat s/oci-layout)" '{"imageLayoutVersion":"1.0.0"}'
is "index.json" "$(cat s/index.json)" \
"{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\"$digest\",\"size\":$(stat -c %s "img/blobs/sha256/${digest#*:}"),\"annotations\":{\"io.containerd.image.name\":\"$image:latest\",\"org.opencontainers.image.ref.name\":\"latest\"}}]}"
is "the end is there" "$(tail -c 1024 s.tar | tr '\000' 0)" \
	"$(printf %01024d 0)"
is "and nothing is beyond whole blocks" $(($(stat -c %s s.tar) % 512)) 0
ok "again" stream again.tar -j 1 "$image"
ok "it is the same, byte for byte" cmp s.tar again.tar
ok "into a pipe" sh -c "oci-fetch '$image' | cat >pipe.tar"
ok "the same" cmp s.tar pipe.tar

ok "by digest" stream d.tar "$image@$digest"
is "it has no name then" "$(tar -xOf d.tar index.json | grep -c annotations)" 0
ok "by tag and digest" stream td.tar "$image:latest@$digest"
ok "is as by tag" cmp s.tar td.tar
exits 2 "a digest that is none" oci-fetch "$image@sha256:../../x"

ok "Docker's media types" stream docker.tar "$image:docker"
is "members in order" "$(tar -tf docker.tar)" "$(members_of "$(cat docker)")"
for j in 1 2 8; do
	stream "docker$j.tar" -j $j "$image:docker"
	ok "the same bytes with -j $j" cmp docker.tar "docker$j.tar"
done

ok "a platform of an index" stream p.tar -p linux/arm/v7 "$image:multi"
is "its manifest stands for it" "$(tar -tf p.tar)" "$(members_of "$(cat v7)")"
tar -xOf p.tar index.json >index
ok "with its platform" grep -q \
	'"platform":{"os":"linux","architecture":"arm","variant":"v7"}' index
ok "a variant that runs it" stream p8.tar --platform linux/arm/v8 "$image:multi"
ok "is the same" cmp p.tar p8.tar
fails "a platform that isn't there" stream x.tar -p linux/riscv64 "$image:multi"
said "is named" 'no image for linux/riscv64'
is "nothing was written" "$(stat -c %s x.tar)" 0
fails "a platform that a plain image isn't for" \
	stream x.tar -p linux/s390x "$image:latest"
said "both are named" 'is for linux/[a-z0-9]*, not for linux/s390x'
if [ "$(uname -m)" = x86_64 ]; then
	ok "this machine's by default" stream h.tar "$image:multi"
	is "is amd64's" "$(tar -tf h.tar)" "$(members_of "$(cat amd64)")"
	ok "and of Docker's list" stream hl.tar "$image:list"
	is "too" "$(tar -tf hl.tar)" "$(members_of "$(cat docker)")"
else
	skip 4 "the index has no image for this machine"
fi

# The same of several images: manifests, then configs, then layers.
members_of_all() {
	{
		printf '%s\n' "$@"
		for m; do
			blobs_of "$m" | sed -n 2p
		done
		for m; do
			blobs_of "$m" | sed 1,2d
		done
	} | awk '!seen[$0]++' | sed 's|^sha256:|blobs/sha256/|'
}
ok "--all" stream all.tar --all "$image:multi"
is "the index and each image, every blob once" "$(tar -tf all.tar)" \
	"$({ printf '%s\n' oci-layout index.json blobs/ blobs/sha256/ &&
	echo "blobs/sha256/$(cut -d: -f2 multi)" &&
	members_of_all "$(cat v7)" "$(cat amd64)" "$(cat s390x)"; })"
ok "--all of a plain image is that image" stream sa.tar -a "$image"
ok "as without" cmp s.tar sa.tar

# Skopeo 1.9 gives directories that have no entry in an archive to root.
if [ "$(id -u)" = 0 ]; then
	ok "skopeo reads the stream" \
		skopeo copy --quiet oci-archive:s.tar dir:sk
	is "and it is the image" \
		"sha256:$(sha256sum <sk/manifest.json | cut -c1-64)" "$digest"
	# Skopeo 1.18 wants to annotate what is zstd, so this index has none.
	stream gzip.tar --all "$image:gzip"
	ok "all of an index" skopeo copy --quiet --all --preserve-digests \
		oci-archive:gzip.tar oci:ska:x
	for m in gzip v7 s390x; do
		ok "with the manifest of $m" \
			test -f "ska/blobs/sha256/$(cut -d: -f2 $m)"
	done
else
	skip 6 "not root: skopeo would chown"
fi

ok "--manifest" oci-fetch --manifest "$image:latest"
cp "$out" manifest
ok "prints the bytes" cmp manifest "img/blobs/sha256/${digest#*:}"
ok "--manifest of an index" oci-fetch -m "$image:multi"
is "is the index" "sha256:$(sha256sum <"$out" | cut -c1-64)" "$(cat multi)"
ok "with a platform" oci-fetch -m -p linux/s390x "$image:multi"
is "is that platform's" "sha256:$(sha256sum <"$out" | cut -c1-64)" \
	"$(cat s390x)"
ok "--tags" oci-fetch --tags "$image"
printed "prints JSON" "^\\{\"name\":\"$image\",\"tags\":\\[(\"[a-z]+\",?){5}\\]\\}$"

fails "no such tag" oci-fetch "$image:none"
said "is named, with the registry's reason" \
	"$image:none: HTTP status 404.*manifest unknown"
said "says which, and how to find one" \
	"$image has no tag none; oci-fetch -t $image lists"
fails "no such digest" oci-fetch -m "$image@sha256:$(printf %064d 0)"
said "says so" "$image has no image sha256:0+; oci-fetch -t $image lists"
fails "no such repository" oci-fetch --tags "$registry/none"
said "says so" "404: there is no repository $registry/none "
fails "no such registry" oci-fetch 127.0.0.1:1/none
said "is named" "127.0.0.1:1/none:latest: .*onnect"

ok "--progress" stream x.tar --progress "$image"
said "says how much there is" ' MiB, '
ok "-q" stream x.tar --progress -q "$image"
is "says nothing" "$(cat "$err")" ""
if command -v script >/dev/null; then
	run script -qec "oci-fetch '$image'; echo status \$?" /dev/null
	printed "no image to a terminal" "oci-layout-write"
	printed "it is wrong usage" "status 2"
else
	skip 2 "no script(1)"
fi
{ sleep 0.5; oci-fetch "$image" 2>"$err"; echo $? >status; } | true
is "a reader that goes away" "$(cat status)" 1
said "is told of" "standard output: the reader"
fails "no standard output at all" sh -c "exec oci-fetch '$image' >&-"
said "is said" "standard output: Bad file"
if [ -c /dev/full ]; then
	fails "a full disk" sh -c "oci-fetch '$image' >/dev/full"
	said "is told of" "standard output: No space left"
fi

for wrong in "" "$image $image" "-m -t $image" "-a -p linux/amd64 $image" \
	"-j 0 $image" "-p linux $image" "--timeout x $image" \
	"--tls-verify=maybe $image" "--creds x:y --creds-file x $image" \
	"--anonymous --creds x:y $image" "docker://$image" "UPPER" \
	"-t -a $image" "-p"; do
	# shellcheck disable=SC2086
	exits 2 "usage: $wrong" oci-fetch $wrong
done
exits 2 "usage: --creds without a password or a terminal" \
	setsid -w oci-fetch --creds x "$image"

done_testing
