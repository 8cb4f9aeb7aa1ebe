/* SPDX-License-Identifier: ISC */
/*
 * Subordinate ids (subuid(5), subgid(5)): what newuidmap(1) and newgidmap(1)
 * let an ordinary user map into a user namespace of his.
 */
#ifndef LIB_SUBID_H
#define LIB_SUBID_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct subid {
	uint32_t start, count;
};

/*
 * The user's first range of uids and his first of gids: false when he lacks
 * either, or the two programs, and a namespace of his has a single id only.
 */
bool subid_ranges(uid_t user, struct subid *uids, struct subid *gids);

#endif
