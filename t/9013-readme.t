#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# The command lines of README and of the manuals' EXAMPLES do what they are
# there for, typed in their order: with a registry of this machine in place of
# others, and names of containers that no other test has.
. "${0%/*}/lib.sh"
need docker-registry busybox jq make mandoc script strace setpriv unshare
need newuidmap
need_root

# The states go to a /run of the test's own, where nobody has ranges of ids.
private_mounts
mount -t tmpfs -o mode=755 none /run || bail "no private mounts"
echo nobody:300000:65536 >ranges
for f in /etc/subuid /etc/subgid; do
	mount --bind ranges $f || bail "no private mounts"
	at_exit "umount $f"
done

# An ordinary user finds the programs here.
chmod 755 "$tmp_base" "$tmp"
mkdir -p bin home/.cache
chown 65534:65534 home home/.cache
export HOME="$tmp/home"
cp "$B"/bin/oci-* bin
PATH=$tmp/bin:$PATH
as_user() {
	setpriv --reuid=65534 --regid=65534 --clear-groups \
		env HOME="$tmp/home" TMPDIR="$tmp/home" \
		XDG_RUNTIME_DIR="$tmp/home" "$@"
}

# What can't be typed here: each line stands in its file, to the letter.
cat >left-out <<'E2'
README	make
README	make CC=clang CFLAGS=-O3 B=DIR
README	make COMMIT=NAME
README	make ISAL=no
README	make LIBTAR=no
README	make SANITIZE=1
README	make STATIC=1
README	make V=1
README	make bench
README	make check
README	make check TESTS='t/5*.t'
README	make check-arm64 check-i386
README	make check-distros
README	make check-engines
README	make check-guest
README	make check-musl
README	make fuzz T=600
README	make demo
README	make deps
README	make help
README	make install DESTDIR= PREFIX=/usr/local
README	man ./lib/oci.7
fetch/oci-fetch.1	oci-fetch busybox | docker load
fetch/oci-fetch.1	oci-fetch quay.io/podman/hello | podman load
unpack/oci-flatten.1	oci-fetch busybox | oci-flatten - | podman import - busybox-flat
unpack/oci-unpack.1	docker save busybox | oci-unpack --spool - rootfs
unpack/oci-flatten.1	oci-flatten img:v1 | mkfs.erofs --tar=f img.erofs
run/oci-create.1	ip link set eth1 netns $(cat pid)
layout/oci-layout-write.1	podman save --format oci-archive app | oci-layout-write img:v1
E2
left_out=$tmp/left-out met=$tmp/met

# readme_lines, manual_lines FILE: the command lines in order, behind a > what
# is said that they print, and behind a % what is of a Makefile.
readme_lines() {
	# Two are in tests of their own, as something has to fail there.
	awk '/^[A-Z ]+$/ { speed = /^(SPEED|MIRRORING|WHY)/ }
		speed { next }
		/^\t[a-z%.-]+: .*;/ { print "%" substr($0, 2); next }
		/^\t\$ / { print substr($0, 4); printed = 1; next }
		/^\t(oci-|strace |make|man )/ {
			sub(/^\t/, ""); sub(/(\t|   *).*$/, ""); print; next }
		/^\t/ && printed { print ">" substr($0, 2); next }
		{ printed = 0 }' "$top/README"
}

# Of a manual what a reader sees, with the tabs of Makefiles.
manual_lines() {
	mandoc -Tascii -Owidth=1000 "$top/$1" |
		sed "s/.$(printf '\b')//g" | awk '
		/^[A-Z]/ { examples = /^EXAMPLES/ }
		!examples || !sub(/^           /, "") { next }
		sub(/^        /, "\t") || /^[^ $]+:( |$)/ { print "%" $0; next }
		{ sub(/^\$ /, ""); sub(/^ +/, "")
			printf "%s%s", $0, /(&&|\|)$/ ? " " : "\n" }'
}

# here LINE: as it is typed on this machine.
here() {
	printf '%s\n' "$1" | sed -E -e 's,docker\.io/library/,,' \
		-e 's,\bREF\b,busybox,' \
		-e "s,(oci-fetch( -[mt]| --mirror [^ ]+| --(config|digest|list|referrers)| -p linux/[a-z0-9,/]+| --have [a-z-]+| --cache [a-z/~.]+)*) ([a-z]),\1 $registry/\4," \
		-e "s,linux/(amd64|arm64),$platform," \
		-e "s,(oci-(run|ps|events|create|start|exec|kill|pause|resume|update|delete|wait))( .*)? (box|nap|shell|up)( |\$),\1\3 \4$$\5,"
}

