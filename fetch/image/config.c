/* SPDX-License-Identifier: ISC */
/* What an image's config says that it runs on. */
#include "fetch/image/config.h"

#include <stdlib.h>

#include "fetch/image/document.h"
#include "fetch/registry/registry.h"
#include "lib/json.h"
#include "lib/manifest.h"
#include "lib/mem.h"

/* What is empty isn't said. */
static char *
said(const cJSON *json, const char *name)
{
	const char *text = json_string(json, name);

	return text && *text ? xstrdup(text) : NULL;
}

/* 0, or -1 with a reason: the config is no JSON. */
static int
platform_read(struct registry *r, const struct descriptor *config,
    struct platform *have, const char **why)
{
	char *text = document_config(r, config);
	cJSON *json = json_parse(text, (size_t)config->size, why);
	bool parsed = json;

	*have = (struct platform){
	    .os = said(json, "os"),
	    .arch = said(json, "architecture"),
	    .variant = said(json, "variant"),
	};
	cJSON_Delete(json);
	free(text);
	return parsed ? 0 : -1;
}

void
config_platform_of(
    struct registry *r, const struct descriptor *desc, struct platform *have)
{
	struct document d;
	struct manifest m;
	const char *why;

	*have = (struct platform){0};
	document_fetch_child(r, desc, &d);
	if (media_type_is_manifest(d.desc.media_type)) {
		document_manifest(&d, &m);
		if (media_type_is_config(m.config.media_type))
			(void)platform_read(r, &m.config, have, &why);
		manifest_free(&m);
	}
	document_free(&d);
}

void
config_check(
    struct registry *r, const struct platform *want, const struct document *d)
{
	struct platform have = {0};
	struct manifest m;
	const char *why;

	if (!media_type_is_manifest(d->desc.media_type))
		die("%s: a %s is for no platform", d->desc.digest,
		    d->desc.media_type);
	document_manifest(d, &m);
	if (!media_type_is_config(m.config.media_type))
		die("%s: an artifact, whose config is a %s, is for no platform",
		    d->desc.digest, m.config.media_type);
	if (platform_read(r, &m.config, &have, &why) < 0)
		die("%s: the config %s", m.config.digest, why);
	if (!platform_match(want, &have))
		die("%s: the image is for %s, not for %s", d->desc.digest,
		    platform_text(&have), platform_text(want));
	platform_free(&have);
	manifest_free(&m);
}
