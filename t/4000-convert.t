#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-mkbundle: what of an image's configuration goes where (image-spec
# conversion.md), and what no configuration may do.
. "${0%/*}/lib.sh"
need jq busybox

# get NAME FILTER WANTED: of the last config.json.
get() {
	is "$1" "$(jq -rc "$2" bundle/config.json)" "$3"
}

mkdir bundle
busybox_rootfs bundle/rootfs
mkdir -p bundle/rootfs/data/deep bundle/rootfs/srv
echo seed >bundle/rootfs/data/file
chmod 1770 bundle/rootfs/data
mkdir empty

# image OPTION...: the layout img has this one image, without layers.
image() {
	rm -rf img
	"$top/t/mkimage" "$@" img:v1 empty >/dev/null || bail "t/mkimage"
	rm -f bundle/config.json
}

# config JSON: the same with this whole configuration.
config() {
	rm -rf img bundle/config.json
	"$top/t/mkimage" img:v1 empty >/dev/null || bail "t/mkimage"
	manifest=img/blobs/sha256/$(jq -r '.manifests[0].digest[7:]' \
		img/index.json)
	printf %s "$1" >new
	new=$(sha256sum <new | cut -d' ' -f1)
	jq -c --arg d "sha256:$new" --argjson n "$(wc -c <new)" \
		'.config.digest = $d | .config.size = $n' "$manifest" >m
	mv new "img/blobs/sha256/$new"
	m=$(sha256sum <m | cut -d' ' -f1)
	jq -c --arg d "sha256:$m" --argjson n "$(wc -c <m)" \
		'.manifests[0].digest = $d | .manifests[0].size = $n' \
		img/index.json >i
	mv m "img/blobs/sha256/$m"
	mv i img/index.json
}

image --entrypoint /bin/echo --entrypoint a --cmd 'b c' --cmd '' \
	--env A=1 --env 'B= x=y ' --env PATH=/mine --workdir /srv/ \
	--user user --stop-signal SIGRTMIN+3 --port 80/tcp --port 53/udp \
	--label org.opencontainers.image.os=mine --label x.y=z \
	--volume /data --volume /srv/new --platform linux/arm64/v8
ok "an image with all there is" oci-mkbundle --platform linux/arm64 \
	img:v1 bundle
get "Entrypoint, then Cmd" .process.args '["/bin/echo","a","b c",""]'
get "Env as it is, HOME added" .process.env \
	'["A=1","B= x=y ","PATH=/mine","HOME=/home"]'
get "WorkingDir as it is" .process.cwd /srv/
get "User" '.process.user' '{"uid":1000,"gid":1000,"additionalGids":[1000,29]}'
get "StopSignal" '.annotations["org.opencontainers.image.stopSignal"]' \
	SIGRTMIN+3
get "ExposedPorts" '.annotations["org.opencontainers.image.exposedPorts"]' \
	80/tcp,53/udp
get "architecture" '.annotations["org.opencontainers.image.architecture"]' \
	arm64
get "variant" '.annotations["org.opencontainers.image.variant"]' v8
get "created" '.annotations["org.opencontainers.image.created"]' \
	1970-01-01T00:00:00Z
get "a label wins" '.annotations["org.opencontainers.image.os"]' mine
get "a label" '.annotations["x.y"]' z
get "the image" '.annotations["oci-mkbundle.manifest"]' \
	"$(jq -r '.manifests[0].digest' img/index.json)"
get "a volume is seeded and has the directory's mode" \
	'.mounts[] | select(.destination == "/data") | .options' \
	'["nosuid","nodev","tmpcopyup","mode=1770"]'
get "a volume that the image hasn't" \
	'.mounts[] | select(.destination == "/srv/new") | .options' \
	'["nosuid","nodev","mode=0755"]'
get "the filter is for the image's architecture" .linux.seccomp.architectures \
	'["SCMP_ARCH_AARCH64","SCMP_ARCH_ARM"]'
get "the version" .ociVersion 1.1.0
get "nothing is inheritable" '.process.capabilities | keys' \
	'["bounding","effective","permitted"]'
get "the namespaces" '[.linux.namespaces[].type] - ["user"] | join(" ")' \
	'pid network ipc uts mount cgroup'
get "that of users for whoever isn't root" \
	'.linux.namespaces | any(.type == "user")' \
	"$([ "$(id -u)" = 0 ] && echo false || echo true)"
