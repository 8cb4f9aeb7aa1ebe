/* SPDX-License-Identifier: ISC */
/* What the cgroups of a container count, in the form of runc's events. */
#include <stdlib.h>
#include <string.h>

#include "lib/json.h"
#include "ps/cgroups.h"
#include "ps/stats/figure.h"
#include "ps/stats/stats.h"

/*
 * Where v2 has no pids controller its processes are counted, or its threads
 * when they are what it consists of.
 */
static void
pids_count(int dir, cJSON *pids)
{
	char *text = figure_text(dir, "cgroup.procs");
	uint64_t n = 0;

	if (!text)
		text = figure_text(dir, "cgroup.threads");
	for (const char *p = text; p && *p; p++)
		n += *p == '\n';
	if (text)
		json_add_uint(pids, "current", n);
	free(text);
}

void
stats_pids(const struct cgroups *c, cJSON *pids)
{
	static const char file[] = "pids.current";
	int dir = cgroups_find(c, false, file);
	uint64_t limit;

	if (dir < 0)
		dir = cgroups_find(c, true, file);
	if (dir < 0) {
		pids_count(cgroups_find(c, true, "cgroup.procs"), pids);
		return;
	}
	figure_add(pids, "current", dir, file);
	/* No limit isn't said. */
	if (figure_read(dir, "pids.max", &limit) && limit != UINT64_MAX)
		json_add_uint(pids, "limit", limit);
}

/* A text that is a number to JSON, such as 12.34. */
static bool
is_decimal(const char *text)
{
	size_t whole = strspn(text, "0123456789"), part = 0;

	if (text[whole] == '.')
		part = strspn(text + whole + 1, "0123456789");
	return whole && (!text[whole] || (part && !text[whole + 1 + part]));
}

/* "avg10=0.00 avg60=0.00 avg300=0.00 total=0" */
static void
pressure_line(char *line, cJSON *obj)
{
	char *word, *value;

	while ((word = strsep(&line, " "))) {
		value = strchr(word, '=');
		if (!value || !is_decimal(value + 1))
			continue;
		*value++ = '\0';
		cJSON_AddRawToObject(obj, word, value);
	}
}

void
stats_pressure(const struct cgroups *c, const char *file, cJSON *obj)
{
	char *text = figure_text(cgroups_find(c, true, file), file);
	char *rest = text, *line, *kind;
	cJSON *psi;

	if (!text || !*text) {
		free(text);
		return;
	}
	psi = cJSON_AddObjectToObject(obj, "psi");
	while ((line = strsep(&rest, "\n"))) {
		kind = strsep(&line, " ");
		if (line)
			pressure_line(line, cJSON_AddObjectToObject(psi, kind));
	}
	free(text);
}

cJSON *
stats_read(const struct cgroups *c, pid_t pid)
{
	cJSON *data = cJSON_CreateObject();

	stats_cpu(c, cJSON_AddObjectToObject(data, "cpu"));
	stats_cpuset(c, cJSON_AddObjectToObject(data, "cpuset"));
	stats_memory(c, cJSON_AddObjectToObject(data, "memory"));
	stats_pids(c, cJSON_AddObjectToObject(data, "pids"));
	stats_blkio(c, cJSON_AddObjectToObject(data, "blkio"));
	stats_hugetlb(c, cJSON_AddObjectToObject(data, "hugetlb"));
	/* Nothing here makes resctrl groups. */
	cJSON_AddObjectToObject(data, "intel_rdt");
	cJSON_AddItemToObject(data, "network_interfaces", stats_network(pid));
	return data;
}
