#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# oci-run: what the specification allows and others write, with little or no
# meaning here.
. "${0%/*}/lib.sh"
. "$top/t/run.sh"

shell 'echo "[$HOME]"; env | grep -c HOME' '.process.env += ["HOME="]'
ok "an empty HOME" box
is "is none" "$(tr '\n' ' ' <"$out")" "[/root] 1 "
bundle '.process.args = ["true"] | .hooks = {prestart: [], poststop: null}'
ok "no hooks" box
bundle '.process.args = ["true"] | .process.execCPUAffinity = {initial: "0"} |
	.linux.resources.memory = {kernel: 1000000}'
ok "affinity of exec's processes, a kernel memory limit" box

# Of seccomp.
bundle '.process.args = ["pwd"] | .linux.seccomp = {
	defaultAction: "SCMP_ACT_ALLOW",
	flags: ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"],
	architectures: (["X86_64", "AARCH64", "LOONGARCH64", "M68K", "SH",
		"SHEB", "PARISC", "S390X"] | map("SCMP_ARCH_" + .)),
	syscalls: [{names: ["getcwd"], action: "SCMP_ACT_ERRNO", errnoRet: 38}]}'
exits 1 "architectures of other machines" box
said "don't keep the filter from being" 'pwd: .*not implemented'
change '.linux.seccomp.architectures += ["SCMP_ARCH_Z80"]'
exits 125 "one that there isn't" box
said "is named" 'architectures: SCMP_ARCH_Z80'

# Calls that are newer than a profile, by number.
cat >call.c <<'C'
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		puts(syscall(atol(argv[i]), -1, 0, 0) < 0 ? strerror(errno) : "done");
	return 0;
}
C
if ${CC:-cc} -static -o b/rootfs/call call.c 2>"$err" && [ "$(uname -m)" = x86_64 ]; then
	calls='.process.args = ["/call", "166", "265", "333", "500"]'
	profile='.linux.seccomp = {defaultAction: "SCMP_ACT_ERRNO", syscalls: [
		{names: ["read", "write", "execve", "exit_group", "brk", "mmap",
		"arch_prctl", "fstat", "newfstatat", "close", "pselect6",
		"readlink", "mprotect", "set_tid_address", "set_robust_list",
		"openat", "ioctl", "uname"], action: "SCMP_ACT_ALLOW"}]}'
	bundle "$calls | $profile"
	run box
	is "a number beyond those of the profile is a call that there isn't" \
		"$(tr '\n' ' ' <"$out" | sed 's/Operation not permitted/EPERM/g
		s/Function not implemented/ENOSYS/g')" "EPERM EPERM ENOSYS ENOSYS "
else
	skip 1 "no static C program here"
fi
done_testing
