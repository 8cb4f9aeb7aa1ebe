/* SPDX-License-Identifier: ISC */
/* The object annotations of config.json. */
#include "bundle/annotations.h"

#include <stdlib.h>

#include "bundle/imageconfig.h"
#include "lib/buf.h"
#include "lib/json.h"

#define IMAGE "org.opencontainers.image."

/* Set name, in the place that it has when it is there. */
static void
set(cJSON *annotations, const char *name, const char *value)
{
	if (!value || !*name)
		return; /* the runtime specification has no empty names */
	if (json_get(annotations, name))
		cJSON_ReplaceItemInObjectCaseSensitive(
		    annotations, name, cJSON_CreateString(value));
	else
		cJSON_AddStringToObject(annotations, name, value);
}

/* Strings, or the names of an object's members, separated by commas. */
static void
set_list(cJSON *annotations, const char *name, const cJSON *list)
{
	struct buf text = {0};
	const cJSON *item;

	if (!list)
		return;
	cJSON_ArrayForEach(item, list)
	    buf_addf(&text, "%s%s", text.len ? "," : "",
		cJSON_IsObject(list) ? item->string : item->valuestring);
	set(annotations, name, text.data);
	buf_free(&text);
}

static void
set_all(cJSON *annotations, const cJSON *from)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, from)
	    set(annotations, item->string, item->valuestring);
}

cJSON *
annotations_make(const struct image_config *image, const char *manifest_digest,
    const cJSON *wanted)
{
	cJSON *a = cJSON_CreateObject();

	set(a, IMAGE "os", image->os);
	set(a, IMAGE "architecture", image->architecture);
	set(a, IMAGE "variant", image->variant);
	set(a, IMAGE "os.version", image->os_version);
	set_list(a, IMAGE "os.features", image->os_features);
	set(a, IMAGE "author", image->author);
	set(a, IMAGE "created", image->created);
	set(a, IMAGE "stopSignal", image->stop_signal);
	set_list(a, IMAGE "exposedPorts", image->ports);
	set_all(a, image->labels);
	set_all(a, wanted);
	set(a, ANNOTATION_MANIFEST, manifest_digest);
	return a;
}
