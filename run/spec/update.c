/* SPDX-License-Identifier: ISC */
/* Changes of linux.resources in the config.json that is kept of a container. */
#include <stdbool.h>
#include <string.h>

#include "lib/die.h"
#include "run/spec/json.h"

/*
 * Whether it says nothing: what engines leave out they write as null, zero or
 * "", or an empty list.  Of a few numbers 0 is one.
 */
static bool
is_unsaid(const cJSON *item)
{
	const char *const with_zero[] = {"idle", "burst", "swappiness"};

	if (cJSON_IsArray(item))
		return !item->child;
	if (cJSON_IsString(item))
		return !*item->valuestring;
	if (!cJSON_IsNumber(item) || item->valuedouble != 0)
		return cJSON_IsNull(item);
	for (size_t i = 0; i < sizeof with_zero / sizeof *with_zero; i++)
		if (strcmp(item->string, with_zero[i]) == 0)
			return false;
	return true;
}

static cJSON *
object_in(cJSON *in, const char *name)
{
	cJSON *object = cJSON_GetObjectItemCaseSensitive(in, name);

	if (cJSON_IsObject(object))
		return object;
	cJSON_DeleteItemFromObjectCaseSensitive(in, name);
	return cJSON_AddObjectToObject(in, name);
}

static void
merge(cJSON *to, const cJSON *from)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, from)
	{
		if (cJSON_IsObject(item)) {
			merge(object_in(to, item->string), item);
		} else if (!is_unsaid(item)) {
			cJSON_DeleteItemFromObjectCaseSensitive(
			    to, item->string);
			cJSON_AddItemToObject(
			    to, item->string, cJSON_Duplicate(item, true));
		}
	}
}

void
spec_resources_merge(cJSON *root, const cJSON *changes)
{
	cJSON *kept = object_in(object_in(root, "linux"), "resources");
	const cJSON *devices = json_get(changes, "devices");

	/* Engines send back all that there is. */
	if (devices && devices->child &&
	    !cJSON_Compare(json_get(kept, "devices"), devices, true))
		die("linux.resources.devices: can't be changed any more");
	merge(kept, changes);
}