get "the host name" .hostname bundle
get "no limits" '.process | has("rlimits")' false

image --cmd true --env HOME=/elsewhere --volume /data/ --volume /data/deep
ok "an image with little" oci-mkbundle img bundle
get "HOME only when unset" '.process.env[0]' HOME=/elsewhere
get "PATH is added" '.process.env[1] | startswith("PATH=/usr/local")' true
get "without User it is root" .process.user '{"uid":0,"gid":0,"additionalGids":[0]}'
get "without WorkingDir /" .process.cwd /
get "volumes, parents first" '[.mounts[-2:][].destination] | join(" ")' \
	"/data /data/deep"

if [ "$(id -u)" = 0 ]; then
	chown 1000:29 bundle/rootfs/data
	ok "a volume whose directory is a user's" oci-mkbundle img bundle
	get "is his" '.mounts[] | select(.destination == "/data") |
		.options[-3:]' '["mode=1770","uid=1000","gid=29"]'
	chown 0:0 bundle/rootfs/data
else
	skip 2 "not root"
fi

image --docker --cmd true
ok "an image with Docker's media types" oci-mkbundle img bundle

image --cmd true --volume /etc/passwd --volume /data
fails "a volume at a regular file" oci-mkbundle img bundle
said "is named" "'/etc/passwd': Not a directory.*--image-volume=ignore"
ok "a mount of the user's in its place" oci-mkbundle \
	-v /etc/hosts:/etc/passwd -v /srv:/data/ img bundle
get "is one, and the other one too" '[.mounts[-2:][] | .destination, .source] |
	join(" ")' "/etc/passwd /etc/hosts /data /srv"
image --cmd true --volume /sys/fs/cgroup --volume /dev/shm --volume /dev/pts \
	--volume /data --volume /data/
ok "volumes where every container has a mount" oci-mkbundle img bundle
get "leave that as it is" '[.mounts[] | .destination] | join(" ")' \
	"/proc /dev /dev/pts /dev/shm /dev/mqueue /sys /sys/fs/cgroup /data"
get "with its mode" '.mounts[3].options | any(. == "mode=1777")' true

case $(uname -m) in
s390x) other=linux/arm64 other_alias=linux/aarch64 ;;
*) other=linux/s390x other_alias=linux/s390x ;;
esac
image --cmd true --platform $other
ok "an image for another machine" oci-mkbundle img bundle
said "is warned of" "for $other, but this machine is"
ok "asked for" oci-mkbundle --platform $other_alias img bundle
is "it is no surprise" "$(cat "$err")" ""
fails "one that was not asked for" oci-mkbundle --platform linux/riscv64 img \
	bundle
said "is told" "for $other, not for linux/riscv64"

image --cmd true --volume ../../x
fails "a volume that is no path" oci-mkbundle img bundle
said "is named, with the way out" "'../../x': .*--image-volume=ignore"
ok "and the way out is one" oci-mkbundle --image-volume ignore img bundle
for volume in / /a/../.. /proc/self /sys; do
	image --cmd true --volume "$volume"
	fails "a volume at $volume" oci-mkbundle img bundle
done

image --cmd true --env A=1 --env B=2 --env A=3 --env AB=4 --env PATH=/p
ok "a variable twice" oci-mkbundle -e B=5 -e AB -e C=6 -e C=7 img bundle
get "the last counts, of the image and of the options" .process.env \
	'["A=3","PATH=/p","B=5","C=7","HOME=/root"]'
image --cmd true --env NONSENSE
fails "an entry of Env without =" oci-mkbundle img bundle
said "has a way out" "-e can"
ok "it may be given a value" oci-mkbundle -e NONSENSE=1 img bundle
ok "or be taken away" env -u NONSENSE oci-mkbundle -e NONSENSE img bundle
image
fails "nothing to run" oci-mkbundle img bundle
said "says where to say it" "after --"
image --cmd true --platform windows/amd64
fails "an image for another system" oci-mkbundle --platform windows/amd64 \
	img bundle
said "says so" "for windows"

