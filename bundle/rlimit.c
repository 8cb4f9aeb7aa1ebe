/* SPDX-License-Identifier: ISC */
/* Resource limits of the command line. */
#include "bundle/rlimit.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bundle/quantity.h"
#include "lib/buf.h"
#include "lib/die.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/mem.h"

#define NOFILE_MAX                                                             \
	2147483584u /* what fs.nr_open can be at most (fs/file.c)              \
		     */

static const char *const types[] = {"RLIMIT_AS", "RLIMIT_CORE", "RLIMIT_CPU",
    "RLIMIT_DATA", "RLIMIT_FSIZE", "RLIMIT_LOCKS", "RLIMIT_MEMLOCK",
    "RLIMIT_MSGQUEUE", "RLIMIT_NICE", "RLIMIT_NOFILE", "RLIMIT_NPROC",
    "RLIMIT_RSS", "RLIMIT_RTPRIO", "RLIMIT_RTTIME", "RLIMIT_SIGPENDING",
    "RLIMIT_STACK"};

/* As docker run has it, and config.json: nofile, RLIMIT_NOFILE. */
static const char *
type_find(const char *name)
{
	const size_t prefix = strlen("RLIMIT_");

	if (!strncasecmp(name, "RLIMIT_", prefix))
		name += prefix;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (!strcasecmp(types[i] + prefix, name))
			return types[i];
	return NULL;
}

static const char *
type_unknown(const char *name)
{
	struct buf why = {0};
	char *names;

	buf_addf(&why, "'%s' is none of", name);
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		buf_addf(
		    &why, "%s %s", i ? "," : "", types[i] + strlen("RLIMIT_"));
	names = buf_take(&why);
	for (char *c = strstr(names, " is none of"); *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return names;
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

/* What no Linux gives, and what this machine doesn't as it is set now. */
static const char *
nofile_check(uint64_t hard)
{
	char *text;
	uint64_t most;

	if (hard > NOFILE_MAX)
		return xasprintf(
		    "nofile must be no more than %u, the most files "
		    "that Linux lets a process have open",
		    NOFILE_MAX);
	text = io_slurp_at(AT_FDCWD, "/proc/sys/fs/nr_open", 64, NULL);
	most = text ? strtoull(text, NULL, 10) : 0;
	free(text);
	if (most && hard > most)
		warn("--ulimit nofile: %llu is more than this machine gives, "
		     "%llu (fs.nr_open), so that the bundle won't run here",
		    (unsigned long long)hard, (unsigned long long)most);
	return NULL;
}

static const char *
limits_parse(char *text, uint64_t *soft, uint64_t *hard)
{
	char *soft_text = strsep(&text, ":");

	if (!value_parse(soft_text, soft) ||
	    !value_parse(text ? text : soft_text, hard))
		return "each limit must be a number from 0 to "
		       "9223372036854775807, or unlimited";
	if (*soft > *hard)
		return "the soft limit, the first, must be no more than the "
		       "hard one";
	return NULL;
}

const char *
rlimit_put(cJSON *rlimits, const char *text)
{
	char *values = xstrdup(text), *name = strsep(&values, "=");
	const char *type = type_find(name), *why;
	cJSON *item, *old;
	uint64_t soft, hard;

	if (!values)
		return "must be NAME=SOFT[:HARD], as in nofile=1024:4096";
	if (!type)
		return type_unknown(name);
	why = limits_parse(values, &soft, &hard);
	if (!why && !strcmp(type, "RLIMIT_NOFILE"))
		why = nofile_check(hard);
	if (why)
		return why;
	free(name);
	item = cJSON_CreateObject();
	cJSON_AddStringToObject(item, "type", type);
	json_add_uint(item, "soft", soft);
	json_add_uint(item, "hard", hard);
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
