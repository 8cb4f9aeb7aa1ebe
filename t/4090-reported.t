#!/bin/sh
# SPDX-License-Identifier: ISC
# Images and layouts that users of skopeo, umoci, buildah, docker and podman
# have reported as trouble there.
. "${0%/*}/lib.sh"
need jq busybox python3

mkdir empty bundle
busybox_rootfs bundle/rootfs
image() { # OPTION...: img holds this one image
	rm -rf img
	"$top/t/mkimage" "$@" img:v1 empty >/dev/null || bail "t/mkimage"
}
get() { # NAME FILTER WANTED
	is "$1" "$(jq -rc "$2" bundle/config.json)" "$3"
}

# An entrypoint that was reset, and nothing to run.
image --entrypoint '' --cmd sleep --cmd 9
ok 'ENTRYPOINT [""]' oci-mkbundle img bundle
get "is none" .process.args '["sleep","9"]'
image --entrypoint ''
fails 'ENTRYPOINT [""] and no command' oci-mkbundle img bundle
said "says where to say one" "no command to run.*after --"
image --cmd ''
fails 'CMD [""]' oci-mkbundle img bundle
image --entrypoint /bin/a --entrypoint '' --cmd ''
ok "empty arguments" oci-mkbundle img bundle
get "are arguments" .process.args '["/bin/a","",""]'

# Volumes whose paths lead through links of the image.
mkdir -p bundle/rootfs/run/bip bundle/rootfs/data bundle/rootfs/home/b
ln -s ../run bundle/rootfs/var/run
ln -s /data bundle/rootfs/home/b/link
ln -s ../../../../../../etc bundle/rootfs/home/b/out
chmod 1711 bundle/rootfs/run/bip
image --cmd true --volume /var/run/bip --volume /home/b/link --volume /data \
	--volume /home/b/out/new
ok "volumes behind links" oci-mkbundle img bundle
get "have the paths that the image says" \
	'[.mounts[-4:][].destination] | join(" ")' \
	"/data /home/b/link /home/b/out/new /var/run/bip"
get "and the mode of where they lead" '.mounts[-1].options[-1]' mode=1711
get "inside the image" '.mounts[-2].options[-1]' mode=0755

# A user by number has the home of his entry, one without an entry has /.
image --cmd true --user 1000
ok "a user by number" oci-mkbundle img bundle
get "has a home" '.process.env[-1]' HOME=/home
image --cmd true --user 1000:0
ok "with the group of root" oci-mkbundle img bundle
get "has only that" '.process.user | [.gid, .additionalGids[]] | join(" ")' "0 0"

# Several names of one digest; names with a repository.
mkdir l1
echo one >l1/a
"$top/t/mkimage" --cmd sh src:v1 l1 >/dev/null
tar -C src -cf src.tar .
for tag in first busybox:test1 busybox:test2 platform/mysql:8.0.27-aarch64; do
	ok "$tag" sh -c "oci-layout-write 'many:$tag' <src.tar"
done
is "all are there" "$(jq -r '.manifests[].annotations[]' many/index.json |
	sort | tr '\n' ' ')" \
	"busybox:test1 busybox:test2 first platform/mysql:8.0.27-aarch64 "
ok "one by its whole name" oci-mkbundle \
	many:platform/mysql:8.0.27-aarch64 bundle
ok "or by its tag" oci-mkbundle many:test2 bundle
ok "by none, as they are one image" oci-mkbundle many bundle

# index.json names an index, which says neither name nor platform.
"$top/t/mkindex" src:all v1 >/dev/null
jq -c '.manifests = [.manifests[-1] | del(.annotations, .platform)]' \
	src/index.json >i && mv i src/index.json
tar -C src -cf nested.tar .
ok "an archive with an index in it" sh -c "oci-layout-write nested <nested.tar"
ok "has an image for this machine" oci-mkbundle nested bundle

# Archives by other hands.
tar -C src -chf follow.tar --owner=501 --group=20 .
ok "tar -h, with odd owners" sh -c "oci-layout-write follow <follow.tar"
tar -C src --sort=name -cf part.tar blobs oci-layout
fails "no index.json" sh -c "oci-layout-write no <part.tar"
said "is what is said" "no index.json"
mkdir jib && echo '[{"Config":"config.json"}]' >jib/manifest.json
echo '{}' >jib/config.json
tar -C jib -cf jib.tar .
fails "an archive for docker load" sh -c "oci-layout-write no <jib.tar"
said "is told with a way on" "docker-archive:FILE oci-archive:FILE"
cp -r src legacy
echo '[]' >legacy/manifest.json && echo '{}' >legacy/repositories
tar -C legacy -cf legacy.tar .
ok "one that is for both" sh -c "oci-layout-write both <legacy.tar"

# A layout that was copied from read-only media is written to all the same.
cp -r many readonly && chmod -R a-w readonly/blobs/sha256/* readonly/index.json
ok "files that nobody may write to" sh -c "oci-layout-write readonly:v9 <src.tar"
is "the bundle has its name" "$(jq -r .hostname bundle/config.json)" bundle
(umask 077 && oci-layout-write private:v1 <src.tar >/dev/null)
is "the umask counts" "$(find private -perm /077)" ""

done_testing
