/* SPDX-License-Identifier: ISC */
/* Reads "linux.resources" (config-linux.md, "Control groups"). */
#include <string.h>

#include "lib/mem.h"
#include "run/spec/json.h"

#define RULES_MAX 4096
#define PAGE_SIZES_MAX 64

/*
 * Measured with pages of 4 KiB: the kernel kills the process before its
 * program runs under 96 KiB on cgroup v1 and 144 KiB on v2, a program of one
 * instruction under 160 and 192, a static busybox under 208 and 240.
 */
#define MEMORY_MIN (256 << 10)

/* What the kernel takes (kernel/sched/core.c, kernel/cgroup/pids.c). */
#define PERIOD_MIN 1000 /* microseconds, also a quota's */
#define PERIOD_MAX 1000000
#define QUOTA_MAX ((INT64_C(1) << 44) - 1)
#define PIDS_MAX (4 << 20)

static void
device_access(const char *text, char access[4])
{
	size_t n = 0;

	for (; *text; text++) {
		if (!strchr("rwm", *text) || n == 3)
			spec_die("linux.resources.devices", "access",
			    "must be made of r, w and m, each once at most");
		access[n++] = *text;
	}
	access[n] = '\0';
}

static void
device_rules(const cJSON *json, struct resources *r)
{
	const char *const where = "linux.resources.devices";
	const cJSON *item =
	    get_objects(json, "linux.resources", "devices", &r->ndevices);
	struct device_rule *d;
	char *type, *access;

	if (r->ndevices > RULES_MAX)
		spec_die("linux.resources", "devices", "more than %d rules",
		    RULES_MAX);
	d = r->devices = xcalloc(r->ndevices, sizeof(*d));
	for (; item; item = item->next, d++) {
		d->allow = get_bool(item, where, "allow");
		type = get_string(item, where, "type");
		d->type = type && *type ? *type : 'a';
		if (type && (strlen(type) > 1 || !strchr("abc", *type)))
			spec_die(where, "type", "%s: must be a, b or c", type);
		d->major = get_int(item, where, "major", -1, 4095);
		d->minor = get_int(item, where, "minor", -1, 1048575);
		if (d->major == UNSET)
			d->major = -1;
		if (d->minor == UNSET)
			d->minor = -1;
		access = get_string(item, where, "access");
		device_access(access && *access ? access : "rwm", d->access);
	}
}

static void
memory(const cJSON *json, struct resources *r)
{
	const char *const where = "linux.resources.memory";
	const cJSON *m = get_object(json, "linux.resources", "memory");

	/* Linux has had no such limit since 5.16; runtimes may ignore it. */
	if (get_int(m, where, "kernel", -1, INT64_MAX) > 0)
		warn("config.json: %s.kernel: there is no such limit any more",
		    where);
	r->memory_limit = get_int(m, where, "limit", -1, INT64_MAX);
	if (r->memory_limit > 0 && r->memory_limit < MEMORY_MIN)
		spec_die(where, "limit",
		    "%lld: must be at least %d bytes: starting a container "
		    "takes more than half of that, and the smallest program "
		    "the rest",
		    (long long)r->memory_limit, MEMORY_MIN);
	r->memory_reservation = get_int(m, where, "reservation", -1, INT64_MAX);
	r->memory_swap = get_int(m, where, "swap", -1, INT64_MAX);
	r->memory_swappiness = get_int(m, where, "swappiness", 0, 100);
	r->kernel_tcp = get_int(m, where, "kernelTCP", -1, INT64_MAX);
	r->oom_disable = get_bool(m, where, "disableOOMKiller");
	r->check_before_update = get_bool(m, where, "checkBeforeUpdate");
	/* useHierarchy: as it always is. */
}

