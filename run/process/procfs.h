/* SPDX-License-Identifier: ISC */
/* Settings that the kernel takes through /proc. */
#ifndef RUN_PROCESS_PROCFS_H
#define RUN_PROCESS_PROCFS_H

struct spec;

#include <stdbool.h>
#include <sys/types.h>

/*
 * All of them go through the host's /proc, so before anything of the image
 * can stand in its place.
 */

/* In the parent: process.oomScoreAdj of the child pid.  Dies. */
void procfs_oom_score(const struct spec *spec, pid_t pid);

/*
 * In the parent: linux.timeOffsets of the child pid, which has a new time
 * namespace that nobody is in yet.  Dies.
 */
void procfs_time_offsets(const struct spec *spec, pid_t pid);

/* Whether this user namespace has setgroups(2) denied.  Dies. */
bool procfs_groups_denied(void);

/*
 * Write the settings of linux.sysctl.  Refuses a setting of a namespace that
 * the container shares with the host.  Dies.
 */
void procfs_sysctls(const struct spec *spec);

#endif
