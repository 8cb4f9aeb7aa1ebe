#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-mkbundle: its command line, and how it treats a bundle that is there.
. "${0%/*}/lib.sh"
need jq busybox

mkdir bundle empty
busybox_rootfs bundle/rootfs
"$top/t/mkimage" --entrypoint /bin/echo --cmd hello --env A=image --env A=two \
	--env KEEP=1 --volume /vol --label l=image img:v1 empty >/dev/null ||
	bail "t/mkimage"

# makes NAME FILTER WANTED OPTION...: of sources that are nowhere it warns.
makes() {
	makes_name=$1 makes_filter=$2 makes_wanted=$3
	shift 3
	run oci-mkbundle "$@"
	is "$makes_name" "$(grep -v "isn't there" "$err")$(jq -rc "$makes_filter" \
		bundle/config.json)" "$makes_wanted"
}

makes "a command in place of Cmd" .process.args '["/bin/echo","-n","x"]' \
	img bundle -- -n x
makes "an entrypoint, without Cmd" .process.args '["sh"]' \
	--entrypoint sh img bundle
makes "no entrypoint" .process.args '["ls","--","-l"]' \
	img --entrypoint= bundle -- ls -- -l
makes "-- before the operands" .process.args '["/bin/echo","x"]' \
	-t -- img bundle x
export TAKEN=here
unset MISSING
makes "variables" .process.env \
	'["KEEP=1","A=mine","B=x=y","TAKEN=here","PATH=/p","HOME=/root"]' \
	-e A=mine --env B=x=y -e TAKEN -e MISSING -e PATH=/p img bundle
printf '# no\n\nC=1 2\n  D=\r\nE=1\r2\nTAKEN\nKEEP\n' >file
makes "variables of a file" '.process.env[:5]' \
	'["A=1","C=1 2","D=","E=1\r2","TAKEN=here"]' \
	-e A=1 --env-file file -e KEEP=0 -e KEEP img bundle
makes "a working directory" .process.cwd /tmp -w /tmp img bundle
makes "a user" .process.user.uid 1 --user=daemon img bundle
makes "a terminal, and TERM" '.process | .terminal, .env[-1]' "true
TERM=xterm" -t img bundle
makes "no terminal" .process.terminal false --no-tty img bundle
makes "nothing said of one" .process.terminal null img bundle
makes "a root file system to be read" .root.readonly true --read-only img bundle
makes "a host name" .hostname box --hostname box img bundle
makes "memory" .linux.resources.memory.limit 67108864 -m 64m img bundle
ok "memory, to the last byte" \
	oci-mkbundle --memory 9007199254740993 img bundle
is "in digits" "$(grep -o '"limit":.*' bundle/config.json | tr -d ' \t')" \
	'"limit":9007199254740993'
makes "processes" .linux.resources.pids.limit 20 --pids-limit 20 img bundle
makes "processors" .linux.resources.cpu '{"quota":150000,"period":100000}' \
	--cpus 1.5 img bundle
makes "limits of resources" .process.rlimits \
	'[{"type":"RLIMIT_NOFILE","soft":10,"hard":20},{"type":"RLIMIT_CORE","soft":0,"hard":0}]' \
	--ulimit nofile=99 --ulimit core=0 --ulimit nofile=10:20 img bundle
is "an unlimited one" "$(oci-mkbundle --ulimit stack=8192:unlimited img bundle &&
	grep -c '"hard":[[:space:]]18446744073709551615$' bundle/config.json)" 1
makes "an annotation over a label" '.annotations.l' 'mine=1' \
	--annotation l=mine=1 img bundle
makes "capabilities from nothing" '.process.capabilities.bounding' \
	'["CAP_CHOWN","CAP_NET_RAW"]' \
	--cap-add net_raw --cap-drop ALL --cap-add CAP_CHOWN img bundle
makes "one less and one more" '.process.capabilities.effective |
	[length, any(. == "CAP_KILL"), any(. == "CAP_SYS_ADMIN")]' \
	'[11,false,true]' --cap-drop kill --cap-add SYS_ADMIN img bundle
