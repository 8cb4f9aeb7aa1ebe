/* SPDX-License-Identifier: ISC */
/* Memory of a container. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json.h"
#include "ps/cgroups.h"
#include "ps/stats/figure.h"
#include "ps/stats/stats.h"

/* All of memory.stat; that of its lines which is the cache becomes a member. */
static cJSON *
raw_read(cJSON *memory, int dir, const char *cache)
{
	char *text = figure_text(dir, "memory.stat"), *rest = text, *key;
	cJSON *raw = cJSON_CreateObject();
	uint64_t value;

	while (figure_next(&rest, &key, &value)) {
		json_add_uint(raw, key, value);
		if (strcmp(key, cache) == 0)
			json_add_uint(memory, "cache", value);
	}
	free(text);
	return raw;
}

/*
 * memory.usage_in_bytes and its kind, of which the kernel may have no memsw
 * and no kmem; newer ones have no limit of kmem.
 */
static void
entry_v1(cJSON *memory, const char *member, int dir, const char *kind)
{
	static const char *const figures[][2] = {
	    {"limit", "limit_in_bytes"},
	    {"usage", "usage_in_bytes"},
	    {"max", "max_usage_in_bytes"},
	    {"failcnt", "failcnt"},
	};
	char file[64];
	cJSON *entry = cJSON_CreateObject();

	for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
		snprintf(file, sizeof file, "memory.%s%s", kind, figures[i][1]);
		figure_add(entry, figures[i][0], dir, file);
	}
	if (entry->child)
		cJSON_AddItemToObject(memory, member, entry);
	else
		cJSON_Delete(entry);
}

static void
memory_v1(cJSON *memory, int dir)
{
	cJSON *raw = raw_read(memory, dir, "cache");

	entry_v1(memory, "usage", dir, "");
	entry_v1(memory, "swap", dir, "memsw.");
	entry_v1(memory, "kernel", dir, "kmem.");
	entry_v1(memory, "kernelTCP", dir, "kmem.tcp.");
	cJSON_AddItemToObject(memory, "raw", raw);
}

static uint64_t
limits_sum(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* In v1, and so in runc's form, swap is memory and swap together. */
static void
memory_v2(cJSON *memory, int dir)
{
	uint64_t usage, limit, swap, swap_limit, failures;
	cJSON *raw = raw_read(memory, dir, "file"), *entry;

	figure_read(dir, "memory.current", &usage);
	figure_read(dir, "memory.max", &limit);
	figure_read(dir, "memory.swap.current", &swap);
	figure_read(dir, "memory.swap.max", &swap_limit);

	entry = cJSON_AddObjectToObject(memory, "usage");
	json_add_uint(entry, "limit", limit);
	json_add_uint(entry, "usage", usage);
	figure_add(entry, "max", dir, "memory.peak");
	figure_of_key(dir, "memory.events", "max", &failures);
	json_add_uint(entry, "failcnt", failures);

	entry = cJSON_AddObjectToObject(memory, "swap");
	json_add_uint(entry, "limit", limits_sum(limit, swap_limit));
	json_add_uint(entry, "usage", usage + swap);
	figure_of_key(dir, "memory.swap.events", "max", &failures);
	json_add_uint(entry, "failcnt", failures);
	cJSON_AddItemToObject(memory, "raw", raw);
}

void
stats_memory(const struct cgroups *c, cJSON *memory)
{
	int dir = cgroups_find(c, false, "memory.usage_in_bytes");

	if (dir >= 0)
		memory_v1(memory, dir);
	else if ((dir = cgroups_find(c, true, "memory.current")) >= 0)
		memory_v2(memory, dir);
	stats_pressure(c, "memory.pressure", memory);
}
