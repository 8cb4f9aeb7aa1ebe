/* SPDX-License-Identifier: ISC */
/* System calls that a profile's author couldn't know. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "run/seccomp/library.h"
#include "run/seccomp/newer.h"
#include "run/spec/spec.h"

#define X32 0x40000000 /* the bit of x86-64's other numbers */
#define BLOCK 6        /* instructions for an architecture */

/* Where ENOSYS tells nothing that isn't so anyway, or what is new may be. */
static bool
is_spared(const struct seccomp_spec *spec)
{
	const char *action = spec->default_action;

	return strcmp(action, "SCMP_ACT_ALLOW") == 0 ||
	       strcmp(action, "SCMP_ACT_LOG") == 0 ||
	       strcmp(action, "SCMP_ACT_TRACE") == 0 ||
	       (strcmp(action, "SCMP_ACT_ERRNO") == 0 &&
		   spec->default_errno == ENOSYS);
}

/* The highest number that is named, of those that are the kernel's; or -1. */
static int
last_named(const struct seccomp_spec *spec, uint32_t arch)
{
	int last = -1, n;

	for (size_t i = 0; i < spec->nrules; i++)
		for (char **name = spec->rules[i].names; *name; name++) {
			n = seccomp_syscall_resolve_name_arch(arch, *name);
			if (n > last && n < X32)
				last = n;
		}
	return last;
}

/* With x86-64 come the numbers of x32, which are another's to judge. */
static size_t
block_write(struct sock_filter *at, uint32_t arch, uint32_t last)
{
	const struct sock_filter block[BLOCK] = {
	    BPF_STMT(
		BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, arch, 0, 4),
	    BPF_STMT(
		BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	    BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, last, 0, 2),
	    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32, 1, 0),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
	};

	memcpy(at, block, sizeof block);
	return BLOCK;
}

static size_t
block_add(
    const struct seccomp_spec *spec, uint32_t arch, struct sock_filter *at)
{
	int last = arch == SCMP_ARCH_X32 ? -1 : last_named(spec, arch);

	return last < 0 ? 0 : block_write(at, arch, (uint32_t)last);
}

void
seccomp_newer(const struct seccomp_spec *spec, struct sock_fprog *program)
{
	uint32_t native = seccomp_arch_native(), arch;
	struct sock_filter *longer;
	size_t n = 1, len;

	if (is_spared(spec))
		return;
	for (char **a = spec->architectures; a && *a; a++)
		n++;
	longer = xcalloc(n * BLOCK + program->len, sizeof *longer);
	len = block_add(spec, native, longer);
	for (char **a = spec->architectures; a && *a; a++) {
		arch = seccomp_arch_token(*a);
		if (arch && arch != native)
			len += block_add(spec, arch, longer + len);
	}
	if (len + program->len > BPF_MAXINSNS)
		die("linux.seccomp: the filter is too long");
	memcpy(longer + len, program->filter,
	    program->len * sizeof *program->filter);
	free(program->filter);
	program->filter = longer;
	program->len += len;
}
