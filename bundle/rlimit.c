/* SPDX-License-Identifier: ISC */
/* Resource limits of the command line. */
#include "bundle/rlimit.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bundle/quantity.h"
#include "lib/json.h"
#include "lib/mem.h"

static const char *const types[] = {"RLIMIT_AS", "RLIMIT_CORE", "RLIMIT_CPU",
    "RLIMIT_DATA", "RLIMIT_FSIZE", "RLIMIT_LOCKS", "RLIMIT_MEMLOCK",
    "RLIMIT_MSGQUEUE", "RLIMIT_NICE", "RLIMIT_NOFILE", "RLIMIT_NPROC",
    "RLIMIT_RSS", "RLIMIT_RTPRIO", "RLIMIT_RTTIME", "RLIMIT_SIGPENDING",
    "RLIMIT_STACK"};

static const char *
type_find(const char *name)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (!strcasecmp(types[i] + strlen("RLIMIT_"), name))
			return types[i];
	return NULL;
}

/* A limit: digits, or "unlimited", or "-1" as ulimit(1) has it. */
static bool
value_parse(const char *text, uint64_t *value)
{
	int64_t n = 0;

	if (!strcmp(text, "unlimited") || !strcmp(text, "-1"))
		*value = UINT64_MAX;
	else if (!strcmp(text, "0") || !count_parse(text, INT64_MAX, &n))
		*value = (uint64_t)n;
	else
		return false;
	return true;
}

const char *
rlimit_put(cJSON *rlimits, const char *text)
{
	char *copy = xstrdup(text), *at = copy, *soft;
	const char *type = type_find(strsep(&at, "="));
	cJSON *item = cJSON_CreateObject(), *old;
	uint64_t soft_value, hard_value;

	soft = strsep(&at, ":");
	if (!type || !soft || !value_parse(soft, &soft_value) ||
	    !value_parse(at ? at : soft, &hard_value) ||
	    soft_value > hard_value)
		return "must be NAME=SOFT[:HARD], as in nofile=1024:4096";
	cJSON_AddStringToObject(item, "type", type);
	json_add_uint(item, "soft", soft_value);
	json_add_uint(item, "hard", hard_value);
	free(copy);
	cJSON_ArrayForEach(old, rlimits)
	{
		if (strcmp(json_string(old, "type"), type))
			continue;
		cJSON_ReplaceItemViaPointer(rlimits, old, item);
		return NULL;
	}
	cJSON_AddItemToArray(rlimits, item);
	return NULL;
}
