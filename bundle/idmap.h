/* SPDX-License-Identifier: ISC */
/* The user namespace of a container without privilege. */
#ifndef BUNDLE_IDMAP_H
#define BUNDLE_IDMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cJSON;

struct id_range {
	int64_t inside, outside, count;
};

struct id_map {
	struct id_range ranges[2];
	size_t n; /* 0: no user namespace, every id is itself */
};

struct idmap {
	struct id_map uids, gids;
};

/*
 * The caller's own id as 0, and his subordinate ids from 1 on when he has
 * them: what oci-unpack gives the files of a rootfs that he unpacks.
 */
void idmap_caller(struct idmap *m);

/* Whether an id of the container's is one of the map's; without any, all. */
bool id_is_mapped(const struct id_map *m, int64_t inside);

/* An id of the host as the container sees it: -1 when it doesn't. */
int64_t id_from_host(const struct id_map *m, int64_t outside);

/* The array linux.uidMappings or linux.gidMappings. */
struct cJSON *id_map_json(const struct id_map *m);

#endif
