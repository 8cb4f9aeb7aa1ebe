/* SPDX-License-Identifier: ISC */
/* What a bundle is made of: an image, of which there may be none. */
#include "bundle/origin.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bundle/options.h"
#include "lib/die.h"
#include "lib/layout.h"
#include "lib/manifest.h"
#include "lib/mem.h"
#include "lib/platform.h"

/* What the image doesn't say of its platform the user may. */
static void
platform_complete(
    const struct options *o, const char *digest, struct image_config *c)
{
	if (!c->os && o->platform)
		c->os = o->platform->os;
	if (!c->architecture && o->platform)
		c->architecture = o->platform->arch;
	if (!c->os || !c->architecture)
		die("image configuration %s: %s is missing; give it with "
		    "--platform",
		    digest, c->os ? "architecture" : "os");
}

void
origin_read(const struct options *o, struct origin *from)
{
	struct descriptor d;
	struct manifest m;
	const char *why;
	char *text;
	int layout;

	image_parse(o->image, &from->image);
	layout = layout_open(from->image.dir);
	image_resolve(layout, &from->image, o->platform, &d);
	from->digest = xstrdup(d.digest);
	from->kept = xasprintf("%s%s", d.digest, o->layers ? " (layers)" : "");
	text = blob_read(layout, &d, MANIFEST_MAX);
	if (manifest_parse(text, (size_t)d.size, &m, &why) < 0)
		die("manifest %s: %s", d.digest, why);
	free(text);
	if (!media_type_is_config(m.config.media_type))
		die("%s: not a container image; the media type of its "
		    "configuration is '%s'",
		    o->image, m.config.media_type);
	text = blob_read(layout, &m.config, MANIFEST_MAX);
	if (image_config_parse(
		text, (size_t)m.config.size, &from->config, &why) < 0)
		die("image configuration %s: %s", m.config.digest, why);
	platform_complete(o, m.config.digest, &from->config);
	if (strcmp(from->config.os, "linux"))
		die("%s: an image for %s, not for linux", o->image,
		    from->config.os);
	free(text);
	manifest_free(&m);
	descriptor_free(&d);
	close(layout);
}

void
origin_none(const struct options *o, struct origin *from)
{
	struct platform here;

	platform_host(&here);
	from->config.os = "linux";
	from->config.architecture = o->platform ? o->platform->arch : here.arch;
}

char *
origin_platform(const struct origin *from)
{
	const struct image_config *c = &from->config;
	struct platform p = {(char *)c->os, (char *)c->architecture,
			    (char *)c->variant},
			said;
	char *text = platform_text(&p);
	bool is = !platform_parse(text, &said) && platform_match(&said, &p);

	if (is)
		return text;
	free(text);
	return NULL;
}
