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
	const char *const with_zero[] = {
	    "idle", "burst", "swappiness", "hcaHandles", "hcaObjects"};

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

/* What an element of a list is about: a device, a page size, an interface. */
static bool
is_about_the_same(const cJSON *a, const cJSON *b)
{
	const char *const names[] = {"major", "minor", "pageSize", "name"};
	bool is = false;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const cJSON *x = json_get(a, names[i]);
		const cJSON *y = json_get(b, names[i]);

		if ((x || y) && !cJSON_Compare(x, y, true))
			return false;
		is |= x != NULL;
	}
	return is;
}

/* Devices and the like that the list doesn't name keep what they have. */
static void
merge_list(cJSON *to, const cJSON *from)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, from)
	{
		for (int i = cJSON_GetArraySize(to); i-- > 0;)
			if (is_about_the_same(cJSON_GetArrayItem(to, i), item))
				cJSON_DeleteItemFromArray(to, i);
		cJSON_AddItemToArray(to, cJSON_Duplicate(item, true));
	}
}

static void
merge(cJSON *to, const cJSON *from)
{
	cJSON *list;

	const cJSON *item;

	cJSON_ArrayForEach(item, from)
	{
		list = cJSON_GetObjectItemCaseSensitive(to, item->string);
		if (cJSON_IsArray(item) && cJSON_IsArray(list)) {
			merge_list(list, item);
		} else if (cJSON_IsObject(item)) {
			merge(object_in(to, item->string), item);
		} else if (!is_unsaid(item)) {
			cJSON_DeleteItemFromObjectCaseSensitive(
			    to, item->string);
			cJSON_AddItemToObject(
			    to, item->string, cJSON_Duplicate(item, true));
		}
	}
}

/* Numbers of an option are raw (json_add_int). */
static bool
is_none(const cJSON *limit)
{
	if (cJSON_IsRaw(limit))
		return strcmp(limit->valuestring, "-1") == 0;
	return cJSON_IsNumber(limit) && limit->valuedouble == -1;
}

/*
 * The limit of swap includes that of memory: without that it is none, either,
 * unless it is said again, and then there is something to say about it.
 */
static void
swap_follow(cJSON *kept, const cJSON *changes)
{
	const cJSON *said = json_get(changes, "memory");
	const cJSON *limit = json_get(said, "limit");
	const cJSON *swap = json_get(said, "swap");
	cJSON *memory;

	if (!is_none(limit) || (swap && !is_unsaid(swap)))
		return;
	memory = object_in(kept, "memory");
	if (!json_get(memory, "swap"))
		return;
	cJSON_DeleteItemFromObjectCaseSensitive(memory, "swap");
	cJSON_AddNumberToObject(memory, "swap", -1);
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
	swap_follow(kept, changes);
}
