/* SPDX-License-Identifier: ISC */
/* The container's first process, from clone to exec. */
#ifndef RUN_CONTAINER_INIT_H
#define RUN_CONTAINER_INIT_H

#include <stdbool.h>

struct spec;
struct cgroup;
struct namespaces;
struct seccomp_filter;

struct init {
	struct spec *spec;
	const struct namespaces *namespaces;
	const struct cgroup *cgroup;
	const struct seccomp_filter *seccomp; /* NULL: none */
	int reaper;                           /* of reaper_open, or -1 */
	int sync;                             /* to the parent */
	const char **step;                    /* what it is at; shared */
	bool new_keyring;                     /* a session keyring of its own */
	unsigned preserve_fds;                /* descriptors kept above 2 */
};

_Noreturn void init_run(const struct init *init);

#endif
