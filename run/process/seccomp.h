/* SPDX-License-Identifier: ISC */
/* Seccomp filters (config-linux.md, "Seccomp"), by libseccomp. */
#ifndef RUN_PROCESS_SECCOMP_H
#define RUN_PROCESS_SECCOMP_H

#include <linux/filter.h>
#include <stdint.h>

struct seccomp_spec;

/* "libseccomp/2.5.4". */
const char *seccomp_library(void);

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

/* libseccomp's number of "SCMP_ARCH_...", or 0. */
uint32_t seccomp_arch_token(const char *name);

/* Load it; needs no_new_privs or CAP_SYS_ADMIN.  Dies when it can't. */
void seccomp_apply(const struct seccomp_filter *filter);

#endif