makes "all but one" '.process.capabilities.permitted |
	[length, any(. == "CAP_SYS_ADMIN")]' '[40,false]' \
	--cap-add all --cap-drop sys_admin img bundle
makes "new privileges" .process.noNewPrivileges false \
	--no-new-privileges=false img bundle
makes "no filter" '.linux | has("seccomp")' false \
	--seccomp unconfined img bundle
echo '{"defaultAction":"SCMP_ACT_ALLOW"}' >profile
makes "a filter of one's own" .linux.seccomp \
	'{"defaultAction":"SCMP_ACT_ALLOW"}' --seccomp profile img bundle
makes "the host's network" '[.linux.namespaces[].type] - ["user"] | join(" ")' \
	"pid ipc uts mount cgroup" --network host img bundle
makes "and its names" '[.mounts[].destination] | join(" ")' \
	"/proc /dev /dev/pts /dev/shm /dev/mqueue /sys /sys/fs/cgroup /vol$(
	for f in /etc/hosts /etc/resolv.conf; do
		[ ! -r $f ] || printf ' %s' $f
	done)" --network host img bundle
makes "no volumes" '[.mounts[].destination] | any(. == "/vol")' false \
	--image-volume=ignore img bundle

last='.mounts[-1] | [.destination, .type, .source, (.options | join(","))] |
	join(" ")'
makes "a volume" "$last" "/a/b bind /src rbind,rprivate,ro" \
	-v /src:/a//./b/:ro img bundle
makes "a volume of what isn't there" "$last" "/a bind /none/src rbind,rprivate" \
	-v /none/src:/a img bundle
said "it is said" "^oci-mkbundle: /none/src: isn't there"
makes "a volume beside us" "$last" "/a bind $PWD/x rbind,rslave,noexec" \
	-v ./x:/a:noexec,rslave img bundle
for source in /src/ //src /./src/. /src//; do
	makes "$source is written as /src" "$last" \
		"/a bind /src rbind,rprivate" -v $source:/a img bundle
	makes "with --mount, too" "$last" "/a bind /src rbind,rprivate" \
		--mount type=bind,src=$source,dst=/a img bundle
done
makes "a path's .. stays, for links may be before it" "$last" \
	"/a bind /x/../y rbind,rprivate" -v /x/.//../y:/a img bundle
makes "the root" "$last" "/a bind / rbind,rprivate" -v /./:/a img bundle
makes "this directory" "$last" "/a bind $PWD rbind,rprivate" -v .:/a img bundle
makes "a directory to start in" .process.cwd /a/b -w /a//./b/ img bundle
mkdir x
makes "the bundle's own name" .root.path,.hostname "rootfs
bundle" ./img ./x/../bundle//
makes "options that agree" "$last" "/a bind /src rbind,rprivate,ro,nosuid" \
	-v /src:/a:nosuid,ro,ro img bundle
makes "a bind mount" "$last" "/a bind /src bind,rprivate,ro" \
	--mount type=bind,src=/src,dst=/a,ro,bind-nonrecursive=true img bundle
makes "a tmpfs" "$last" "/a tmpfs tmpfs nosuid,nodev,mode=700,size=1048576" \
	--mount type=tmpfs,target=/a,tmpfs-mode=700,tmpfs-size=1m img bundle
makes "one in the image's volume's place" \
	'[.mounts[] | select(.destination == "/vol")] | map(.source)' \
	'["/src"]' -v /src:/vol img bundle
makes "one in a default's place, where that was" \
	'.mounts[3] | .destination, .source' "/dev/shm
/src" -v /src:/dev/shm img bundle

makes "without privilege" '.linux |
	[.uidMappings[0].containerID, (.namespaces | last.type),
	has("resources")]' '[0,"user",false]' --rootless img bundle
makes "on the host's network, the host's /sys" \
	'.mounts[] | select(.destination == "/sys") | .source' /sys \
	--rootless --network host img bundle
makes "limits when asked for" .linux.resources '{"pids":{"limit":9}}' \
	--rootless --pids-limit 9 img bundle

