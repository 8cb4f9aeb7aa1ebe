/* SPDX-License-Identifier: ISC */
/* Mounts, one and in a list. */
#include "bundle/mountentry.h"

#include <stdlib.h>
#include <string.h>

#include "lib/json.h"
#include "lib/mem.h"

cJSON *
mountentry_make(const char *destination, const char *type, const char *source,
    const char *options)
{
	cJSON *mount = cJSON_CreateObject(), *array;
	char *copy = xstrdup(options), *at = copy, *option;

	cJSON_AddStringToObject(mount, "destination", destination);
	cJSON_AddStringToObject(mount, "type", type);
	cJSON_AddStringToObject(mount, "source", source);
	array = cJSON_AddArrayToObject(mount, "options");
	while ((option = strsep(&at, ",")))
		cJSON_AddItemToArray(array, cJSON_CreateString(option));
	free(copy);
	return mount;
}

void
mountentry_put(cJSON *mounts, cJSON *mount)
{
	const char *destination = json_string(mount, "destination");
	cJSON *old;

	cJSON_ArrayForEach(old, mounts)
	{
		if (strcmp(json_string(old, "destination"), destination))
			continue;
		cJSON_ReplaceItemViaPointer(mounts, old, mount);
		return;
	}
	cJSON_AddItemToArray(mounts, mount);
}
