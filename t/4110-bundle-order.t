#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-mkbundle: what is on the disk before what, and what a signal between two
# of its system calls leaves.
. "${0%/*}/lib.sh"
need strace jq
strace -o trace true 2>"$err" || skip_all "strace: $(tail -n 1 "$err")"

mkdir l1 l2
echo one >l1/one
echo two >l2/two
"$top/t/mkimage" --cmd true img:v1 l1 >/dev/null || bail "t/mkimage"
"$top/t/mkimage" --cmd true img:v2 l2 >/dev/null || bail "t/mkimage"

# traced ARGUMENT...: the calls that matter, in the file calls, each with
# paths from here.
traced() {
	strace -y -o trace -e trace=fsync,renameat,renameat2 \
		oci-mkbundle "$@" || return
	sed -nE "s|<$(pwd -P)/?|<|g; s/\.[0-9]+\.tmp/.tmp/g
		s/^fsync\([0-9]+<(.*)>\) += 0/sync \1/p
		s/^renameat2?\([0-9]+<(.*)>, \"(.*)\", [0-9]+<(.*)>, \"([^\"]*)\".* = 0/\1 \2 to \3 \4/p
		" trace >calls
}
# written DIR NAME: as the calls of a file that is written to a directory.
written() {
	echo "sync $1/.$2.tmp
$1 .$2.tmp to $1 $2
sync $1"
}
ok "a bundle is made" traced img:v1 b
is "each file on the disk, then the directory, then its name" "$(cat calls)" \
	"$(written .b.new config.json)
$(written .b.new .rootfs.json)
 .b.new to  b
sync "
ok "another image" traced --replace img:v2 b
is "the record, the root, config.json, the record" "$(cat calls)" \
	"$(written b/.new config.json)
$(written b/.new .rootfs.json)
$(written b/.new both.json)
b/.new both.json to b .rootfs.json
sync b
b/.new rootfs to b rootfs
b/.new config.json to b config.json
sync b
b/.new .rootfs.json to b .rootfs.json"
ok "another command" traced img:v2 b -- false
is "config.json alone" "$(cat calls)" "$(written b config.json)"

# signalled CALL N ARGUMENT...: SIGTERM as it enters its Nth such call.
signalled() {
	what=$1 nth=$2
	shift 2
	env --default-signal strace -o trace \
		-e "inject=$what:signal=TERM:when=$nth" oci-mkbundle "$@"
}
seen() {
	stat -c '%n %i %.9Y' b b/* b/.[a-z]*
	cat b/config.json
}
exits 143 "ended while a new bundle is written" signalled fsync 1 img:v1 n
is "it isn't made" "$(ls -Ad n .n* 2>/dev/null)" ""
before=$(seen)
exits 143 "ended while a root file system is to be replaced" \
	signalled fsync 1 --replace img:v1 b
is "it is as it was" "$(seen)" "$before"
# The last signal that is set up is the last thing before the work.
run strace -o trace -e trace=rt_sigaction oci-mkbundle img:v2 b -- false
exits 143 "ended before another config.json is written" \
	signalled rt_sigaction "$(grep -n SIGXFSZ trace | sed -n '$s/:.*//p')" \
	img:v2 b -- true
is "it is as it was" "$(seen)" "$before"

# A rename that is said to be done, and isn't: somebody moved it away again.
fails "a bundle that isn't where it was put" strace -o trace \
	-e inject=renameat:retval=0:when=3 oci-mkbundle img:v1 n
said "is noticed" "n: another user has put a directory in its place"

done_testing
