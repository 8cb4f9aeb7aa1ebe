/* SPDX-License-Identifier: ISC */
/* run/cgroup: what limits are in the files of cgroup v1 and of v2. */
#include <stdint.h>
#include <string.h>

#include "run/cgroup/backend.h"
#include "run/cgroup/device.h"
#include "run/cgroup/setting.h"
#include "run/spec/spec.h"
#include "t/resources.h"
#include "t/tap.h"

static const char *
value_of(
    const struct cgroup_backend *b, const struct resources *r, const char *file)
{
	struct settings list = {0};

	b->settings(r, &list);
	for (size_t i = 0; i < list.n; i++)
		if (list.v[i].file && strcmp(list.v[i].file, file) == 0)
			return list.v[i].value;
	return "";
}

static bool
weight_is(int64_t shares, const char *weight)
{
	struct spec s;

	nothing_said(&s);
	s.resources.cpu_shares = shares;
	return strcmp(value_of(&cgroup_v2, &s.resources, "cpu.weight"),
		   weight) == 0;
}

static void
conversions(void)
{
	struct spec s;
	struct resources *r = &s.resources;

	ok(weight_is(2, "1") && weight_is(1024, "100") &&
		weight_is(262144, "10000"),
	    "least, default and most shares are those weights");
	ok(weight_is(512, "59") && weight_is(2048, "174"),
	    "shares between them are on the curve");
	nothing_said(&s);
	r->memory_limit = 100;
	r->memory_swap = 300;
	ok(strcmp(value_of(&cgroup_v2, r, "memory.swap.max"), "200") == 0,
	    "v2: swap is without the memory");
	ok(strcmp(value_of(&cgroup_v1, r, "memory.memsw.limit_in_bytes"),
	       "300") == 0,
	    "v1: swap is with the memory");
	r->memory_swap = 100;
	ok(strcmp(value_of(&cgroup_v2, r, "memory.swap.max"), "0") == 0,
	    "v2: no swap");
	r->cpu_quota = 5000;
	ok(strcmp(value_of(&cgroup_v2, r, "cpu.max"), "5000 100000") == 0,
	    "v2: quota and the default period");
	r->pids_limit = -1;
	ok(strcmp(value_of(&cgroup_v2, r, "pids.max"), "max") == 0,
	    "no limit of pids");
}

/* Both of the schedulers of v2, and what the kernel would take for nothing. */
static void
block_io(void)
{
	struct block_weight disk = {8, 16, 1000, UNSET};
	struct block_rate rates[] = {{8, 0, 1048576}, {8, 16, 0}};
	struct block_rate most = {8, 0, UINT64_C(1) << 32};
	struct settings list = {0};
	struct spec s;
	struct resources *r = &s.resources;

	nothing_said(&s);
	r->block_io.weight = 500;
	cgroup_v2.settings(r, &list);
	ok(list.n == 1 && strcmp(list.v[0].value, "500") == 0 &&
		strcmp(list.v[0].other_file, "io.weight") == 0 &&
		strcmp(list.v[0].other_value, "4950") == 0,
	    "v2: a weight of bfq, and of iocost");
	ok(strcmp(value_of(&cgroup_v1, r, "blkio.bfq.weight"), "500") == 0,
	    "v1: bfq's alone");
	r->block_io.weights = &disk;
	r->block_io.nweights = 1;
	ok(strcmp(value_of(&cgroup_v1, r, "blkio.bfq.weight_device"),
	       "8:16 1000") == 0,
	    "the weight of a device");
	r->block_io.rates[BLOCK_WRITE_BPS] = rates;
	r->block_io.nrates[BLOCK_WRITE_BPS] = 1;
	ok(strcmp(value_of(&cgroup_v2, r, "io.max"), "8:0 wbps=1048576") == 0,
	    "v2: a rate");
	r->block_io.rates[BLOCK_WRITE_BPS] = rates + 1;
	ok(strcmp(value_of(&cgroup_v2, r, "io.max"), "8:16 wbps=max") == 0,
	    "v2: no limit of it");
	r->block_io.rates[BLOCK_READ_IOPS] = &most;
	r->block_io.nrates[BLOCK_READ_IOPS] = 1;
	ok(strcmp(value_of(&cgroup_v1, r, "blkio.throttle.read_iops_device"),
	       "8:0 4294967295") == 0,
	    "v1: 2^32 operations aren't none");
}

