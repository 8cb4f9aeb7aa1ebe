/* SPDX-License-Identifier: ISC */
/* The actions and rules of a bundle (config-linux.md, "Seccomp"). */
#ifndef RUN_SECCOMP_RULES_H
#define RUN_SECCOMP_RULES_H

#include <seccomp.h>
#include <stdint.h>

struct seccomp_spec;

/* A filter that does defaultAction.  Dies when that is not supported. */
scmp_filter_ctx seccomp_default(const struct seccomp_spec *spec);

/*
 * Add the rules of spec to it.  Dies of an action or a comparison that isn't
 * supported; system calls that libseccomp doesn't know are passed over.
 */
void seccomp_rules_add(scmp_filter_ctx ctx, const struct seccomp_spec *spec);

#endif