static void
cpu(const cJSON *json, struct resources *r)
{
	const char *const where = "linux.resources.cpu";
	const cJSON *c = get_object(json, "linux.resources", "cpu");

	r->cpu_shares = get_int(c, where, "shares", 0, INT64_MAX);
	r->cpu_quota = get_int(c, where, "quota", -1, QUOTA_MAX);
	if (r->cpu_quota > 0 && r->cpu_quota < PERIOD_MIN)
		spec_die(where, "quota",
		    "%lld: must be at least %d, a millisecond, or -1 for none",
		    (long long)r->cpu_quota, PERIOD_MIN);
	r->cpu_burst = get_int(c, where, "burst", 0, QUOTA_MAX);
	if (r->cpu_quota > 0 && r->cpu_burst > r->cpu_quota)
		spec_die(where, "burst",
		    "%lld: must be no more than the quota, %lld",
		    (long long)r->cpu_burst, (long long)r->cpu_quota);
	r->cpu_period = get_int(c, where, "period", 0, PERIOD_MAX);
	if (r->cpu_period > 0 && r->cpu_period < PERIOD_MIN)
		spec_die(where, "period",
		    "%lld: must be from %d to %d, a millisecond to a second",
		    (long long)r->cpu_period, PERIOD_MIN, PERIOD_MAX);
	r->cpu_idle = get_int(c, where, "idle", 0, 1);
	r->cpu_rt_runtime =
	    get_int(c, where, "realtimeRuntime", INT64_MIN + 1, INT64_MAX);
	r->cpu_rt_period = get_int(c, where, "realtimePeriod", 0, INT64_MAX);
	r->cpu_cpus = get_string(c, where, "cpus");
	r->cpu_mems = get_string(c, where, "mems");
}

/* As the kernel's files are called; it is part of their names. */
static bool
is_page_size(const char *size)
{
	size_t digits = strspn(size, "0123456789");

	return digits && *size != '0' && *(size += digits) &&
	       strchr("KMG", *size) && strcmp(size + 1, "B") == 0;
}

static void
hugepages(const cJSON *json, struct resources *r)
{
	const char *const where = "linux.resources.hugepageLimits";
	const cJSON *item = get_objects(
	    json, "linux.resources", "hugepageLimits", &r->nhugepages);
	struct hugepage_limit *h;

	if (r->nhugepages > PAGE_SIZES_MAX)
		spec_die("linux.resources", "hugepageLimits",
		    "has more than %d", PAGE_SIZES_MAX);
	h = r->hugepages = xcalloc(r->nhugepages, sizeof(*h));
	for (; item; item = item->next, h++) {
		h->size = need_string(item, where, "pageSize");
		if (!is_page_size(h->size))
			spec_die(where, "pageSize",
			    "%s: must be a number and KB, MB or GB", h->size);
		h->bytes = need_uint(item, where, "limit");
	}
}

/* A device's name is the first word of a line that the kernel is given. */
static void
rdma(const cJSON *json, struct resources *r)
{
	const char *const where = "linux.resources.rdma";
	const cJSON *item, *all = get_object(json, "linux.resources", "rdma");
	struct rdma_limit *d;

	d = r->rdma = xcalloc(cJSON_GetArraySize(all), sizeof(*d));
	cJSON_ArrayForEach(item, all)
	{
		if (!*item->string || strpbrk(item->string, " \t\n"))
			spec_die("linux.resources", "rdma",
			    "\"%s\": not the name of a device", item->string);
		get_object(all, where, item->string);
		d->device = item->string;
		d->handles = get_int(item, where, "hcaHandles", 0, UINT32_MAX);
		d->objects = get_int(item, where, "hcaObjects", 0, UINT32_MAX);
		d++;
	}
	r->nrdma = d - r->rdma;
}

/*
 * Of what isn't done: whether it limits anything.  Zero, null and what is
 * empty is what programs in Go write for "not said", a class of 0 say; there
 * is no limit to zero of network classes.
 */
static bool
limits_something(const cJSON *item)
{
	double n;

	if (!cJSON_IsObject(item) && !cJSON_IsArray(item)) {
		n = cJSON_IsNumber(item) ? item->valuedouble : 0;
		return cJSON_IsString(item) ? *item->valuestring != '\0'
					    : cJSON_IsTrue(item) || n != 0;
	}
	for (item = item->child; item; item = item->next)
		if (limits_something(item))
			return true;
	return false;
}

static void
refuse_limits(const cJSON *json, const char *const *names)
{
	for (; *names; names++)
		if (limits_something(json_get(json, *names)))
			spec_die("linux.resources", *names,
			    "not supported by this runtime; take it out of "
			    "config.json, or use another runtime");
}

void
spec_resources(const cJSON *linux_, struct resources *r)
{
	const char *const undone[] = {"network", NULL};
	const cJSON *json = get_object(linux_, "linux", "resources");
	const cJSON *pids;

	refuse_limits(json, undone);
	device_rules(json, r);
	memory(json, r);
	cpu(json, r);
	pids = get_object(json, "linux.resources", "pids");
	r->pids_limit =
	    get_int(pids, "linux.resources.pids", "limit", -1, PIDS_MAX);
	spec_block_io(json, &r->block_io);
	hugepages(json, r);
	rdma(json, r);
	r->unified = get_pairs(json, "linux.resources", "unified");
}
