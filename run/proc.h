/* SPDX-License-Identifier: ISC */
/* Settings that the kernel takes through /proc. */
#ifndef RUN_PROC_H
#define RUN_PROC_H

struct spec;

/*
 * process.oomScoreAdj and linux.sysctl, written through the host's /proc, so
 * before anything of the image can stand in its place, and in the namespaces
 * that the sysctls belong to.  Refuses a sysctl that would be the host's.
 */
void proc_settings(const struct spec *spec);

#endif
