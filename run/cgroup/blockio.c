/* SPDX-License-Identifier: ISC */
/*
 * linux.resources.blockIO as the files of the controller blkio of cgroup v1
 * and io of v2.
 *
 * Weights are what the scheduler of a device goes by, and of Linux's the two
 * that do have a file each: bfq, whose weights are the specification's, and
 * before Linux 5.0 cfq on v1, iocost on v2.  Which file is there says which is
 * compiled in, not which a device has, so both are written.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "lib/mem.h"
#include "run/cgroup/setting.h"
#include "run/spec/spec.h"

#define LEAST 10 /* of the specification's weights, which go to 1000 */
#define IOPS_MAX UINT32_MAX

/* 10..1000 are 1..10000 of iocost, on a line, as other runtimes have it. */
static unsigned
iocost_weight(int64_t weight)
{
	return weight <= LEAST ? 1 : 1 + (weight - LEAST) * 9999 / 990;
}

static void
weight_v1(const struct block_weight *w, struct settings *list)
{
	const char *const where = "blockIO.weightDevice";

	if (is_limit(w->weight)) {
		setting_add(list, where, "blkio", "blkio.bfq.weight_device",
		    "%" PRId64 ":%" PRId64 " %" PRId64, w->major, w->minor,
		    w->weight);
		setting_or(list, "blkio.weight_device",
		    "%" PRId64 ":%" PRId64 " %" PRId64, w->major, w->minor,
		    w->weight);
	}
	if (is_limit(w->leaf))
		setting_add(list, where, "blkio", "blkio.leaf_weight_device",
		    "%" PRId64 ":%" PRId64 " %" PRId64, w->major, w->minor,
		    w->leaf);
}

/*
 * The kernel keeps 32 bits of the operations and takes 2^32 for none at all,
 * at which nothing would ever be read again.
 */
static void
rate_v1(
    const struct block_rate *r, enum block_rates which, struct settings *list)
{
	static const char *const files[BLOCK_RATES] = {
	    [BLOCK_READ_BPS] = "blkio.throttle.read_bps_device",
	    [BLOCK_WRITE_BPS] = "blkio.throttle.write_bps_device",
	    [BLOCK_READ_IOPS] = "blkio.throttle.read_iops_device",
	    [BLOCK_WRITE_IOPS] = "blkio.throttle.write_iops_device",
	};
	bool iops = which == BLOCK_READ_IOPS || which == BLOCK_WRITE_IOPS;
	uint64_t rate = iops && r->rate > IOPS_MAX ? IOPS_MAX : r->rate;
	char *property = xasprintf("blockIO.%s", block_rate_names[which]);

	setting_add(list, property, "blkio", files[which],
	    "%" PRId64 ":%" PRId64 " %" PRIu64, r->major, r->minor, rate);
	if (!rate)
		setting_optional(list);
	free(property);
}

void
block_io_settings_v1(const struct resources *r, struct settings *list)
{
	const struct block_io *b = &r->block_io;

	if (is_limit(b->weight)) {
		setting_add(list, "blockIO.weight", "blkio", "blkio.bfq.weight",
		    "%" PRId64, b->weight);
		setting_or(list, "blkio.weight", "%" PRId64, b->weight);
	}
	if (is_limit(b->leaf))
		setting_add(list, "blockIO.leafWeight", "blkio",
		    "blkio.leaf_weight", "%" PRId64, b->leaf);
	for (size_t i = 0; i < b->nweights; i++)
		weight_v1(&b->weights[i], list);
	for (int which = 0; which < BLOCK_RATES; which++)
		for (size_t i = 0; i < b->nrates[which]; i++)
			rate_v1(&b->rates[which][i], which, list);
}

static void
weight_v2(const struct block_weight *w, struct settings *list)
{
	const char *const where = "blockIO.weightDevice";

	if (is_limit(w->weight)) {
		setting_add(list, where, "io", "io.bfq.weight",
		    "%" PRId64 ":%" PRId64 " %" PRId64, w->major, w->minor,
		    w->weight);
		setting_or(list, "io.weight", "%" PRId64 ":%" PRId64 " %u",
		    w->major, w->minor, iocost_weight(w->weight));
	}
	if (is_limit(w->leaf))
		setting_impossible(list, where, "io");
}

static void
rate_v2(
    const struct block_rate *r, enum block_rates which, struct settings *list)
{
	static const char *const keys[BLOCK_RATES] = {
	    [BLOCK_READ_BPS] = "rbps",
	    [BLOCK_WRITE_BPS] = "wbps",
	    [BLOCK_READ_IOPS] = "riops",
	    [BLOCK_WRITE_IOPS] = "wiops",
	};
	char *property = xasprintf("blockIO.%s", block_rate_names[which]);
	char *rate = r->rate ? xasprintf("%" PRIu64, r->rate) : xstrdup("max");

	setting_add(list, property, "io", "io.max",
	    "%" PRId64 ":%" PRId64 " %s=%s", r->major, r->minor, keys[which],
	    rate);
	if (!r->rate)
		setting_optional(list);
	free(rate);
	free(property);
}

void
block_io_settings_v2(const struct resources *r, struct settings *list)
{
	const struct block_io *b = &r->block_io;

	if (is_limit(b->weight)) {
		setting_add(list, "blockIO.weight", "io", "io.bfq.weight",
		    "%" PRId64, b->weight);
		setting_or(list, "io.weight", "%u", iocost_weight(b->weight));
	}
	if (is_limit(b->leaf))
		setting_impossible(list, "blockIO.leafWeight", "io");
	for (size_t i = 0; i < b->nweights; i++)
		weight_v2(&b->weights[i], list);
	for (int which = 0; which < BLOCK_RATES; which++)
		for (size_t i = 0; i < b->nrates[which]; i++)
			rate_v2(&b->rates[which][i], which, list);
}
