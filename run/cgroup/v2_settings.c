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

static bool
given(int64_t n)
{
	return n != UNSET;
}

static bool
limited(int64_t n)
{
	return n != UNSET && n != 0;
}

/* A number, "max" for those below zero. */
static const char *
number(int64_t n, char text[24])
{
	if (n < 0)
		return "max";
	snprintf(text, 24, "%" PRId64, n);
	return text;
}

/* The specification's swap is memory and swap together. */
static void
swap_setting(const struct resources *r, struct settings *list)
{
	int64_t limit = r->memory_limit, swap = r->memory_swap;
	char text[24];

	if (!limited(swap)) {
		if (limit != -1)
			return;
		swap = -1;
	} else if (swap > 0 && limit != -1) {
		if (!limited(limit))
			die("linux.resources.memory.swap: it is a limit of "
			    "memory and swap together, and no "
			    "linux.resources.memory.limit says how much of it "
			    "is memory");
		if (swap < limit)
			die("linux.resources.memory.swap: less than "
			    "linux.resources.memory.limit, which it includes");
		swap -= limit;
	}
	setting_add(list, "memory.swap", "memory", "memory.swap.max", "%s",
	    number(swap, text));
	if (swap <= 0) /* without swap nothing limits it, and nothing swaps */
		setting_optional(list);
}

static void
memory_settings(const struct resources *r, struct settings *list)
{
	char text[24];

	swap_setting(r, list);
	if (limited(r->memory_limit))
		setting_add(list, "memory.limit", "memory", "memory.max", "%s",
		    number(r->memory_limit, text));
	if (limited(r->memory_reservation))
		setting_add(list, "memory.reservation", "memory", "memory.low",
		    "%s", number(r->memory_reservation, text));
	if (limited(r->kernel_tcp))
		setting_impossible(list, "memory.kernelTCP", "memory");
	if (given(r->memory_swappiness) && r->memory_swappiness != -1)
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

static void
cpu_settings(const struct resources *r, struct settings *list)
{
	char text[24];

	if (given(r->cpu_idle))
		setting_add(list, "cpu.idle", "cpu", "cpu.idle", "%" PRId64,
		    r->cpu_idle);
	/* An idle group has no weight: the kernel refuses to set one. */
	if (limited(r->cpu_shares) && r->cpu_idle != 1)
		setting_add(list, "cpu.shares", "cpu", "cpu.weight", "%u",
		    weight_of_shares(r->cpu_shares));
	if (limited(r->cpu_quota) || limited(r->cpu_period))
		setting_add(list,
		    limited(r->cpu_quota) ? "cpu.quota" : "cpu.period", "cpu",
		    "cpu.max", "%s %" PRId64,
		    number(limited(r->cpu_quota) ? r->cpu_quota : -1, text),
		    limited(r->cpu_period) ? r->cpu_period : PERIOD);
	if (given(r->cpu_burst))
		setting_add(list, "cpu.burst", "cpu", "cpu.max.burst",
		    "%" PRId64, r->cpu_burst);
	if (limited(r->cpu_rt_period))
		setting_impossible(list, "cpu.realtimePeriod", "cpu");
	if (limited(r->cpu_rt_runtime))
		setting_impossible(list, "cpu.realtimeRuntime", "cpu");
	if (r->cpu_cpus && *r->cpu_cpus)
		setting_add(list, "cpu.cpus", "cpuset", "cpuset.cpus", "%s",
		    r->cpu_cpus);
	if (r->cpu_mems && *r->cpu_mems)
		setting_add(list, "cpu.mems", "cpuset", "cpuset.mems", "%s",
		    r->cpu_mems);
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
		property = xasprintf("unified.%s", u[0]);
		setting_add(list, property, controller, u[0], "%s", u[1]);
		free(property);
		free(controller);
	}
}

void
cgroup_v2_settings(const struct resources *r, struct settings *list)
{
	char text[24];

	memory_settings(r, list);
	cpu_settings(r, list);
	if (given(r->pids_limit))
		setting_add(list, "pids.limit", "pids", "pids.max", "%s",
		    number(r->pids_limit ? r->pids_limit : -1, text));
	unified_settings(r, list);
}
