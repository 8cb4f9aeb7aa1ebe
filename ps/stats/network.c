/* SPDX-License-Identifier: ISC */
/* Network interfaces of a container. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/io.h"
#include "lib/json.h"
#include "ps/stats/figure.h"
#include "ps/stats/stats.h"

#define FILE_MAX (16 << 20)

/* The columns of /proc/PID/net/dev that are told, as runc calls them. */
static const struct {
	int column; /* from 0, behind the colon */
	const char *member;
} columns[] = {
    {0, "RxBytes"},
    {1, "RxPackets"},
    {2, "RxErrors"},
    {3, "RxDropped"},
    {8, "TxBytes"},
    {9, "TxPackets"},
    {10, "TxErrors"},
    {11, "TxDropped"},
};

#define NCOLUMNS (sizeof columns / sizeof *columns)

/* Whether the namespace is another one; false too where that isn't told. */
static bool
is_apart(pid_t pid)
{
	struct stat theirs, ours;
	char path[40];

	snprintf(path, sizeof path, "/proc/%d/ns/net", (int)pid);
	return stat(path, &theirs) == 0 &&
	       stat("/proc/self/ns/net", &ours) == 0 &&
	       (theirs.st_ino != ours.st_ino || theirs.st_dev != ours.st_dev);
}

/* "  eth0: 1 2 3 ..." */
static cJSON *
interface_parse(char *line)
{
	char *name = line + strspn(line, " "), *word;
	char *colon = strrchr(name, ':');
	size_t told = 0;
	uint64_t n;
	cJSON *obj;

	if (!colon)
		return NULL;
	*colon++ = '\0';
	if (strcmp(name, "lo") == 0)
		return NULL;
	obj = cJSON_CreateObject();
	cJSON_AddStringToObject(obj, "Name", name);
	for (int i = 0; told < NCOLUMNS && (word = strsep(&colon, " "));) {
		if (!*word)
			continue;
		if (i++ == columns[told].column && figure_parse(word, &n))
			json_add_uint(obj, columns[told++].member, n);
	}
	return obj;
}

cJSON *
stats_network(pid_t pid)
{
	char path[40], *text, *rest, *line;
	cJSON *array, *interface;

	snprintf(path, sizeof path, "/proc/%d/net/dev", (int)pid);
	text =
	    is_apart(pid) ? io_slurp_at(AT_FDCWD, path, FILE_MAX, NULL) : NULL;
	array = cJSON_CreateArray();
	rest = text;
	while (rest && (line = strsep(&rest, "\n"))) {
		interface = interface_parse(line);
		if (interface)
			cJSON_AddItemToArray(array, interface);
	}
	free(text);
	if (array->child)
		return array;
	cJSON_Delete(array);
	return cJSON_CreateNull();
}
