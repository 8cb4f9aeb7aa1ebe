# SPDX-License-Identifier: ISC
# shellcheck shell=sh disable=SC2034
# What the tests share: TAP, a directory that goes away, a registry, images.
#
#	#!/bin/sh
#	. "${0%/*}/lib.sh"
#	need tar
#	ok "a tar is made" tar -cf x.tar /etc/passwd
#	fails "no tar is made of nothing" tar -cf x.tar
#	said "and it says so" cowardly
#	done_testing
#
# A test starts in an empty directory $tmp, with the programs of $B/bin first
# in PATH.  $top is the top of the sources.  Call the functions below in the
# test's own shell, not in a pipe or ( ): they count.

set -u
export LC_ALL=C TZ=UTC0
unset MAKELEVEL # by which oci-run knows that it is a command of make
umask 022

# A test stands in t/ or in a directory of it.
top=$(cd "${0%/*}/.." && pwd) || exit 1
[ -e "$top/GNUmakefile" ] || top=${top%/*}
case ${BUILD:=.build} in
/*) B=$BUILD ;;
*) B=$top/$BUILD ;;
esac
export PATH="$B/bin:$PATH:/usr/local/sbin:/usr/sbin:/sbin"

# A crash of ours that a sanitizer caught is no ordinary failure.  Memory is
# given back by exit, which is no leak.
export ASAN_OPTIONS="${ASAN_OPTIONS-}:exitcode=99:detect_leaks=0"
export UBSAN_OPTIONS="${UBSAN_OPTIONS-}:print_stacktrace=1:exitcode=99"

. "$top/t/tmp.sh"
. "$top/t/registry.sh"
. "$top/t/images.sh"

tap_n=0 tap_failed=0 tap_planned=
out=$tmp_base/out err=$tmp_base/err # of the last command, for a look

# plan N | done_testing: the number of tests, known before or only after.
plan() {
	tap_planned=$1
	echo "1..$1"
}

done_testing() {
	[ "$tap_planned" ] || echo "1..$tap_n"
	[ "$tap_failed" = 0 ] || exit 1
	exit 0
}

# This machine can't run the whole test; it is no use to go on with anything.
skip_all() {
	echo "1..0 # SKIP $*"
	exit 0
}

bail() {
	echo "Bail out!  $*"
	exit 1
}

# need COMMAND...: skip where one is missing.  In CI nothing may be missing.
need() {
	for tap_c; do
		command -v "$tap_c" >/dev/null && continue
		[ ! "${CI-}" ] || bail "$tap_c is missing, see t/packages"
		skip_all "no $tap_c here"
	done
}

need_root() {
	[ "$(id -u)" = 0 ] || skip_all "not root"
}

diag() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

# tap_why [FILE...]: why a test failed.  prove shows standard error, comments
# it doesn't.
tap_why() {
	sed 's/^/#   /' "$@" >"$tmp_base/why"
	[ ! "${HARNESS_ACTIVE-}" ] || cat "$tmp_base/why" >&2
	[ "${HARNESS_ACTIVE-}" ] || cat "$tmp_base/why"
}

pass() {
	tap_n=$((tap_n + 1))
	echo "ok $tap_n - $1"
}

# fail NAME [WHY]
fail() {
	tap_n=$((tap_n + 1)) tap_failed=$((tap_failed + 1))
	echo "not ok $tap_n - $1"
	[ ! "${HARNESS_ACTIVE-}" ] || echo "# ${0##*/}: not ok $tap_n - $1" >&2
	[ $# -lt 2 ] || printf '%s\n' "$2" | tap_why
}

# run COMMAND...: its output goes to $out and $err, its status to $status.
run() {
	status=0
	"$@" >"$out" 2>"$err" </dev/null || status=$?
}

# compile FILE SOURCE [OPTION...]: of a source in t/ a program, or with -shared
# -fPIC what LD_PRELOAD takes.
compile() {
	compile_file=$1 compile_source=$top/t/$2
	shift 2
	run cc -Wall -Wextra -D_GNU_SOURCE -o "$compile_file" \
		"$compile_source" "$@"
	[ "$status" = 0 ] || bail "cc: $(cat "$err")"
}

tap_verdict() { # NAME EXPECTED GOT COMMAND...
	tap_name=$1 tap_want=$2 tap_got=$3
	shift 3
	fail "$tap_name" "$*
exit status $tap_got, not $tap_want"
	tap_why "$err"
	[ -s "$err" ] || head -n 20 "$out" | tap_why
}

# ok NAME COMMAND...: it succeeds.
ok() {
	tap_name=$1
	shift
	run "$@"
	if [ "$status" = 0 ]; then
		pass "$tap_name"
	else
		tap_verdict "$tap_name" 0 "$status" "$@"
	fi
}

# fails NAME COMMAND...: it ends with status 1 and has said why.
fails() {
	tap_name=$1
	shift
	run "$@"
	if [ "$status" = 1 ] && [ -s "$err" ]; then
		pass "$tap_name"
	else
		tap_verdict "$tap_name" "1 with a message" "$status" "$@"
	fi
}

# exits N NAME COMMAND...: it ends with status N, 2 of wrong usage or 137.
exits() {
	tap_want=$1 tap_name=$2
	shift 2
	run "$@"
	if [ "$status" = "$tap_want" ]; then
		pass "$tap_name"
	else
		tap_verdict "$tap_name" "$tap_want" "$status" "$@"
	fi
}

# is NAME GOT WANTED
is() {
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1" "got:    $2
wanted: $3"
	fi
}

# said NAME REGEX, printed NAME REGEX: grep -E of the last command's error
# output, of its output.
said() {
	tap_grep "$1" "$2" "$err"
}

printed() {
	tap_grep "$1" "$2" "$out"
}

tap_grep() {
	if grep -Eq -e "$2" "$3"; then
		pass "$1"
	else
		fail "$1" "no match of $2 in:
$(head -n 20 "$3")"
	fi
}

# skip N REASON: N tests of a group that this machine can't run.
skip() {
	tap_i=$1
	while [ "$tap_i" -gt 0 ]; do
		tap_n=$((tap_n + 1)) tap_i=$((tap_i - 1))
		echo "ok $tap_n # SKIP $2"
	done
}

# wait_for COMMAND...: until it succeeds, for a minute at most; whoever waits
# has something to wait for, however slow the machine is.
wait_for() {
	tap_i=0
	until "$@" >/dev/null 2>&1; do
		[ $((tap_i += 1)) -lt 1200 ] || return 1
		sleep 0.05
	done
}

# private_mounts: begin once more, in a mount namespace of the test's own.
private_mounts() {
	if [ "${PRIVATE_MOUNTS-}" ]; then
		unset PRIVATE_MOUNTS
		return
	fi
	trap - EXIT
	cd /
	rm -rf "$tmp_base"
	export PRIVATE_MOUNTS=1
	exec unshare --mount --propagation private "$top/t/${0##*/}"
}

# v2_only COMMAND...: run it where /sys/fs/cgroup is one cgroup v2 tree.
v2_only() {
	"$top/t/v2-only" "$@"
}

cd "$tmp" || bail "no temporary directory"