# made LINE: what the line was typed for is there, or printed.
made() {
	case $1 in
	'oci-unpack --remove v1'*) [ ! -e v1 ] && [ -x v2/bin/sh ] ;;
	'oci-unpack --remove'*) [ ! -e rootfs ] ;;
	'oci-unpack --objects'*) [ -x "${1##* }/bin/sh" ] ;;
	*' >/dev/null' | 'jq '*'| xargs -r '*) [ ! -s "$err" ] ;;
	*'oci-layout-write '*' rootfs'* | *oci-unpack*' rootfs')
		[ -x rootfs/bin/sh ] ;;
	*' jq -r .digest') grep -q '^sha256:' "$out" ;;
	*oci-layout-write*)
		made_dir=${1##*oci-layout-write }
		made_dir=${made_dir#--cache * }
		made_dir=${made_dir%% *}
		grep -q sha256: "${made_dir%:*}/index.json" ;;
	oci-mkbundle*)
		made_dir=${1%% -- *}
		jq -e .process.args[0] "${made_dir##* }/config.json" ;;
	*'ssh host'*) [ -x host/bin/sh ] ;;
	*' >image.tar') tar -tf image.tar oci-layout index.json ;;
	*--keep-status*) $as oci-ps "box$$" ;;
	'oci-run -d '*) is_up "nap$$" ;;
	oci-create*) $as oci-ps "box$$" | grep -q '"created"' ;;
	oci-start*) is_up "box$$" ;;
	oci-pause*) $as oci-ps "nap$$" | grep -q '"paused"' ;;
	oci-update* | *oci-update*) is_up "nap$$" ;;
	oci-resume*) is_up "nap$$" ;;
	*oci-resume) ! $as oci-ps | grep -q '"paused"' ;;
	'cp -a '*) [ -e "${1##* }/bin/sh" ] ;;
	oci-layout-check*) [ ! -s "$out" ] ;;
	oci-kill*) wait_for is_down "nap$$" ;;
	oci-wait*) $as oci-ps "box$$" | grep -q exitStatus ;;
	'oci-delete box') ! $as oci-ps "box$$" 2>"$err" ;;
	oci-delete* | *oci-delete) ! $as oci-ps "nap$$" 2>"$err" ;;
	'rm -r '*) [ ! -e "${1##* }" ] ;;
	*' --list '* | *gc*' --referrers '*) [ ! -s "$err" ] ;; # there is none
	'strace '*) grep -q execve "$err" ;;
	*) [ -s "$out" ] ;;
	esac >/dev/null
}

is_up() {
	$as oci-ps "$1" 2>/dev/null | grep -q '"running"'
}

is_down() {
	! is_up "$1"
}

# alike TEXT: that is printed, but for numbers and directories; dots stand for
# anything.
alike() {
	printed "it prints $1" "$(printf '%s\n' "$1" | sed -E \
		-e 's/[][(){}|+*?^$\\]/\\&/g' -e 's,/tmp/,/.*/,' \
		-e 's/,?\.\.\./.*/g' -e 's/^nap /nap1 /' \
		-e 's/[0-9]+/[0-9]+/g' -e 's/  +/ +/g')"
}

# typed FILE: the lines on standard input, as root or by $as.
as=
typed() {
	while IFS= read -r line; do
		printf '%s\t%s\n' "$1" "$line" | grep -Fxf "$left_out" >>"$met" &&
			continue
		command=$(here "$line")
		by=$as
		case $line in
		'>'*) alike "${line#>}" && continue ;;
		'%'*) printf '%s\n' "${command#%}" >>Makefile && continue ;;
		'oci-unpack --remove --rootless'*) by=as_user ;;
		*--rootless=ranges*) rm -rf rootfs && by=as_user ;;
		*oci-unpack*' rootfs'*) rm -rf rootfs ;;
		oci-run*' -- sh') command=$(at_terminal "$command") ;;
		esac
		ok "$1: $line" $by sh -euc "$command"
		made "$line" || fail "what that is for" "$(ls; cat "$out" "$err")"
	done
}

# at_terminal COMMAND: a command that runs it there until a shell has read
# "exit": what is typed before it listens is thrown away.
at_terminal() {
	echo "while echo exit; do sleep 0.2; done 2>/dev/null |
		timeout 60 script -qec '$1' log"
}

