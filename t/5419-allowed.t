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
change '.hooks.poststop = [{path: "/bin/true"}]'
exits 125 "a hook" box
said "is named" 'hooks.poststop'
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
done_testing