# What a number can be is said with what was given.
texts() { # TEXT OPTION...
	texts_wanted=$1
	shift
	exits 2 "wrong: $*" oci-mkbundle "$@" img bundle
	is "it says what would be right" "$(head -n 1 "$err")" \
		"oci-mkbundle: $texts_wanted"
}
names="as, core, cpu, data, fsize, locks, memlock, msgqueue, nice, nofile, \
nproc, rss, rtprio, rttime, sigpending, stack"
texts "--ulimit bogus=1: 'bogus' is none of $names" --ulimit bogus=1
texts "--ulimit nofile: must be NAME=SOFT[:HARD], as in nofile=1024:4096" \
	--ulimit nofile
texts "--ulimit CPU=x: each limit must be a number from 0 to \
9223372036854775807, or unlimited" --ulimit CPU=x
texts "--ulimit core=2:1: the soft limit, the first, must be no more than the \
hard one" --ulimit core=2:1
for n in 2147483585 unlimited; do
	texts "--ulimit nofile=$n: nofile must be no more than 2147483584, the \
most files that Linux lets a process have open" --ulimit nofile=$n
done
texts "--cpus 10000: must be a number from 0.01 to 8192, such as 1.5" \
	--cpus 10000
texts "--cpus 8192.01: must be a number from 0.01 to 8192, such as 1.5" \
	--cpus 8192.01
texts "--cpus 0.009: must be a number from 0.01 to 8192, such as 1.5" \
	--cpus 0.009
texts "--pids-limit 4194305: must be a number from 1 to 4194304" \
	--pids-limit 4194305
for name in a.b a-b A_1 "$(printf 'x%.0s' $(seq 63))" 0; do
	makes "the host name $name" .hostname "$name" --hostname "$name" \
		img bundle
done
long=$(printf 'x%.0s' $(seq 64))
while read -r name text; do
	texts "--hostname $name: must $text" --hostname "$name"
done <<E
${long}x be no longer than 64 bytes
$long have no part longer than 63 bytes
a/b be made of letters, digits, '-', '_' and dots
.a have something on either side of each dot
a. have something on either side of each dot
a..b have something on either side of each dot
-a have no part that begins or ends with '-'
a.b- have no part that begins or ends with '-'
E
texts "--hostname x y: must be made of letters, digits, '-', '_' and dots" \
	--hostname "x y"
texts "--hostname '': must not be empty" --hostname=
texts "--workdir x: must be an absolute path" -w x
texts "--volume /a:/b:ro,rw: ro and rw contradict each other" -v /a:/b:ro,rw
texts "--volume /a:/b:rslave,nodev,shared: rslave and shared contradict each \
other" -v /a:/b:rslave,nodev,shared
texts "--volume /a:/b:z: no option is called 'z'" -v /a:/b:z
texts "--volume /c:/b/: another mount is at /b already" \
	-v /a:/b -v /c:/b/
texts "--mount type=tmpfs,dst=/b: another mount is at /b already" \
	-v /a:/b --mount type=tmpfs,dst=/b
texts "--mount type=bind,src=/a,dst=/b,ro,readonly=false: readonly says again \
what was said before it" --mount type=bind,src=/a,dst=/b,ro,readonly=false
texts "--mount type=bind,src=/a,dst=/b,target=/c: target says again what was \
said before it" --mount type=bind,src=/a,dst=/b,target=/c
texts "--mount type=tmpfs,dst=/b,tmpfs-mode=10000: tmpfs-mode must be octal, \
from 0 to 7777" --mount type=tmpfs,dst=/b,tmpfs-mode=10000
makes "ro=false" "$last" "/a bind /src rbind,rprivate" \
	--mount type=bind,src=/src,dst=/a,ro=false img bundle
texts "--memory 1q: must be a number from 1 to 9223372036854775807, of bytes or \
with k, m, g or t behind it" -m 1q
makes "the most processors" .linux.resources.cpu.quota 819200000 \
	--cpus 8192 img bundle
