/* SPDX-License-Identifier: ISC */
/* Huge pages of a container. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/json.h"
#include "lib/mem.h"
#include "ps/cgroups.h"
#include "ps/stats/figure.h"
#include "ps/stats/stats.h"

/*
 * "2MB" of "hugetlb.2MB.limit_in_bytes", owned; NULL of any other name.  The
 * controller has files for just the sizes that the machine knows.
 */
static char *
page_size(const char *name, const char *ending)
{
	const char *size = name + strlen("hugetlb."), *dot;

	if (strncmp(name, "hugetlb.", strlen("hugetlb.")) != 0)
		return NULL;
	dot = strchr(size, '.');
	if (!dot || strcmp(dot, ending) != 0)
		return NULL;
	return xasprintf("%.*s", (int)(dot - size), size);
}

/*
 * What was reserved counts, where the kernel (5.7) counts that, as with runc.
 * Failures are counted once for both by v2.
 */
static void
size_add(cJSON *hugetlb, int dir, bool v2, const char *size)
{
	cJSON *entry = cJSON_AddObjectToObject(hugetlb, size);
	char *file = xasprintf(
	    "hugetlb.%s.rsvd.%s", size, v2 ? "current" : "usage_in_bytes");
	const char *rsvd = faccessat(dir, file, F_OK, 0) == 0 ? ".rsvd" : "";
	uint64_t failures;

	free(file);
	file = xasprintf(
	    "hugetlb.%s%s.%s", size, rsvd, v2 ? "current" : "usage_in_bytes");
	figure_add(entry, "usage", dir, file);
	free(file);
	if (v2) {
		file = xasprintf("hugetlb.%s.events", size);
		figure_of_key(dir, file, "max", &failures);
		json_add_uint(entry, "failcnt", failures);
		free(file);
		return;
	}
	file = xasprintf("hugetlb.%s%s.max_usage_in_bytes", size, rsvd);
	figure_add(entry, "max", dir, file);
	free(file);
	file = xasprintf("hugetlb.%s%s.failcnt", size, rsvd);
	figure_add(entry, "failcnt", dir, file);
	free(file);
}

static void
hugetlb_add(cJSON *hugetlb, int cgroup, bool v2)
{
	const char *ending = v2 ? ".max" : ".limit_in_bytes";
	int fd = openat(cgroup, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;
	char *size;

	while (dir && (e = readdir(dir))) {
		size = page_size(e->d_name, ending);
		if (size)
			size_add(hugetlb, cgroup, v2, size);
		free(size);
	}
	if (dir)
		closedir(dir);
}

void
stats_hugetlb(const struct cgroups *c, cJSON *hugetlb)
{
	for (size_t i = 0; i < c->n; i++)
		hugetlb_add(hugetlb, c->all[i].fd, c->all[i].v2);
}
