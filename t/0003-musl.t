#!/bin/sh
# SPDX-License-Identifier: ISC
# run/ and ps/ are compiled by musl-gcc without a warning.  To link and run them
# takes libraries that Debian has for glibc only, see make check-musl; their
# headers do for both.
. "${0%/*}/lib.sh"
need musl-gcc

# musl-gcc looks into none of the system's directories.
mkdir -p include/sys
for f in linux asm-generic cjson mbedtls seccomp.h seccomp-syscalls.h \
	sys/capability.h; do
	ln -s "/usr/include/$f" "include/$f"
done
[ ! -e /usr/include/psa ] || ln -s /usr/include/psa include
ln -s "/usr/include/$(gcc -print-multiarch)/asm" include/asm

cd "$top" || exit 1
objects=$(for f in run/*.c run/*/*.c ps/*.c lib/*.c; do
	echo "$tmp/build/${f%.c}.o"
done | grep -v libtar)
# shellcheck disable=SC2086
ok "musl has nothing against run/ and ps/" make -s MAKEFLAGS= B="$tmp/build" \
	CC=musl-gcc LIBTAR=no WERROR=1 CFLAGS=-O0 \
	CPPFLAGS="-isystem $tmp/include" $objects

done_testing