makes "the most processes" .linux.resources.pids.limit 4194304 \
	--pids-limit 4194304 img bundle
makes "a limit by config.json's name" ".process.rlimits[0].type" RLIMIT_NICE \
	--ulimit rlimit_NICE=40 img bundle
ok "little memory" oci-mkbundle -m 1023k img bundle
said "is warned of" "^oci-mkbundle: --memory 1023k: hardly enough to start"
ok "a mebibyte" oci-mkbundle -m 1m img bundle
is "isn't" "$(cat "$err")" ""
most=$(cat /proc/sys/fs/nr_open)
ok "more files than this machine gives" \
	oci-mkbundle --ulimit "nofile=1:$((most + 1))" img bundle
said "are warned of" "nofile: $((most + 1)) is more .*, $most \(fs.nr_open\)"
ok "as many" oci-mkbundle --ulimit "nofile=$most" img bundle
is "aren't" "$(cat "$err")" ""

# Wrong usage.
cp bundle/config.json before
echo '{"archMap":[],"defaultAction":"SCMP_ACT_ERRNO"}' >engine
echo '{}' >nothing
while read -r word options; do
	# shellcheck disable=SC2086
	exits 2 "wrong: $options" oci-mkbundle $options
	said "names it" "$word"
done <<'E'
IMAGE
BUNDLE img
-- img bundle ls
-: - bundle
--env --env
=x -e =x img bundle
--network --network bridge img bundle
--hostname --hostname a/b img bundle
--memory -m 0 img bundle
--memory -m 1x img bundle
--memory -m 1kk img bundle
--memory -m -1 img bundle
--memory -m 99999999999999999999 img bundle
--memory -m 9223372036854775807k img bundle
--pids-limit --pids-limit 0 img bundle
--pids-limit --pids-limit 1.5 img bundle
--cpus --cpus 0 img bundle
--cpus --cpus 1.5x img bundle
--cpus --cpus .5 img bundle
--ulimit --ulimit nofile img bundle
--ulimit --ulimit no=1 img bundle
--ulimit --ulimit nofile=2:1 img bundle
TIME_TRAVEL --cap-add TIME_TRAVEL img bundle
CAP_ --cap-drop CAP_ img bundle
--annotation --annotation x img bundle
--annotation --annotation =x img bundle
--platform --platform linux img bundle
--no-new-privileges --no-new-privileges=maybe img bundle
--image-volume --image-volume bind img bundle
SOURCE:DEST -v /a img bundle
absolute -v /a:b img bundle
begin -v a:/b img bundle
\.\. -v /a:/b/../c img bundle
root -v /a:/ img bundle
z -v /a:/b:z img bundle
type --mount dst=/a img bundle
bind --mount type=volume,dst=/a img bundle
src --mount type=bind,dst=/a img bundle
src --mount type=tmpfs,dst=/a,src=/b img bundle
colour --mount type=tmpfs,dst=/a,colour=red img bundle
octal --mount type=tmpfs,dst=/a,tmpfs-mode=9 img bundle
tmpfs-size --mount type=tmpfs,dst=/a,tmpfs-size=1q img bundle
ro --mount type=tmpfs,dst=/a,ro=perhaps img bundle
digest img@sha256:../../x bundle
E
fails "a profile for an engine" oci-mkbundle --seccomp engine img bundle
said "is told from one for a runtime" archMap
fails "a profile that is none" oci-mkbundle --seccomp nothing img bundle
fails "a profile that isn't there" oci-mkbundle --seccomp no/file img bundle
fails "a file of variables that isn't there" \
	oci-mkbundle --env-file no/file img bundle
printf 'A=1\0B=2\n' >nul
fails "a file of variables with a NUL" oci-mkbundle --env-file nul img bundle
said "it says so" "NUL"
fails "an image that isn't there" oci-mkbundle img:v2 bundle
fails "a layout that isn't there" oci-mkbundle no bundle
ok "and nothing has changed" cmp before bundle/config.json
fails "an image that isn't there" oci-mkbundle img:v2 other
ok "leaves nothing behind" test ! -e other
done_testing
