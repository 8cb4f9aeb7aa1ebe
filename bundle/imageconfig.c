/* SPDX-License-Identifier: ISC */
/* Image configurations: every property has its type, or the image is refused.
 */
#include "bundle/imageconfig.h"

#include <stdbool.h>
#include <string.h>

#include "lib/json.h"

enum type { TEXT, TEXTS, TEXT_MAP, NAMES };

struct property {
	const char *name;
	size_t offset; /* in struct image_config */
	enum type type;
	const char *fault;
};

#define IN(field) offsetof(struct image_config, field)

static const struct property outer[] = {
    {"os", IN(os), TEXT, "os is not a string"},
    {"architecture", IN(architecture), TEXT, "architecture is not a string"},
    {"variant", IN(variant), TEXT, "variant is not a string"},
    {"os.version", IN(os_version), TEXT, "os.version is not a string"},
    {"os.features", IN(os_features), TEXTS,
	"os.features is not an array of strings"},
    {"author", IN(author), TEXT, "author is not a string"},
    {"created", IN(created), TEXT, "created is not a string"},
    {0},
};

static const struct property inner[] = {
    {"User", IN(user), TEXT, "config.User is not a string"},
    {"WorkingDir", IN(workdir), TEXT, "config.WorkingDir is not a string"},
    {"StopSignal", IN(stop_signal), TEXT, "config.StopSignal is not a string"},
    {"Env", IN(env), TEXTS, "config.Env is not an array of strings"},
    {"Entrypoint", IN(entrypoint), TEXTS,
	"config.Entrypoint is not an array of strings"},
    {"Cmd", IN(cmd), TEXTS, "config.Cmd is not an array of strings"},
    {"Labels", IN(labels), TEXT_MAP,
	"config.Labels is not an object of strings"},
    {"Volumes", IN(volumes), NAMES, "config.Volumes is not an object"},
    {"ExposedPorts", IN(ports), NAMES, "config.ExposedPorts is not an object"},
    {0},
};

static bool
has_type(const cJSON *item, enum type type)
{
	const cJSON *child;

	if (type == TEXT)
		return cJSON_IsString(item);
	if (type == TEXTS ? !cJSON_IsArray(item) : !cJSON_IsObject(item))
		return false;
	if (type == NAMES)
		return true;
	cJSON_ArrayForEach(
	    child, item) if (!cJSON_IsString(child)) return false;
	return true;
}

/* null among strings is what Go makes an empty one of: nothing is said. */
static void
nulls_drop(cJSON *list)
{
	cJSON *item, *next;

	for (item = list->child; item; item = next) {
		next = item->next;
		if (cJSON_IsNull(item))
			cJSON_Delete(cJSON_DetachItemViaPointer(list, item));
	}
}

/* The fault of the first property that is not of its type, or NULL. */
static const char *
properties_take(cJSON *obj, const struct property *p, struct image_config *c)
{
	cJSON *item;
	char *field;

	for (; p->name; p++) {
		item = cJSON_GetObjectItemCaseSensitive(obj, p->name);
		if (!item || cJSON_IsNull(item))
			continue;
		if (p->type == TEXTS || p->type == TEXT_MAP)
			nulls_drop(item);
		if (!has_type(item, p->type))
			return p->fault;
		field = (char *)c + p->offset;
		if (p->type != TEXT && item->child)
			*(const cJSON **)(void *)field = item;
		else if (p->type == TEXT && *item->valuestring)
			*(const char **)(void *)field = item->valuestring;
	}
	return NULL;
}

static const char *
config_take(struct image_config *c)
{
	cJSON *config = cJSON_GetObjectItemCaseSensitive(c->doc, "config");
	const cJSON *rootfs = json_get(c->doc, "rootfs");
	const char *why, *type;

	if (!cJSON_IsObject(c->doc))
		return "is not an object";
	if (config && !cJSON_IsNull(config) && !cJSON_IsObject(config))
		return "config is not an object";
	why = properties_take(c->doc, outer, c);
	if (!why)
		why = properties_take(config, inner, c);
	if (why)
		return why;
	/* An image without layers may say nothing of them. */
	type = json_string(rootfs, "type");
	if (rootfs &&
	    (!cJSON_IsObject(rootfs) || (json_get(rootfs, "type") && !type)))
		return "rootfs is not as it should be";
	return type && *type && strcmp(type, "layers")
		   ? "rootfs.type is not layers"
		   : NULL;
}

int
image_config_parse(
    const char *text, size_t len, struct image_config *c, const char **why)
{
	*c = (struct image_config){0};
	c->doc = json_parse(text, len, why);
	if (!c->doc)
		return -1;
	*why = config_take(c);
	if (!*why)
		return 0;
	image_config_free(c);
	return -1;
}

void
image_config_free(struct image_config *c)
{
	cJSON_Delete(c->doc);
	*c = (struct image_config){0};
}
