/* SPDX-License-Identifier: ISC */
/* The object annotations of config.json. */
#include "bundle/annotations.h"

#include <stdlib.h>
#include <string.h>

#include "bundle/imageconfig.h"
#include "bundle/names.h"
#include "lib/buf.h"
#include "lib/json.h"
#include "lib/mem.h"

#define IMAGE "org.opencontainers.image."

/* What is said, in the order in which it is: the last word counts. */
struct words {
	struct name *names;
	const char **values; /* borrowed, like the names */
	size_t n;
};

static void
set(struct words *w, const char *name, const char *value)
{
	if (!value || !*name)
		return; /* the runtime specification has no empty names */
	if (!(w->n & (w->n - 1))) {
		size_t room = w->n ? 2 * w->n : 1;

		w->names = xreallocarray(w->names, room, sizeof *w->names);
		w->values = xreallocarray(w->values, room, sizeof *w->values);
	}
	w->names[w->n] = (struct name){name, strlen(name)};
	w->values[w->n++] = value;
}

/* Strings, or the names of an object's members, separated by commas; owned. */
static char *
list_text(const cJSON *list)
{
	struct buf text = {0};
	const cJSON *item;

	cJSON_ArrayForEach(item, list)
	    buf_addf(&text, "%s%s", text.len ? "," : "",
		cJSON_IsObject(list) ? item->string : item->valuestring);
	return list ? buf_take(&text) : NULL;
}

static void
set_all(struct words *w, const cJSON *from)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, from) set(w, item->string, item->valuestring);
}

cJSON *
annotations_make(const struct image_config *image, const char *manifest_digest,
    const cJSON *wanted)
{
	char *features = list_text(image->os_features);
	char *ports = list_text(image->ports);
	cJSON *annotations = cJSON_CreateObject();
	struct words w = {0};
	bool *last;

	/* Without an image the platform is nobody's word. */
	if (manifest_digest) {
		set(&w, IMAGE "os", image->os);
		set(&w, IMAGE "architecture", image->architecture);
		set(&w, IMAGE "variant", image->variant);
	}
	set(&w, IMAGE "os.version", image->os_version);
	set(&w, IMAGE "os.features", features);
	set(&w, IMAGE "author", image->author);
	set(&w, IMAGE "created", image->created);
	set(&w, IMAGE "stopSignal", image->stop_signal);
	set(&w, IMAGE "exposedPorts", ports);
	set_all(&w, image->labels);
	set_all(&w, wanted);
	set(&w, ANNOTATION_MANIFEST, manifest_digest);
	last = names_last(w.names, w.n);
	for (size_t i = 0; i < w.n; i++)
		if (last[i])
			cJSON_AddStringToObject(
			    annotations, w.names[i].text, w.values[i]);
	free(last);
	free(w.names);
	free(w.values);
	free(features);
	free(ports);
	return annotations;
}
