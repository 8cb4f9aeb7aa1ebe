/* SPDX-License-Identifier: ISC */
/* Block devices of a container. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json.h"
#include "lib/mem.h"
#include "ps/cgroups.h"
#include "ps/stats/figure.h"
#include "ps/stats/stats.h"

/* "MAJOR:MINOR"; false: it is something else. */
static bool
device_parse(const char *word, uint64_t device[2])
{
	const char *colon = strchr(word, ':');
	char major[24];

	if (!colon || (size_t)(colon - word) >= sizeof major)
		return false;
	snprintf(major, sizeof major, "%.*s", (int)(colon - word), word);
	return figure_parse(major, &device[0]) &&
	       figure_parse(colon + 1, &device[1]);
}

static void
entry_add(cJSON *array, const uint64_t device[2], const char *op, uint64_t n)
{
	cJSON *entry = cJSON_CreateObject();

	json_add_uint(entry, "major", device[0]);
	json_add_uint(entry, "minor", device[1]);
	if (op)
		cJSON_AddStringToObject(entry, "op", op);
	json_add_uint(entry, "value", n);
	cJSON_AddItemToArray(array, entry);
}

/* Lines "MAJOR:MINOR [OP] N"; the last one is a total. */
static cJSON *
entries_v1(int dir, const char *file)
{
	cJSON *array = cJSON_CreateArray();
	char *text = figure_text(dir, file), *rest = text, *line, *first, *op;
	uint64_t device[2], n;

	while (rest && (line = strsep(&rest, "\n"))) {
		first = strsep(&line, " ");
		if (!line || !device_parse(first, device))
			continue;
		op = strchr(line, ' ') ? strsep(&line, " ") : NULL;
		if (figure_parse(line, &n))
			entry_add(array, device, op, n);
	}
	free(text);
	return array;
}

/* A member of blkio, and the end of the name of the files it may be in. */
struct table {
	const char *member, *file;
};

static const struct table tables[] = {
    {"ioServiceBytesRecursive", "io_service_bytes"},
    {"ioServicedRecursive", "io_serviced"},
    {"ioQueueRecursive", "io_queued"},
    {"ioServiceTimeRecursive", "io_service_time"},
    {"ioWaitTimeRecursive", "io_wait_time"},
    {"ioMergedRecursive", "io_merged"},
    {"ioTimeRecursive", "time"},
    {"sectorsRecursive", "sectors"},
};

#define NTABLES (sizeof tables / sizeof *tables)

/*
 * The schedulers bfq and, before Linux 5.0, cfq count what they have served;
 * where they have served nothing the throttling layer, which counts the first
 * two, has seen all there was.
 */
static void
table_v1(cJSON *blkio, int dir, const struct table *t)
{
	static const char *const names[] = {"blkio.bfq.%s_recursive",
	    "blkio.%s_recursive", "blkio.throttle.%s_recursive",
	    "blkio.throttle.%s"};
	cJSON *entries;
	char *file;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *percent = strchr(names[i], '%');

		file = xasprintf("%.*s%s%s", (int)(percent - names[i]),
		    names[i], t->file, percent + 2);
		entries = entries_v1(dir, file);
		free(file);
		if (entries->child) {
			cJSON_AddItemToObject(blkio, t->member, entries);
			return;
		}
		cJSON_Delete(entries);
	}
}

/* A figure of io.stat, and what runc makes of it. */
static const struct {
	const char *key, *op;
	bool bytes; /* else operations */
} io_figures[] = {
    {"rbytes=", "Read", true},
    {"wbytes=", "Write", true},
    {"rios=", "Read", false},
    {"wios=", "Write", false},
};

static void
io_figure(cJSON *bytes, cJSON *ios, const uint64_t device[2], const char *word)
{
	uint64_t n;

	for (size_t i = 0; i < sizeof io_figures / sizeof *io_figures; i++) {
		size_t len = strlen(io_figures[i].key);

		if (strncmp(word, io_figures[i].key, len) == 0 &&
		    figure_parse(word + len, &n))
			entry_add(io_figures[i].bytes ? bytes : ios, device,
			    io_figures[i].op, n);
	}
}

/*
 * "MAJOR:MINOR rbytes=N wbytes=N rios=N ..."; with older kernels a device
 * with nothing to tell has no end of line.
 */
static void
io_stat(cJSON *bytes, cJSON *ios, char *text)
{
	uint64_t device[2] = {0};
	char *word;

	while ((word = strsep(&text, " \n")))
		if (!device_parse(word, device))
			io_figure(bytes, ios, device, word);
}

static void
add_unless_empty(cJSON *obj, const char *member, cJSON *array)
{
	if (array->child)
		cJSON_AddItemToObject(obj, member, array);
	else
		cJSON_Delete(array);
}

static void
blkio_v2(cJSON *blkio, int dir)
{
	cJSON *bytes = cJSON_CreateArray(), *ios = cJSON_CreateArray();
	char *text = figure_text(dir, "io.stat");

	io_stat(bytes, ios, text);
	free(text);
	add_unless_empty(blkio, tables[0].member, bytes);
	add_unless_empty(blkio, tables[1].member, ios);
}

void
stats_blkio(const struct cgroups *c, cJSON *blkio)
{
	int dir = cgroups_find(c, false, "blkio.throttle.io_service_bytes");

	if (dir < 0)
		blkio_v2(blkio, cgroups_find(c, true, "io.stat"));
	else
		for (size_t i = 0; i < NTABLES; i++)
			table_v1(blkio, dir, &tables[i]);
	stats_pressure(c, "io.pressure", blkio);
}
