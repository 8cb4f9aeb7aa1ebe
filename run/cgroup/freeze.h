/* SPDX-License-Identifier: ISC */
/*
 * The freezer: a cgroup whose processes don't run (freezer-subsystem.rst of v1,
 * cgroup.freeze of cgroup-v2.rst).
 */
#ifndef RUN_CGROUP_FREEZE_H
#define RUN_CGROUP_FREEZE_H

#include <stdbool.h>

/*
 * Freeze all that is in the directory and below it, and see that it is, or let
 * go of it: 0, or -1 with errno.  ENOENT: the hierarchy has no freezer;
 * ETIMEDOUT: within two seconds it isn't frozen, and has been let go of; EBUSY:
 * it isn't let go of, for a cgroup above is frozen.
 */
int freeze_v1(int dirfd, bool freeze);
int freeze_v2(int dirfd, bool freeze);

#endif
