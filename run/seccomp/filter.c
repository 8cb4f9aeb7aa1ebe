/* SPDX-License-Identifier: ISC */
/*
 * Seccomp filters (config-linux.md, "Seccomp").  libseccomp knows the system
 * calls of every architecture and compiles; the kernel is given the program
 * by the child, in one system call.
 */
#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "run/seccomp/filter.h"
#include "run/seccomp/library.h"
#include "run/seccomp/newer.h"
#include "run/seccomp/rules.h"
#include "run/spec/spec.h"

#define PROGRAM_MAX (BPF_MAXINSNS * sizeof(struct sock_filter))
#define TREE_FROM 32 /* rules from which a balanced tree is worth its time */

/*
 * The specification's, but not yet libseccomp's: no machine that this runs on
 * executes programs of theirs.
 */
static bool
is_newer(const char *name)
{
	static const char *const newer[] = {"SCMP_ARCH_LOONGARCH64",
	    "SCMP_ARCH_M68K", "SCMP_ARCH_SH", "SCMP_ARCH_SHEB", NULL};
	const char *const *n = newer;

	while (*n && strcmp(*n, name) != 0)
		n++;
	return *n != NULL;
}

static void
architectures_add(scmp_filter_ctx ctx, char **names)
{
	uint32_t token;
	int r;

	for (; names && *names; names++) {
		token = seccomp_arch_token(*names);
		if (!token && !is_newer(*names))
			die("linux.seccomp.architectures: %s: libseccomp "
			    "doesn't know it",
			    *names);
		if (!token)
			continue;
		r = seccomp_arch_add(ctx, token);
		/* EDOM: of the other byte order, which can't be run here. */
		if (r < 0 && r != -EEXIST && r != -EDOM) {
			errno = -r;
			diesys("linux.seccomp.architectures: %s", *names);
		}
	}
}

static unsigned
flag_bits(char **names)
{
	unsigned bits = 0;

	for (; names && *names; names++)
		if (strcmp(*names, "SECCOMP_FILTER_FLAG_LOG") == 0)
			bits |= SECCOMP_FILTER_FLAG_LOG;
		else if (strcmp(*names, "SECCOMP_FILTER_FLAG_SPEC_ALLOW") == 0)
			bits |= SECCOMP_FILTER_FLAG_SPEC_ALLOW;
		else if (strcmp(*names, "SECCOMP_FILTER_FLAG_TSYNC") != 0 &&
			 strcmp(*names,
			     "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV") != 0)
			/*
			 * A process of one thread needs no TSYNC, and nobody
			 * waits in a filter that asks no listener.
			 */
			die("linux.seccomp.flags: %s is not supported", *names);
	return bits;
}

static scmp_filter_ctx
context_make(const struct seccomp_spec *spec)
{
	scmp_filter_ctx ctx = seccomp_default(spec);

	architectures_add(ctx, spec->architectures);
	if (spec->nrules >= TREE_FROM)
		seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	seccomp_rules_add(ctx, spec);
	return ctx;
}

struct seccomp_filter *
seccomp_compile(const struct seccomp_spec *spec)
{
	struct seccomp_filter *f = xcalloc(1, sizeof *f);
	scmp_filter_ctx ctx;
	size_t len;
	int fd, r;

	f->flags = flag_bits(spec->flags);
	ctx = context_make(spec);
	fd = memfd_create("seccomp", MFD_CLOEXEC);
	if (fd < 0)
		diesys("linux.seccomp: memfd");
	r = seccomp_export_bpf(ctx, fd);
	if (r < 0) {
		errno = -r;
		diesys("linux.seccomp: libseccomp can't compile the filter");
	}
	seccomp_release(ctx);
	if (lseek(fd, 0, SEEK_SET) < 0)
		diesys("linux.seccomp: memfd");
	f->program.filter = (void *)io_slurp(fd, PROGRAM_MAX, &len);
	if (!f->program.filter)
		diesys("linux.seccomp: the filter is too long");
	f->program.len = len / sizeof(struct sock_filter);
	close(fd);
	seccomp_newer(spec, &f->program);
	return f;
}

void
seccomp_apply(const struct seccomp_filter *filter)
{
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, filter->flags,
		&filter->program) < 0)
		diesys("linux.seccomp: the kernel doesn't take the filter");
}
