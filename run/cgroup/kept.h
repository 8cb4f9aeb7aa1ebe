/* SPDX-License-Identifier: ISC */
/*
 * The cgroups of a container that another program made, by what its state
 * says of them.  What has the name may be another container's by now: then
 * there is none.
 */
#ifndef RUN_CGROUP_KEPT_H
#define RUN_CGROUP_KEPT_H

#include <stdbool.h>
#include <stddef.h>

struct cgroup_backend;
struct state_cgroup;
struct state_cgroups;

/* The way of a directory's version of cgroups; NULL: it is of none. */
const struct cgroup_backend *kept_backend(int fd);

/*
 * A descriptor of one of the list, or -1.  One that was only planned when the
 * state was written gets the inode and the role that it has.
 */
int kept_open(const struct state_cgroups *list, struct state_cgroup *c);

/*
 * Send the signal to all processes of the container, 0 or -1 when it has no
 * cgroup in which they could be found.  SIGKILL reaches frozen ones, too.
 */
int kept_signal(const struct state_cgroups *list, int signal);

/* Whether there is a process in any of them. */
bool kept_is_populated(const struct state_cgroups *list);

/*
 * Freeze all processes of the container, or let go of them: 0, or -1 with why
 * not.
 */
int kept_freeze(
    const struct state_cgroups *list, bool freeze, const char **why);

#endif