# place NAME: a directory that anybody may write to, to be in.
place() {
	cd "$tmp" && mkdir -m 1777 "$1" && cd "$1" && return
	bail "$1: no such place"
}

# compiles FILE: by the Makefile that it shows.
compiles() {
	echo text | tee one.c two.c three.c >/dev/null
	ok "$1: make -j3 one.o two.o three.o" make -j3 one.o two.o three.o
	ok "compiles in containers" cmp three.c three.o
}

# end NAME...: of containers.
end() {
	for name; do
		pid=$($as oci-ps "$name" 2>/dev/null | jq '.pid // 1')
		[ "${pid:-1}" = 1 ] || kill -KILL "$pid"
		wait_for is_down "$name"
		$as oci-delete -f "$name"
	done
}

registry_start
case $(uname -m) in
x86_64) platform=linux/amd64 ;;
aarch64) platform=linux/arm64 ;;
*) skip_all "the manuals' platforms are others" ;;
esac
busybox_image from:one --cmd sh --cmd -c --cmd \
	'echo "Hello from $(hostname), where I am process $$:"; id; ps' >/dev/null
echo other >other
tar -cf other.tar other
for other in amd64 arm64; do
	[ "linux/$other" = "$platform" ] || "$top/t/mkimage" \
		--platform linux/$other from:other other.tar >/dev/null
done
"$top/t/mkindex" from:busybox one other >/dev/null || bail "mkindex"
"$top/t/pushimage" from:busybox "$registry/busybox:latest"
"$top/t/pushimage" from:busybox "$registry/busybox:1"
# A compiler, in a manner of speaking.
busybox_rootfs gcc
printf '#!/bin/sh\n[ "$1 $2" = "-c -o" ] && cp "$4" "$3"\n' >gcc/bin/gcc
chmod 755 gcc/bin/gcc
"$top/t/mkimage" --env PATH=/bin --cmd sh from:gcc gcc >/dev/null
"$top/t/pushimage" from:gcc "$registry/gcc:13"
"$top/t/pushimage" from:one "$registry/debian:12"

readme_lines >lines
place root
typed README <../lines
end "nap$$"

oci-mkbundle -v .:/src -w /src ../from:gcc gcc
compiles README

# The pipeline, by an ordinary user.
as=as_user
place user
sed '/^oci-fetch -m/,$d' ../lines >pipeline
typed README <pipeline
end "nap$$"
as=

cat >"$tmp/bin/ssh" <<'E2'
#!/bin/sh
mkdir host && cd host && shift && exec "$@"
E2
chmod 755 "$tmp/bin/ssh"
# That of oci-state(5) is no command.
for manual in $(cd "$top" && grep -l '^\.Sh EXAMPLES' -- */*.[157] |
	grep -vx run/oci-state.5); do
	place "${manual##*/}"
	cp -r ../from from
	oci-fetch "$registry/debian:12" >archive.tar
	oci-layout-write img:v1 <archive.tar >/dev/null
	oci-mkbundle img:v1 nap-bundle -- sleep 100
	case $manual in
	run/oci-run.1) ;;
	run/*) mv nap-bundle busybox-bundle ;;
	esac
	case $manual in
	ps/*) oci-run -d -b nap-bundle "box$$" ;;
	esac
	[ "$manual" != run/oci-run.1 ] || oci-mkbundle -v .:/src -w /src \
		../from:gcc gcc-bundle
	[ "$manual" != bundle/oci-mkbundle.1 ] || mkdir tree
	[ "$manual" != unpack/oci-unpack.1 ] ||
		oci-layout-write img:v2 <archive.tar >/dev/null
	[ "$manual" != layout/oci-layout-gc.1 ] || oci-fetch "$registry/gcc:13" |
		oci-layout-write img:old >/dev/null
	manual_lines "$manual" >../lines
	typed "$manual" <../lines
	case $manual in
	layout/oci-layout-write.1)
		rm -r busybox-oci
		for time in new same; do
			ok "$manual: make busybox-oci/index.json" \
				make busybox-oci/index.json
			stat -c %Y%y busybox-oci/index.json >$time
		done
		ok "the same image, the same time" cmp new same ;;
	run/oci-run.1) compiles "$manual" ;;
	esac
	end "nap$$" "box$$"
done
is "no cgroup is left" "$(find /sys/fs/cgroup -type d -name "*[a-z]$$" 2>/dev/null)" ""

is "what is left out stands there" "$(sort -u "$met")" "$(sort "$left_out")"
done_testing
