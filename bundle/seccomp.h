/* SPDX-License-Identifier: ISC */
/* The object linux.seccomp of config.json (config-linux.md, "Seccomp"). */
#ifndef BUNDLE_SECCOMP_H
#define BUNDLE_SECCOMP_H

#include <stdint.h>

struct cJSON;

/* A condition on an argument; the 64 bits of the register are compared. */
struct syscall_arg {
	unsigned index;
	const char *op; /* SCMP_CMP_...; NULL: no condition */
	uint64_t value, value_two;
};

/* What becomes of some system calls: they work, or fail with error. */
struct syscall_rule {
	const char *names; /* separated by a space */
	int error;         /* 0: they work */
	uint64_t needs;    /* EPERM unless the container has one of these */
	uint64_t with, without; /* the rule is there with, without one of */
	const char *arch; /* GOARCHs it is there for, "-": not for; NULL: any */
	struct syscall_arg args[2];
};

/* The default profile; the last rule has no names. */
extern const struct syscall_rule syscall_rules[];

/*
 * The default profile for an image's architecture (GOARCH) and the bounding
 * set.  A call that no rule names fails with ENOSYS.
 */
struct cJSON *seccomp_default(const char *arch, uint64_t capabilities);

/* A profile of the user's, in the form of linux.seccomp.  Dies. */
struct cJSON *seccomp_read(const char *path);

#endif
