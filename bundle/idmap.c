/* SPDX-License-Identifier: ISC */
/* The user namespace of a container without privilege. */
#include "bundle/idmap.h"

#include <unistd.h>

#include "lib/json.h"
#include "lib/subid.h"

static void
range_add(struct id_map *m, int64_t inside, int64_t outside, int64_t count)
{
	m->ranges[m->n++] = (struct id_range){inside, outside, count};
}

void
idmap_caller(struct idmap *m)
{
	struct subid uids, gids;

	*m = (struct idmap){0};
	range_add(&m->uids, 0, geteuid(), 1);
	range_add(&m->gids, 0, getegid(), 1);
	if (!subid_ranges(geteuid(), &uids, &gids))
		return;
	range_add(&m->uids, 1, uids.start, uids.count);
	range_add(&m->gids, 1, gids.start, gids.count);
}

bool
id_is_mapped(const struct id_map *m, int64_t inside)
{
	const struct id_range *r = m->ranges;

	for (size_t i = 0; i < m->n; i++)
		if (inside >= r[i].inside && inside - r[i].inside < r[i].count)
			return true;
	return m->n == 0;
}

int64_t
id_from_host(const struct id_map *m, int64_t outside)
{
	const struct id_range *r = m->ranges;

	for (size_t i = 0; i < m->n; i++)
		if (outside >= r[i].outside &&
		    outside - r[i].outside < r[i].count)
			return r[i].inside + (outside - r[i].outside);
	return m->n == 0 ? outside : -1;
}

cJSON *
id_map_json(const struct id_map *m)
{
	cJSON *array = cJSON_CreateArray(), *item;

	for (size_t i = 0; i < m->n; i++) {
		item = cJSON_CreateObject();
		json_add_int(item, "containerID", m->ranges[i].inside);
		json_add_int(item, "hostID", m->ranges[i].outside);
		json_add_int(item, "size", m->ranges[i].count);
		cJSON_AddItemToArray(array, item);
	}
	return array;
}
