/* SPDX-License-Identifier: ISC */
/*
 * oci-update - change the limits of a container that is there
 *
 * What is asked for is merged into the config.json that is kept with the
 * container's state, all limits that are there then are written to its
 * cgroups, and what was merged is kept: so that the next change knows what
 * this one left, of pairs such as memory and swap, too.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/caller.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/jsonfile.h"
#include "lib/mem.h"
#include "lib/statedir.h"
#include "run/cgroup/update.h"
#include "run/container/container.h"
#include "run/log.h"
#include "run/process/capabilities.h"
#include "run/spec/spec.h"

#define RESOURCES_MAX (4 << 20)

struct options {
	struct global global;
	const char *resources; /* a file, "-", or NULL */
	int64_t memory, reservation, swap;
	int64_t shares, quota, period, burst, idle, pids, weight; /* or UNSET */
	const char *cpus, *mems;
};

/* As docker takes it: 1024 of one are one of the next. */
static const char *
bytes_take(void *at, char *text)
{
	static const char units[] = "bkmgtp";
	int64_t *bytes = at;
	const char *unit;
	char *end;

	if (strcmp(text, "-1") == 0) {
		*bytes = -1;
		return NULL;
	}
	errno = 0;
	*bytes = strtoll(text, &end, 10);
	if (errno || end == text || *text < '0' || *text > '9')
		return "must be bytes, or a number with k, m, g, t or p, or -1";
	unit = *end ? strchr(units, *end | 0x20) : units;
	if (!unit || (*end && end[1]))
		return "must be bytes, or a number with k, m, g, t or p, or -1";
	for (; unit > units; unit--)
		if (__builtin_mul_overflow(*bytes, 1024, bytes))
			return "is too much";
	return *bytes ? NULL : "must be more than 0, or -1 for no limit";
}

static const struct option_line lines[] = {
    {"resources", 'r', "FILE", "linux.resources as JSON; - is standard input",
	OPTION_STRING(resources)},
    {"memory", 'm', "BYTES", "memory; -1: no limit",
	OPTION_CALL(memory, bytes_take)},
    {"memory-reservation", 0, "BYTES", "what it is to have when all is short",
	OPTION_CALL(reservation, bytes_take)},
    {"memory-swap", 0, "BYTES", "memory and swap together",
	OPTION_CALL(swap, bytes_take)},
    {"cpu-shares", 0, "N", "its weight; 1024 is the usual one",
	OPTION_NUMBER(shares, 2, 262144)},
    {"cpu-quota", 0, "N", "microseconds in each period; -1: no limit",
	OPTION_NUMBER(quota, -1, INT64_MAX)},
    {"cpu-period", 0, "N", "microseconds",
	OPTION_NUMBER(period, 1000, 1000000)},
    {"cpu-burst", 0, "N", "microseconds that may be saved up",
	OPTION_NUMBER(burst, 0, INT64_MAX)},
    {"cpu-idle", 0, "N", "1: only when nobody else wants to run",
	OPTION_NUMBER(idle, 0, 1)},
    {"cpuset-cpus", 0, "LIST", "the processors it may use: 0-2,5",
	OPTION_STRING(cpus)},
    {"cpuset-mems", 0, "LIST", "the nodes of memory", OPTION_STRING(mems)},
    {"blkio-weight", 0, "N", "its weight at disks, 10 to 1000",
	OPTION_NUMBER(weight, 10, 1000)},
    {"pids-limit", 0, "N", "how many processes; -1: no limit",
	OPTION_NUMBER(pids, -1, INT_MAX)},
    GLOBAL_OPTIONS(global),
    {0},
};

static const struct program program = {
    .name = "oci-update",
    .operands = "ID",
    .about = "Change the limits of a container.",
    .options = lines,
    .libraries = {json_library, capabilities_library},
    .min = 1,
    .max = 1,
    .notes = "Exit status: 0 done, 1 failed, 2 wrong usage.",
};

static cJSON *
resources_read(const char *path)
{
	char *text;
	size_t len;
	const char *name = strcmp(path, "-") == 0 ? NULL : path;
	cJSON *json =
	    jsonfile_read(AT_FDCWD, name, path, RESOURCES_MAX, &text, &len);

	free(text);
	return json;
}

/* Have changes say it of a group, whatever the file says. */
static void
put(cJSON *changes, const char *group, const char *name, cJSON *value)
{
	cJSON *in = cJSON_GetObjectItemCaseSensitive(changes, group);

	if (!cJSON_IsObject(in)) {
		cJSON_DeleteItemFromObjectCaseSensitive(changes, group);
		in = cJSON_AddObjectToObject(changes, group);
	}
	cJSON_DeleteItemFromObjectCaseSensitive(in, name);
	cJSON_AddItemToObject(in, name, value);
}

static cJSON *
changes_of(const struct options *o)
{
	const struct {
		const char *group, *name;
		int64_t value;
	} numbers[] = {
	    {"memory", "limit", o->memory},
	    {"memory", "reservation", o->reservation},
	    {"memory", "swap", o->swap},
	    {"cpu", "shares", o->shares},
	    {"cpu", "quota", o->quota},
	    {"cpu", "period", o->period},
	    {"cpu", "burst", o->burst},
	    {"cpu", "idle", o->idle},
	    {"pids", "limit", o->pids},
	    {"blockIO", "weight", o->weight},
	};
	cJSON *changes =
	    o->resources ? resources_read(o->resources) : cJSON_CreateObject();
	cJSON *holder = cJSON_CreateObject();

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		if (numbers[i].value == UNSET)
			continue;
		json_add_int(holder, "n", numbers[i].value);
		put(changes, numbers[i].group, numbers[i].name,
		    cJSON_DetachItemFromObjectCaseSensitive(holder, "n"));
	}
	if (o->cpus)
		put(changes, "cpu", "cpus", cJSON_CreateString(o->cpus));
	if (o->mems)
		put(changes, "cpu", "mems", cJSON_CreateString(o->mems));
	if (!changes->child && !o->resources)
		die_usage("there is nothing to change: give an option");
	return changes;
}

int
main(int argc, char **argv)
{
	struct options o = {.memory = UNSET,
	    .reservation = UNSET,
	    .swap = UNSET,
	    .shares = UNSET,
	    .quota = UNSET,
	    .period = UNSET,
	    .burst = UNSET,
	    .idle = UNSET,
	    .pids = UNSET,
	    .weight = UNSET};
	struct operands operands;
	struct container *c;
	struct spec *spec;
	cJSON *changes;

	caller_settle();
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	options_read(&program, argc, argv, &o, &operands);
	log_begin(&o.global);
	changes = changes_of(&o);
	c = container_open(
	    state_root(o.global.root, STATE_CHANGE), operands.all[0]);
	if (c->pidfd < 0)
		die("%s: container not running", c->state.id);
	spec = spec_kept_with(c->dir, changes);
	cgroup_update(&c->state.cgroups, spec);
	if (io_replace_unsynced(
		c->dir, "config.json", spec->text, spec->text_len, 0600) < 0)
		diesys("%s: config.json of the state", c->state.id);
	return 0;
}
