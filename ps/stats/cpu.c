/* SPDX-License-Identifier: ISC */
/* Processor time of a container, and which processors it may use. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/json.h"
#include "ps/cgroups.h"
#include "ps/stats/figure.h"
#include "ps/stats/stats.h"

#define NS_PER_S UINT64_C(1000000000)
#define NS_PER_US 1000
#define ID_MAX 65535 /* of a processor or node: runc has 16 bits for it */

/* A line of the file, and the member that it becomes, times factor. */
struct line {
	const char *key, *member;
	uint64_t factor;
};

static void
lines_add(cJSON *obj, int dir, const char *file, const struct line *lines)
{
	char *text = figure_text(dir, file), *rest = text, *key;
	uint64_t value;

	while (figure_next(&rest, &key, &value))
		for (const struct line *l = lines; l->key; l++)
			if (strcmp(l->key, key) == 0)
				json_add_uint(
				    obj, l->member, value * l->factor);
	free(text);
}

/* Numbers between spaces. */
static void
percpu(cJSON *usage, int dir)
{
	char *text = figure_text(dir, "cpuacct.usage_percpu");
	char *rest = text, *word;
	uint64_t value;
	cJSON *array;

	if (!text)
		return;
	array = cJSON_AddArrayToObject(usage, "percpu");
	while ((word = strsep(&rest, " \n")))
		if (figure_parse(word, &value))
			figure_append(array, value);
	free(text);
}

/* Lines "CPU USER SYSTEM" below a heading. */
static void
percpu_modes(cJSON *usage, int dir)
{
	char *text = figure_text(dir, "cpuacct.usage_all");
	char *rest = text, *line, *words[3];
	cJSON *kernel, *user;
	uint64_t u, k;

	if (!text)
		return;
	kernel = cJSON_AddArrayToObject(usage, "percpu_kernel");
	user = cJSON_AddArrayToObject(usage, "percpu_user");
	while ((line = strsep(&rest, "\n"))) {
		for (int i = 0; i < 3; i++)
			words[i] = strsep(&line, " ");
		if (!words[2] || !figure_parse(words[1], &u) ||
		    !figure_parse(words[2], &k))
			continue;
		figure_append(user, u);
		figure_append(kernel, k);
	}
	free(text);
}

static void
usage_v1(cJSON *usage, int dir)
{
	const uint64_t tick = NS_PER_S / (uint64_t)sysconf(_SC_CLK_TCK);
	const struct line lines[] = {
	    {"user", "user", tick}, {"system", "kernel", tick}, {0}};

	figure_add(usage, "total", dir, "cpuacct.usage");
	percpu(usage, dir);
	percpu_modes(usage, dir);
	lines_add(usage, dir, "cpuacct.stat", lines);
}

/* Also a cgroup without the cpu controller counts this. */
static void
usage_v2(cJSON *usage, int dir)
{
	static const struct line lines[] = {
	    {"usage_usec", "total", NS_PER_US},
	    {"user_usec", "user", NS_PER_US},
	    {"system_usec", "kernel", NS_PER_US},
	    {0},
	};

	lines_add(usage, dir, "cpu.stat", lines);
}

static void
throttling(const struct cgroups *c, cJSON *cpu)
{
	static const struct line v1[] = {
	    {"nr_periods", "periods", 1},
	    {"nr_throttled", "throttledPeriods", 1},
	    {"throttled_time", "throttledTime", 1},
	    {0},
	};
	static const struct line v2[] = {
	    {"nr_periods", "periods", 1},
	    {"nr_throttled", "throttledPeriods", 1},
	    {"throttled_usec", "throttledTime", NS_PER_US},
	    {0},
	};
	int dir = cgroups_find(c, false, "cpu.stat");

	if (dir >= 0)
		lines_add(cpu, dir, "cpu.stat", v1);
	else
		lines_add(
		    cpu, cgroups_find(c, true, "cpu.stat"), "cpu.stat", v2);
}

void
stats_cpu(const struct cgroups *c, cJSON *cpu)
{
	int dir = cgroups_find(c, false, "cpuacct.usage");
	cJSON *usage = cJSON_AddObjectToObject(cpu, "usage");

	if (dir >= 0)
		usage_v1(usage, dir);
	else
		usage_v2(usage, cgroups_find(c, true, "cpu.stat"));
	throttling(c, cJSON_AddObjectToObject(cpu, "throttling"));
	stats_pressure(c, "cpu.pressure", cpu);
}

/* "0-3,7" as an array of each; an empty list has none. */
static void
ids_add(cJSON *cpuset, const char *member, int dir, const char *file)
{
	char *text = figure_text(dir, file), *rest = text, *word, *to;
	uint64_t first, last;
	cJSON *array = NULL;

	while ((word = strsep(&rest, ",\n"))) {
		to = strchr(word, '-');
		if (to)
			*to++ = '\0';
		if (!figure_parse(word, &first) ||
		    !figure_parse(to ? to : word, &last) || last > ID_MAX)
			continue;
		if (!array)
			array = cJSON_AddArrayToObject(cpuset, member);
		for (; first <= last; first++)
			figure_append(array, first);
	}
	free(text);
}

/* -1: the system's own choice. */
static void
domain_level(cJSON *cpuset, int dir)
{
	char *text = figure_text(dir, "cpuset.sched_relax_domain_level"), *end;
	int64_t level;

	if (!text)
		return;
	level = strtoimax(text, &end, 10);
	if (end > text)
		json_add_int(cpuset, "sched_relax_domain_level", level);
	free(text);
}

void
stats_cpuset(const struct cgroups *c, cJSON *cpuset)
{
	static const char *const flags[] = {"cpu_exclusive", "mem_hardwall",
	    "mem_exclusive", "memory_migrate", "memory_spread_page",
	    "memory_spread_slab", "memory_pressure", "sched_load_balance"};
	int dir = cgroups_find(c, false, "cpuset.cpus");
	char file[64];

	if (dir < 0) {
		static const char cpus[] = "cpuset.cpus.effective";

		dir = cgroups_find(c, true, cpus);
		ids_add(cpuset, "cpus", dir, cpus);
		ids_add(cpuset, "mems", dir, "cpuset.mems.effective");
		return;
	}
	ids_add(cpuset, "cpus", dir, "cpuset.cpus");
	ids_add(cpuset, "mems", dir, "cpuset.mems");
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
		snprintf(file, sizeof file, "cpuset.%s", flags[i]);
		figure_add(cpuset, flags[i], dir, file);
	}
	domain_level(cpuset, dir);
}
