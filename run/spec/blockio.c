/* SPDX-License-Identifier: ISC */
/* Reads "linux.resources.blockIO" (config-linux.md, "Block IO"). */
#include <stdlib.h>

#include "lib/mem.h"
#include "run/spec/json.h"

#define WHERE "linux.resources.blockIO"
#define DEVICES_MAX 4096 /* of each kind */
#define MAJOR_MAX 4095
#define MINOR_MAX 1048575

const char *const block_rate_names[BLOCK_RATES] = {
    [BLOCK_READ_BPS] = "throttleReadBpsDevice",
    [BLOCK_WRITE_BPS] = "throttleWriteBpsDevice",
    [BLOCK_READ_IOPS] = "throttleReadIOPSDevice",
    [BLOCK_WRITE_IOPS] = "throttleWriteIOPSDevice",
};

static int64_t
weight(const cJSON *json, const char *where, const char *name)
{
	return get_int(json, where, name, 0, 1000);
}

static const cJSON *
devices(const cJSON *json, const char *name, size_t *n)
{
	const cJSON *item = get_objects(json, WHERE, name, n);

	if (*n > DEVICES_MAX)
		spec_die(WHERE, name, "has more than %d", DEVICES_MAX);
	return item;
}

static void
weights(const cJSON *json, struct block_io *b)
{
	const char *const where = WHERE ".weightDevice";
	const cJSON *item = devices(json, "weightDevice", &b->nweights);
	struct block_weight *w;

	w = b->weights = xcalloc(b->nweights, sizeof *w);
	for (; item; item = item->next, w++) {
		w->major = need_int(item, where, "major", 0, MAJOR_MAX);
		w->minor = need_int(item, where, "minor", 0, MINOR_MAX);
		w->weight = weight(item, where, "weight");
		w->leaf = weight(item, where, "leafWeight");
	}
}

static void
rates(const cJSON *json, struct block_io *b, enum block_rates which)
{
	const char *name = block_rate_names[which];
	const cJSON *item = devices(json, name, &b->nrates[which]);
	char *where = xasprintf(WHERE ".%s", name);
	struct block_rate *r;

	r = b->rates[which] = xcalloc(b->nrates[which], sizeof *r);
	for (; item; item = item->next, r++) {
		r->major = need_int(item, where, "major", 0, MAJOR_MAX);
		r->minor = need_int(item, where, "minor", 0, MINOR_MAX);
		r->rate = need_uint(item, where, "rate");
	}
	free(where);
}

void
spec_block_io(const cJSON *resources, struct block_io *b)
{
	const cJSON *json = get_object(resources, "linux.resources", "blockIO");

	b->weight = weight(json, WHERE, "weight");
	b->leaf = weight(json, WHERE, "leafWeight");
	weights(json, b);
	for (int i = 0; i < BLOCK_RATES; i++)
		rates(json, b, i);
}
