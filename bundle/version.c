/* SPDX-License-Identifier: ISC */
/* The version of the runtime specification that a config.json needs. */
#include "bundle/version.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "lib/json.h"

static bool
is_one_of(const char *word, const char *const *list)
{
	while (*list && strcmp(*list, word))
		list++;
	return *list;
}

/* Version 1.1 made the list of options one that a runtime must know. */
static bool
mounts_need_1_1(const cJSON *mounts)
{
	static const char *const new[] = {"tmpcopyup", "rro", NULL};
	const cJSON *mount, *option;

	cJSON_ArrayForEach(mount, mounts)
	    cJSON_ArrayForEach(option, json_get(mount, "options"))
	{
		if (is_one_of(option->valuestring, new))
			return true;
	}
	return false;
}

static bool
action_needs_1_1(const char *action)
{
	static const char *const new[] = {"SCMP_ACT_KILL_PROCESS",
	    "SCMP_ACT_KILL_THREAD", "SCMP_ACT_NOTIFY", NULL};

	return action && is_one_of(action, new);
}

static bool
seccomp_needs_1_1(const cJSON *seccomp)
{
	const cJSON *rule;

	if (json_get(seccomp, "defaultErrnoRet") ||
	    json_get(seccomp, "listenerPath") ||
	    json_get(seccomp, "listenerMetadata") ||
	    action_needs_1_1(json_string(seccomp, "defaultAction")))
		return true;
	cJSON_ArrayForEach(rule, json_get(seccomp, "syscalls"))
	{
		if (json_get(rule, "errnoRet") ||
		    action_needs_1_1(json_string(rule, "action")))
			return true;
	}
	return false;
}

const char *
version_needed(const cJSON *config)
{
	const cJSON *seccomp = json_get(json_get(config, "linux"), "seccomp");

	if (mounts_need_1_1(json_get(config, "mounts")) ||
	    seccomp_needs_1_1(seccomp))
		return "1.1.0";
	return json_get(seccomp, "flags") ? "1.0.2" : "1.0.0";
}
