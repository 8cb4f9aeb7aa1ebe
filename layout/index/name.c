/* SPDX-License-Identifier: ISC */
/* The names that a descriptor has in its annotations. */
#include "layout/index/name.h"

#include <stdlib.h>
#include <string.h>

#include "lib/descriptor.h"
#include "lib/json.h"
#include "lib/mem.h"

#define REF_NAME "org.opencontainers.image.ref.name"
#define IMAGE_NAME "io.containerd.image.name"

const char *
name_full(const cJSON *image)
{
	const char *name =
	    json_string(json_get(image, "annotations"), IMAGE_NAME);

	return name && *name ? name : NULL;
}

const char *
name_tag(const char *reference)
{
	const char *colon = strrchr(reference, ':');

	if (strchr(reference, '@'))
		return NULL;
	return colon && !strchr(colon, '/') ? colon + 1 : "latest";
}

const char *
name_get(const cJSON *descriptor)
{
	const char *name =
	    json_string(json_get(descriptor, "annotations"), REF_NAME);

	return ref_name_says(name) ? name : NULL;
}

void
name_set(cJSON *image, const char *name)
{
	cJSON *annotations =
	    cJSON_GetObjectItemCaseSensitive(image, "annotations");
	const char *full = name_full(image);
	char *copy = name ? xstrdup(name) : NULL;

	if (copy && !cJSON_IsObject(annotations)) {
		cJSON_DeleteItemFromObjectCaseSensitive(image, "annotations");
		annotations = cJSON_AddObjectToObject(image, "annotations");
	}
	if (copy && full && strcmp(full, copy) != 0 &&
	    !(name_tag(full) && !strcmp(name_tag(full), copy)))
		cJSON_DeleteItemFromObjectCaseSensitive(
		    annotations, IMAGE_NAME);
	cJSON_DeleteItemFromObjectCaseSensitive(annotations, REF_NAME);
	if (copy)
		cJSON_AddStringToObject(annotations, REF_NAME, copy);
	free(copy);
}