static void
rdma(void)
{
	struct rdma_limit limits[] = {{"mlx5_1", 3, 10000}, {"rxe3", UNSET, 0},
	    {"a", INT64_C(1) << 31, UNSET}};
	struct spec s;
	struct resources *r = &s.resources;

	nothing_said(&s);
	r->nrdma = 1;
	r->rdma = limits;
	ok(strcmp(value_of(&cgroup_v2, r, "rdma.max"),
	       "mlx5_1 hca_handle=3 hca_object=10000") == 0,
	    "v2: rdma");
	r->rdma = limits + 1;
	ok(strcmp(value_of(&cgroup_v1, r, "rdma.max"), "rxe3 hca_object=0") ==
		0,
	    "v1: rdma, of which 0 is a limit");
	r->rdma = limits + 2;
	ok(strcmp(value_of(&cgroup_v1, r, "rdma.max"), "a hca_handle=max") == 0,
	    "and 2^31 is none");
}

/* Whether something of a backend's settings needs a controller. */
static bool
needs_some(const struct cgroup_backend *b, const struct resources *r)
{
	struct settings list = {0};
	size_t n = 0;

	b->settings(r, &list);
	for (size_t i = 0; i < list.n; i++)
		n += !list.v[i].optional;
	return n > 0;
}

/* What says "no limit" holds where there is nothing to limit by. */
static void
unlimited(void)
{
	struct spec s;
	struct resources *r = &s.resources;

	nothing_said(&s);
	r->memory_limit = r->memory_reservation = r->memory_swap = -1;
	r->kernel_tcp = r->cpu_quota = r->cpu_rt_runtime = -1;
	r->pids_limit = -1;
	ok(!needs_some(&cgroup_v1, r), "v1: no limits need no controller");
	ok(!needs_some(&cgroup_v2, r), "v2: neither");
	r->cpu_period = 100000;
	ok(!needs_some(&cgroup_v1, r) && !needs_some(&cgroup_v2, r),
	    "nor does a period without a quota");
	r->pids_limit = 0;
	ok(!needs_some(&cgroup_v1, r) && !needs_some(&cgroup_v2, r),
	    "nor does 0 of pids, which is none");
	r->pids_limit = 1;
	ok(needs_some(&cgroup_v1, r) && needs_some(&cgroup_v2, r),
	    "a limit needs one");
}

static void
device_policies(void)
{
	struct device_rule rules[] = {{false, 'a', -1, -1, "rwm"},
	    {true, 'c', 10, 229, "rw"}, {true, 'b', 8, -1, "r"},
	    {false, 'b', -1, -1, "rwm"}};
	struct resources r = {.devices = rules, .ndevices = 4};
	struct device_policy p;
	bool fuse = false, disk = false, null = false;

	device_policy_make(&p, &r);
	for (size_t i = 0; i < p.n; i++) {
		fuse |= p.v[i].major == 10 && p.v[i].minor == 229 &&
			strcmp(p.v[i].access, "rw") == 0;
		disk |= p.v[i].type == 'b' && p.v[i].major == 8;
		null |= p.v[i].major == 1 && p.v[i].minor == 3;
	}
	ok(!p.allow && fuse && null, "devices that are allowed");
	ok(!disk, "a wider rule ends a narrower one");
	rules[0].allow = true;
	r.ndevices = 1;
	device_policy_make(&p, &r);
	ok(p.allow && p.n == 0, "all devices");
}

int
main(void)
{
	conversions();
	block_io();
	rdma();
	unlimited();
	device_policies();
	return tap_end();
}
