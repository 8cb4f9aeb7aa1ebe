/* SPDX-License-Identifier: ISC */
/* What cgroup v1 and v2 do each in their own way. */
#ifndef RUN_CGROUP_BACKEND_H
#define RUN_CGROUP_BACKEND_H

#include <stdbool.h>

struct cgroup_dir;
struct device_policy;
struct resources;
struct settings;
struct spec;

/* Each dies with a message that names the property that wanted it. */
struct cgroup_backend {
	/* What files the limits are written to, and as what text. */
	void (*settings)(const struct resources *r, struct settings *list);

	/*
	 * Make a new directory ready for the settings and for processes: v1
	 * copies what a cpuset must have, v2 enables controllers above it.
	 */
	void (*prepare)(const struct cgroup_dir *d, const struct spec *spec,
	    const struct settings *list);

	/* Let processes in it use these devices and no others. */
	void (*devices)(
	    const struct cgroup_dir *d, const struct device_policy *p);

	/* Send SIGKILL to all processes in a directory and below it. */
	void (*kill)(int dirfd);

	/* Freeze them, or let go of them: see freeze.h. */
	int (*freeze)(int dirfd, bool freeze);
};

extern const struct cgroup_backend cgroup_v1, cgroup_v2;

/* The settings of v2, whose units aren't the specification's. */
void cgroup_v2_settings(const struct resources *r, struct settings *list);

#endif
