/* SPDX-License-Identifier: ISC */
/* New limits for a container that is there. */
#ifndef RUN_CGROUP_UPDATE_H
#define RUN_CGROUP_UPDATE_H

struct spec;
struct state_cgroups;

/*
 * Write the limits of spec to the cgroups of the list that are the container's
 * alone.  That there are cgroups for all of them is known before the first is
 * written; where the kernel refuses one, those before it stay.  Dies.
 */
void cgroup_update(const struct state_cgroups *list, const struct spec *spec);

#endif
