/* SPDX-License-Identifier: ISC */
/*
 * Which devices a container may use (config-linux.md, "Allowed Device list"):
 * the rules, applied in their order to a container that may use none, as the
 * short list that both versions of cgroups are told.
 */
#ifndef RUN_CGROUP_DEVICE_H
#define RUN_CGROUP_DEVICE_H

#include "run/spec/spec.h"

/* All devices or none, and exceptions of the other kind, 'b' and 'c' only. */
struct device_policy {
	bool allow;
	struct device_rule *v;
	size_t n;
};

/*
 * The specification's rules, then what every container has: null, zero, full,
 * random, urandom, tty, console, ptmx, pts, net/tun, and making any node.
 * Dies of a rule that forbids a part of what an earlier one allows (or the
 * reverse), which cgroups can't express.
 */
void device_policy_make(struct device_policy *p, const struct resources *r);

/* A rule as cgroup v1 writes it, "c 1:3 rwm"; the caller frees it. */
char *device_rule_text(const struct device_rule *r);

/* Load the policy as a program (cgroup v2) and attach it: 0, -1 with errno. */
int device_program_attach(int dirfd, const struct device_policy *p);

#endif
