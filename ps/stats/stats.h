/* SPDX-License-Identifier: ISC */
/* What the cgroups of a container count, in the form of runc's events. */
#ifndef PS_STATS_STATS_H
#define PS_STATS_STATS_H

#include <sys/types.h>

struct cJSON;
struct cgroups;

/*
 * The object "data" of an event of the type "stats", the caller's: the members
 * of runc's types/events.go.  What no cgroup of the container counts is not in
 * there.  pid is that of its first process, for its network.
 */
struct cJSON *stats_read(const struct cgroups *c, pid_t pid);

/* The members, each added to what it counts; each in a file of its own. */
void stats_cpu(const struct cgroups *c, struct cJSON *cpu);
void stats_cpuset(const struct cgroups *c, struct cJSON *cpuset);
void stats_memory(const struct cgroups *c, struct cJSON *memory);
void stats_pids(const struct cgroups *c, struct cJSON *pids);
void stats_blkio(const struct cgroups *c, struct cJSON *blkio);
void stats_hugetlb(const struct cgroups *c, struct cJSON *hugetlb);

/* Pressure stall information, as a member "psi", from a file of a v2 cgroup. */
void stats_pressure(
    const struct cgroups *c, const char *file, struct cJSON *obj);

/*
 * The interfaces of the network namespace of the process, but for lo, as it
 * sees them; null where it has no other than this program, or nothing but lo.
 */
struct cJSON *stats_network(pid_t pid);

#endif
