/* SPDX-License-Identifier: ISC */
/* Seccomp filters (config-linux.md, "Seccomp"), by libseccomp. */
#ifndef RUN_SECCOMP_FILTER_H
#define RUN_SECCOMP_FILTER_H

#include <linux/filter.h>

struct seccomp_spec;

/*
 * Compile in the parent, so that the child does one system call.  Dies on
 * what libseccomp or the kernel doesn't know, naming it; unknown system call
 * names are passed over, as the specification allows.  The result has the
 * flags for seccomp(2) beside the program.
 */
struct seccomp_filter {
	struct sock_fprog program;
	unsigned flags; /* SECCOMP_FILTER_FLAG_... */
};

struct seccomp_filter *seccomp_compile(const struct seccomp_spec *spec);

/* Load it; needs no_new_privs or CAP_SYS_ADMIN.  Dies when it can't. */
void seccomp_apply(const struct seccomp_filter *filter);

#endif
