/* SPDX-License-Identifier: ISC */
/*
 * oci-mkbundle: a bundle that a runtime can run, of an image in a layout.
 *
 * The image is looked at first, so that a wrong one leaves nothing behind.
 * Then comes the root file system, which oci-unpack publishes by a rename,
 * because the image's users are looked up in it; last, by a rename too,
 * config.json.  A run that was killed is finished by the next, which knows by
 * a record made before the root file system which image that is of.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bundle/config.h"
#include "bundle/idmap.h"
#include "bundle/imageconfig.h"
#include "bundle/options.h"
#include "bundle/unpacking.h"
#include "lib/caller.h"
#include "lib/die.h"
#include "lib/directory.h"
#include "lib/image.h"
#include "lib/json.h"
#include "lib/layout.h"
#include "lib/manifest.h"
#include "lib/mem.h"

struct source {
	struct image image; /* as the user names it */
	char *digest;       /* of its manifest */
	struct image_config config;
};

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
		die("image configuration %s: %s is missing; --platform can say "
		    "it",
		    digest, c->os ? "architecture" : "os");
}

/* Find the image's manifest and read its configuration. */
static void
source_read(const struct options *o, struct source *s)
{
	struct descriptor d;
	struct manifest m;
	const char *why;
	char *text;
	int layout;

	image_parse(o->image, &s->image);
	layout = layout_open(s->image.dir);
	image_resolve(layout, &s->image, o->platform, &d);
	s->digest = xstrdup(d.digest);
	text = blob_read(layout, &d, MANIFEST_MAX);
	if (manifest_parse(text, (size_t)d.size, &m, &why) < 0)
		die("manifest %s: %s", d.digest, why);
	free(text);
	if (!media_type_is_config(m.config.media_type))
		die("%s: not a container's image, its configuration is '%s'",
		    o->image, m.config.media_type);
	text = blob_read(layout, &m.config, MANIFEST_MAX);
	if (image_config_parse(text, (size_t)m.config.size, &s->config, &why) <
	    0)
		die("image configuration %s: %s", m.config.digest, why);
	platform_complete(o, m.config.digest, &s->config);
	if (strcmp(s->config.os, "linux"))
		die("%s: an image for %s, not for linux", o->image,
		    s->config.os);
	free(text);
	manifest_free(&m);
	descriptor_free(&d);
	close(layout);
}

/*
 * The bundle's directory, made when it isn't there and locked.  Nobody else
 * may go into it: the image's set-user-ID programs are in there.
 */
static int
bundle_open(const char *path, struct directory *made)
{
	int fd = directory_make(path, 0700, made);

	if (fd < 0)
		fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		diesys("%s", path);
	directory_lock(fd, path);
	return fd;
}

/* An image's own platform as an option has it; NULL when none could. */
static char *
platform_option(const struct image_config *c)
{
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

/*
 * Unpack the image, for its own platform: whether that is the right one was
 * said before.
 */
static void
root_unpack(const struct options *o, const struct source *s,
    const struct idmap *ids, int bundle, const struct directory *made)
{
	static const char *const rootless[] = {"no", "single", "ranges"};
	char *platform = platform_option(&s->config);
	char *path = xasprintf("%s/rootfs", o->bundle);

	unpacking_run(&(struct unpacking){.bundle = bundle,
	    .made = made,
	    .layout = s->image.dir,
	    .digest = s->digest,
	    .platform = platform,
	    .rootless = rootless[ids->uids.n],
	    .path = path});
	free(platform);
	free(path);
}

/* The root file system of this image and of no other. */
static int
root_prepare(const struct options *o, const struct source *s,
    const struct idmap *ids, int bundle, const struct directory *made)
{
	int root = unpacking_open(bundle);
	char *known;

	if (root < 0) {
		root_unpack(o, s, ids, bundle, made);
		root = unpacking_open(bundle);
		if (root < 0)
			diesys("%s/rootfs", o->bundle);
		return root;
	}
	known = unpacking_recorded(bundle);
	if (known && strcmp(known, s->digest))
		die("%s/rootfs: of the image %s, but %s is now %s; remove "
		    "rootfs to have it unpacked anew, or " UNPACKING_RECORD
		    " if it is your own",
		    o->bundle, known, o->image, s->digest);
	free(known);
	return root;
}

/* The bundle's name as a host name, if it can be one; NULL when not. */
static const char *
hostname_default(const char *bundle)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
	char *path = realpath(bundle, NULL), *name;

	if (!path)
		diesys("%s", bundle);
	name = xstrdup(strrchr(path, '/') + 1);
	free(path);
	if (*name && strlen(name) <= 64 && !name[strspn(name, letters)])
		return name;
	free(name);
	return NULL;
}

int
main(int argc, char **argv)
{
	struct options o;
	struct source source = {0};
	struct idmap ids = {0};
	struct directory made;
	int bundle, root;
	cJSON *config;

	caller_settle();
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	options_parse(argc, argv, &o);
	source_read(&o, &source);
	if (o.rootless)
		idmap_caller(&ids);
	bundle = bundle_open(o.bundle, &made);
	root = root_prepare(&o, &source, &ids, bundle, &made);
	if (!o.hostname)
		o.hostname = hostname_default(o.bundle);
	config = config_make(&o, &source.config, source.digest, &ids, root);
	config_write(bundle, config);
	return 0;
}
