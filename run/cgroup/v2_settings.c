/* SPDX-License-Identifier: ISC */
/* The limits as cgroup v2 has them, which counts some of them otherwise. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "run/cgroup/backend.h"
#include "run/cgroup/setting.h"
#include "run/spec/spec.h"

#define PERIOD 100000 /* microseconds, of cpu.max when none is given */

/* A number; "max" for those below zero, which holds where there is no file. */
static void
number(struct settings *list, const char *property, const char *controller,
    const char *file, int64_t n)
{
	if (n >= 0) {
		setting_add(list, property, controller, file, "%" PRId64, n);
		return;
	}
	setting_add(list, property, controller, file, "max");
	setting_optional(list);
}

/* The specification's swap is memory and swap together. */
static void
swap_setting(const struct resources *r, struct settings *list)
{
	int64_t limit = r->memory_limit, swap = r->memory_swap;

	if (!is_limit(swap)) {
		if (limit != -1)
			return;
		swap = -1;
	} else if (swap > 0) {
		if (!is_limit(limit) || limit == -1)
			die("linux.resources.memory.swap: it is a limit of "
			    "memory and swap together, and no "
			    "linux.resources.memory.limit says how much of it "
			    "is memory");
		if (swap < limit)
			die("linux.resources.memory.swap: less than "
			    "linux.resources.memory.limit, which it includes");
		swap -= limit;
	}
	number(list, "memory.swap", "memory", "memory.swap.max", swap);
	if (swap == 0) /* without swap there is no file, and nothing swaps */
		setting_optional(list);
}

static void
memory_settings(const struct resources *r, struct settings *list)
{
	swap_setting(r, list);
	if (is_limit(r->memory_limit))
		number(list, "memory.limit", "memory", "memory.max",
		    r->memory_limit);
	if (is_limit(r->memory_reservation))
		number(list, "memory.reservation", "memory", "memory.low",
		    r->memory_reservation);
	if (is_limit(r->kernel_tcp) && r->kernel_tcp != -1)
		setting_impossible(list, "memory.kernelTCP", "memory");
	if (is_given(r->memory_swappiness) && r->memory_swappiness != -1)
		setting_impossible(list, "memory.swappiness", "memory");
	if (r->oom_disable)
		setting_impossible(list, "memory.disableOOMKiller", "memory");
}

/* Both good to nine digits here, and no library of mathematics to load. */
static double
log_2(double x)
{
	double l = 0, bit = 1;

	for (; x >= 2; x /= 2)
		l++;
	for (int i = 0; i < 40; i++) {
		bit /= 2;
		x *= x;
		if (x >= 2) {
			x /= 2;
			l += bit;
		}
	}
	return l;
}

static double
power_of_10(double x)
{
	double y = x * 2.302585092994046 / 1024; /* ln 10 */
	double e =
	    1 + y * (1 + y / 2 * (1 + y / 3 * (1 + y / 4 * (1 + y / 5))));

	for (int i = 0; i < 10; i++)
		e *= e;
	return e;
}

/*
 * 2..262144 shares, 1024 by default, are a weight of 1..10000, 100 by
 * default: the curve through these three points that is quadratic in the
 * logarithms, as other runtimes have it since 2025, rounded up.
 */
static unsigned
weight_of_shares(int64_t shares)
{
	double l;

	if (shares <= 2)
		return 1;
	if (shares >= 262144)
		return 10000;
	l = log_2(shares);
	return power_of_10((l * l + 125 * l) / 612 - 7.0 / 34) + 1 - 1e-5;
}

/* Quota and period are one line, in which the quota may be "max". */
static void
cpu_max_setting(const struct resources *r, struct settings *list)
{
	int64_t period = is_limit(r->cpu_period) ? r->cpu_period : PERIOD;

	if (is_limit(r->cpu_quota) && r->cpu_quota > 0) {
		setting_add(list, "cpu.quota", "cpu", "cpu.max",
		    "%" PRId64 " %" PRId64, r->cpu_quota, period);
	} else if (is_limit(r->cpu_quota) || is_limit(r->cpu_period)) {
		setting_add(list,
		    is_limit(r->cpu_quota) ? "cpu.quota" : "cpu.period", "cpu",
		    "cpu.max", "max %" PRId64, period);
		setting_optional(list);
	}
}

static void
cpu_settings(const struct resources *r, struct settings *list)
{
	if (is_given(r->cpu_idle))
		setting_add(list, "cpu.idle", "cpu", "cpu.idle", "%" PRId64,
		    r->cpu_idle);
	/* An idle group has no weight: the kernel refuses to set one. */
	if (is_limit(r->cpu_shares) && r->cpu_idle != 1)
		setting_add(list, "cpu.shares", "cpu", "cpu.weight", "%u",
		    weight_of_shares(r->cpu_shares));
	cpu_max_setting(r, list);
	if (is_given(r->cpu_burst))
		setting_add(list, "cpu.burst", "cpu", "cpu.max.burst",
		    "%" PRId64, r->cpu_burst);
	if (is_limit(r->cpu_rt_period))
		setting_impossible(list, "cpu.realtimePeriod", "cpu");
	if (is_limit(r->cpu_rt_runtime) && r->cpu_rt_runtime > 0)
		setting_impossible(list, "cpu.realtimeRuntime", "cpu");
	cpuset_settings(r, list);
}

/* Files by their names, which the specification leaves to the kernel. */
static void
unified_settings(const struct resources *r, struct settings *list)
{
	char *property, *controller;

	for (char **u = r->unified; u && u[0]; u += 2) {
		controller = xstrndup(u[0], strcspn(u[0], "."));
		if (strchr(u[0], '/') || !u[0][strlen(controller)])
			die("linux.resources.unified: \"%s\": not a file's "
			    "name, CONTROLLER.PARAMETER",
			    u[0]);
		if (strcmp(u[0], "cgroup.procs") == 0 ||
		    strcmp(u[0], "cgroup.threads") == 0)
			die("linux.resources.unified: \"%s\": it would move "
			    "the host's processes into the container's cgroup",
			    u[0]);
		property = xasprintf("unified.%s", u[0]);
		setting_add(list, property, controller, u[0], "%s", u[1]);
		free(property);
		free(controller);
	}
}

void
cgroup_v2_settings(const struct resources *r, struct settings *list)
{
	memory_settings(r, list);
	cpu_settings(r, list);
	block_io_settings_v2(r, list);
	hugepage_settings(r, "max", list);
	rdma_settings(r, list);
	if (is_given(r->pids_limit))
		number(list, "pids.limit", "pids", "pids.max",
		    r->pids_limit ? r->pids_limit : -1);
	unified_settings(r, list);
}
