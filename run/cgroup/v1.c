/* SPDX-License-Identifier: ISC */
/*
 * cgroup v1 (Documentation/admin-guide/cgroup-v1): a hierarchy for each
 * controller, or for a few together.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "run/cgroup/backend.h"
#include "run/cgroup/device.h"
#include "run/cgroup/dir.h"
#include "run/cgroup/freeze.h"
#include "run/cgroup/kill.h"
#include "run/cgroup/setting.h"
#include "run/cgroup/tree.h"
#include "run/spec/spec.h"

#define FILE_MAX (1 << 20)

static void
number(struct settings *list, const char *property, const char *controller,
    const char *file, int64_t value)
{
	setting_add(list, property, controller, file, "%" PRId64, value);
	if (value < 0)
		setting_optional(list);
}

static void
memory_settings(const struct resources *r, struct settings *list)
{
	const char *swap = "memory.memsw.limit_in_bytes";

	if (is_limit(r->memory_limit))
		number(list, "memory.limit", "memory", "memory.limit_in_bytes",
		    r->memory_limit);
	if (is_limit(r->memory_swap))
		number(list, "memory.swap", "memory", swap, r->memory_swap);
	else if (r->memory_limit == -1)
		number(list, "memory.limit", "memory", swap, -1);
	if (is_limit(r->memory_reservation))
		number(list, "memory.reservation", "memory",
		    "memory.soft_limit_in_bytes", r->memory_reservation);
	if (is_limit(r->kernel_tcp))
		number(list, "memory.kernelTCP", "memory",
		    "memory.kmem.tcp.limit_in_bytes", r->kernel_tcp);
	if (is_given(r->memory_swappiness) && r->memory_swappiness != -1)
		number(list, "memory.swappiness", "memory", "memory.swappiness",
		    r->memory_swappiness);
	if (r->oom_disable)
		number(list, "memory.disableOOMKiller", "memory",
		    "memory.oom_control", 1);
}

static void
cpu_settings(const struct resources *r, struct settings *list)
{
	if (is_given(r->cpu_idle))
		number(list, "cpu.idle", "cpu", "cpu.idle", r->cpu_idle);
	/* An idle group has no weight: the kernel refuses to set one. */
	if (is_limit(r->cpu_shares) && r->cpu_idle != 1)
		number(list, "cpu.shares", "cpu", "cpu.shares", r->cpu_shares);
	if (is_limit(r->cpu_period)) {
		number(list, "cpu.period", "cpu", "cpu.cfs_period_us",
		    r->cpu_period);
		if (!is_limit(r->cpu_quota) || r->cpu_quota < 0)
			setting_optional(list); /* a period of no limit */
	}
	if (is_limit(r->cpu_quota))
		number(list, "cpu.quota", "cpu", "cpu.cfs_quota_us",
		    r->cpu_quota < 0 ? -1 : r->cpu_quota);
	if (is_given(r->cpu_burst))
		number(
		    list, "cpu.burst", "cpu", "cpu.cfs_burst_us", r->cpu_burst);
	if (is_limit(r->cpu_rt_period))
		number(list, "cpu.realtimePeriod", "cpu", "cpu.rt_period_us",
		    r->cpu_rt_period);
	if (is_limit(r->cpu_rt_runtime))
		number(list, "cpu.realtimeRuntime", "cpu", "cpu.rt_runtime_us",
		    r->cpu_rt_runtime);
	cpuset_settings(r, list);
}

static void
v1_settings(const struct resources *r, struct settings *list)
{
	memory_settings(r, list);
	cpu_settings(r, list);
	block_io_settings_v1(r, list);
	hugepage_settings(r, "limit_in_bytes", list);
	rdma_settings(r, list);
	if (!is_given(r->pids_limit))
		return;
	if (r->pids_limit > 0) {
		number(list, "pids.limit", "pids", "pids.max", r->pids_limit);
	} else {
		setting_add(list, "pids.limit", "pids", "pids.max", "max");
		setting_optional(list);
	}
}

/* The parent's values, on the way down. */
struct cpuset {
	char *cpus, *mems;
};

static void
inherit(int dirfd, const char *path, const char *file, char **parent)
{
	char *value = io_slurp_at(dirfd, file, FILE_MAX, NULL);

	if (!value)
		diesys("%s/%s", path, file);
	if (*parent && value[strspn(value, " \n")] == '\0') {
		if (control_write(dirfd, file, *parent) < 0)
			diesys("linux.resources.cpu: %s/%s", path, file);
		free(value);
		return;
	}
	free(*parent);
	*parent = value;
}

static void
cpuset_inherit(int dirfd, const char *path, void *arg)
{
	struct cpuset *parent = arg;

	inherit(dirfd, path, "cpuset.cpus", &parent->cpus);
	inherit(dirfd, path, "cpuset.mems", &parent->mems);
}

/* A new cpuset has no processors and takes no process until it has some. */
static void
v1_prepare(const struct cgroup_dir *d, const struct spec *spec,
    const struct settings *list)
{
	struct cpuset set = {0};

	(void)spec;
	(void)list;
	if (!word_in(d->in->controllers, "cpuset", ","))
		return;
	cgroup_dir_descend(d, cpuset_inherit, &set);
	free(set.cpus);
	free(set.mems);
}

static void
v1_devices(const struct cgroup_dir *d, const struct device_policy *p)
{
	const char *all = p->allow ? "devices.allow" : "devices.deny";
	const char *some = p->allow ? "devices.deny" : "devices.allow";
	char *text;

	if (control_write(d->fd, all, "a") < 0)
		diesys("linux.resources.devices: \"a\" to %s/%s", d->path, all);
	for (size_t i = 0; i < p->n; i++) {
		text = device_rule_text(&p->v[i]);
		if (control_write(d->fd, some, text) < 0)
			diesys("linux.resources.devices: \"%s\" to %s/%s", text,
			    d->path, some);
		free(text);
	}
}

const struct cgroup_backend cgroup_v1 = {
    v1_settings, v1_prepare, v1_devices, cgroup_kill, freeze_v1};