# Working directories: CVE-2024-21626 and its relatives.
ln -s /proc/self/fd bundle/rootfs/fds
ln -s fds/../fds bundle/rootfs/more
ln -s loop bundle/rootfs/loop
for dir in /proc/self/fd/8 /proc/self/fd/8/../.. /proc//self/cwd /fds/7 \
	/more/9/ /bin/../fds/8 /dev/fd/8 /dev/stdin relative; do
	image --cmd true --workdir "$dir"
	fails "working directory $dir" oci-mkbundle img bundle
	said "is named" "working directory .*"
done
image --cmd true --workdir /loop/x
fails "a working directory of links in a circle" oci-mkbundle img bundle
for dir in /proc /no/such/dir /bin/../tmp; do
	image --cmd true --workdir "$dir"
	ok "working directory $dir" oci-mkbundle img bundle
done

rootfs='"rootfs":{"type":"layers","diff_ids":[]}'
base='"os":"linux","architecture":"amd64"'
config "{$base,$rootfs,\"config\":null,\"author\":\"A <a@b>\",\
\"os.version\":\"5\",\"os.features\":[\"x\",\"y\"],\"more\":[{}]}"
ok "config may be null" oci-mkbundle img bundle -- true
get "author" '.annotations["org.opencontainers.image.author"]' 'A <a@b>'
get "os.version" '.annotations["org.opencontainers.image.os.version"]' 5
get "os.features" '.annotations["org.opencontainers.image.os.features"]' x,y

# As Go writes what is empty.
config "{$base,\"rootfs\":null,\"os.features\":null,\"config\":{\"Env\":[null,
	\"A=1\"],\"Labels\":{\"a\":null,\"b\":\"c\"},\"Cmd\":null,\"User\":\"\",
	\"Entrypoint\":[],\"Volumes\":{\"/data\":null},\"ExposedPorts\":null}}"
ok "null and nothing" oci-mkbundle --seccomp unconfined img bundle -- true
get "say nothing" '.process.env[0], .annotations.b, (.annotations | has("a"))' \
	'A=1
c
false'
get "a volume with contents wants version 1.1" .ociVersion 1.1.0
ok "without one" oci-mkbundle --seccomp unconfined --image-volume ignore \
	img bundle -- true
get "and without a filter 1.0 will do" .ociVersion 1.0.0
echo '{"defaultAction":"SCMP_ACT_ALLOW","flags":["SECCOMP_FILTER_FLAG_LOG"]}' \
	>flags
ok "with one that has flags" oci-mkbundle --seccomp flags --image-volume ignore \
	img bundle -- true
get "it is 1.0.2" .ociVersion 1.0.2
config "{$rootfs,\"os\":\"\"}"
fails "no platform" oci-mkbundle img bundle -- true
said "has a way out" "os is missing; give it with --platform"
ok "which is one" oci-mkbundle --platform linux/x86_64 img bundle -- true
get "and is taken" '.annotations["org.opencontainers.image.architecture"]' amd64

# What isn't as the specification has it, and the word that names it.
while read -r word text; do
	config "$text"
	fails "refused: $word" oci-mkbundle img bundle -- true
	said "$word is named" "$word"
done <<E
os {"architecture":"amd64",$rootfs}
os {"os":1,"architecture":"amd64",$rootfs}
architecture {"os":"linux",$rootfs}
rootfs.type {$base,"rootfs":{"type":"tree"}}
Env {$base,$rootfs,"config":{"Env":"A=1"}}
Env {$base,$rootfs,"config":{"Env":["A=1",2]}}
Entrypoint {$base,$rootfs,"config":{"Entrypoint":"sh"}}
Cmd {$base,$rootfs,"config":{"Cmd":{}}}
User {$base,$rootfs,"config":{"User":0}}
Labels {$base,$rootfs,"config":{"Labels":{"a":1}}}
Volumes {$base,$rootfs,"config":{"Volumes":["/a"]}}
config {$base,$rootfs,"config":[]}
twice {$base,$rootfs,"config":{"User":"a","User":"b"}}
JSON {$base,$rootfs
u0000 {$base,$rootfs,"config":{"User":"root\u0000x"}}
E
is "and no config.json is made" "$(ls bundle)" rootfs

image --cmd true
blob=img/blobs/sha256/$(jq -r '.config.digest[7:]' "img/blobs/sha256/$(
	jq -r '.manifests[0].digest[7:]' img/index.json)")
sed -i 's/true/TRUE/' "$blob"
fails "a configuration with another digest" oci-mkbundle img bundle
done_testing
