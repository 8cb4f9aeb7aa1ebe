/* SPDX-License-Identifier: ISC */
/* Settings that the kernel takes through /proc. */
#ifndef RUN_PROC_H
#define RUN_PROC_H

struct spec;

/*
 * Both write through the host's /proc, so before anything of the image can
 * stand in its place.  process.oomScoreAdj must be written while the process
 * is dumpable, for its files in /proc are root's after that.  Dies.
 */
void proc_oom_score(const struct spec *spec);

/*
 * linux.sysctl, in the namespaces that they belong to.  Refuses one that
 * would be the host's.  Dies.
 */
void proc_sysctls(const struct spec *spec);

#endif
