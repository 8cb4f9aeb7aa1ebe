/* SPDX-License-Identifier: ISC */
/*
 * On which processors a process that joins a container runs (config.md,
 * "execCPUAffinity").
 */
#ifndef RUN_PROCESS_AFFINITY_H
#define RUN_PROCESS_AFFINITY_H

#include <sched.h>
#include <stdbool.h>

struct processors {
	cpu_set_t *set; /* NULL: not said */
	size_t size;    /* bytes */
};

struct affinity {
	bool said;
	struct processors initial, final; /* before its cgroups, and in them */
};

/* Fill *p from a list, "0-3,7": NULL, or what is wrong with it. */
const char *processors_parse(struct processors *p, const char *list);

/*
 * What joins the container and is outside so far, this process or its parent,
 * runs on the first; in the container's cgroups it runs on the last, or on all
 * that those allow when none are said.  Dies.
 */
void affinity_begin(const struct affinity *a);
void affinity_finish(const struct affinity *a);

#endif
