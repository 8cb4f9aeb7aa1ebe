#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-unpack, --layers, --list, oci-flatten: images that want more than they
# have are refused before that is taken, and what is large in another way takes
# the memory that the manual states: 12 MiB of data, and 140 bytes a name.
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm
. "${0%/*}/lib.sh"
. "$top/t/unpack.sh"
need python3 zstd

case $B in
*sanitize*) skip_all "a sanitizer wants all the memory there is" ;;
esac
"$top/t/random/bombs" || bail "bombs"

# within KIB COMMAND...: with so much for data, threads' stacks among it.
cat >within <<'E'
#!/bin/sh
ulimit -s 512 && ulimit -d "$1" && shift && exec timeout 100 "$@"
E
chmod +x within

# refused BOMB REGEX [OPTION]: by all four, for the reason, in no memory.
refused() {
	bomb=$1 reason=$2
	shift 2
	unpack_bad=
	for how in 'oci-unpack --list' 'oci-flatten' 'oci-unpack --layers s' \
		oci-unpack; do
		rootfs=
		[ "$how" != oci-unpack ] || rootfs=r
		# shellcheck disable=SC2086
		run ./within 12288 $how "$@" "$bomb" $rootfs
		[ "$status" = 1 ] && grep -Eq "$reason" "$err" && nothing_left ||
			unpack_bad="$unpack_bad$how: $status $(tail -n 1 "$err") "
		rm -rf s
	done
	is "$bomb: is refused" "$unpack_bad" ""
}
refused zeros 'larger files than --max-size' --max-size=1G
refused entries 'too many entries' --max-files=1000
refused deeper 'longer than 4095'
refused record 'longer than 1 MiB'
refused long 'longer than 1 MiB'
refused holes 'more than 65536 segments'
refused window 'too much memory'
refused window144 'too much memory'
refused layers 'too many'

# takes KIB BOMB
takes() {
	ok "$2: a list" ./within "$1" oci-unpack --list "$2"
	ok "an archive" ./within "$1" oci-flatten "$2"
	ok "a tree" ./within 12288 oci-unpack "$2" r
	unpack_clean
}
takes $((12288 + 10000 * 140 / 1024)) names
takes $((12288 + 10000 * 140 / 1024)) again
takes $((12288 + 5000 * 140 / 1024)) farm
takes $((12288 + 2000 * 140 / 1024)) deep
takes $((12288 + 1000 * 140 / 1024)) thousand
if [ "$(id -u)" = 0 ] && mkdir small && mount -t tmpfs -o size=8m tmpfs small
then
	at_exit "umount '$tmp/small'"
	fails "ten gigabytes where there are eight megabytes" \
		./within 12288 oci-unpack zeros small/r
	said "is said" 'No space left'
	is "and nothing is left" "$(ls -A small)" ""
else
	skip 3 "no tmpfs"
fi
done_testing
