/* SPDX-License-Identifier: ISC */
/*
 * oci-mkbundle: a bundle that a runtime can run, of an image in a layout.
 *
 * The image is looked at first, and all that can be known without its files,
 * so that what is wrong is said before anything is made.  Then comes the root
 * file system, by oci-unpack, in which the image's users are looked up; last
 * config.json.  All of it lies in a working directory until it is whole, and
 * becomes the bundle by a rename.  What a run leaves that was killed is cleaned
 * up by the next.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bundle/config.h"
#include "bundle/hostname.h"
#include "bundle/idmap.h"
#include "bundle/imageconfig.h"
#include "bundle/making.h"
#include "bundle/options.h"
#include "bundle/overlay.h"
#include "bundle/record.h"
#include "bundle/seccomp.h"
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
	char *kept;         /* what the record of rootfs says of it */
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
		die("image configuration %s: %s is missing; give it with "
		    "--platform",
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
	s->kept = xasprintf("%s%s", d.digest, o->layers ? " (layers)" : "");
	text = blob_read(layout, &d, MANIFEST_MAX);
	if (manifest_parse(text, (size_t)d.size, &m, &why) < 0)
		die("manifest %s: %s", d.digest, why);
	free(text);
	if (!media_type_is_config(m.config.media_type))
		die("%s: not a container image; the media type of its "
		    "configuration is '%s'",
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

/* What stands for the image's word where there is none. */
static void
source_none(const struct options *o, struct source *s)
{
	struct platform here;

	platform_host(&here);
	s->config.os = "linux";
	s->config.architecture = o->platform ? o->platform->arch : here.arch;
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

static const char *
rootless_option(const struct idmap *ids)
{
	static const char *const modes[] = {"no", "single", "ranges"};

	return modes[ids->uids.n];
}

/* What oci-unpack is to make; a path of the bundle's for messages. */
static struct unpacking
unpacking_of(const struct options *o, const struct source *s,
    const struct making *m, const char *platform, const char *path)
{
	return (struct unpacking){.lock = making_lock(m),
	    .layout = s->image.dir,
	    .digest = s->digest,
	    .platform = platform,
	    .rootless = m->rootless,
	    .progress = progress_word(o->progress),
	    .path = path,
	    .layers = o->layers};
}

/*
 * A root file system that has to be unpacked: the descriptor of it in the
 * working directory.  Whether its platform is the right one was said before.
 */
static int
root_unpack(const struct options *o, const struct source *s, struct making *m,
    const char *platform)
{
	int work = making_work(m), root;
	char *path = xasprintf("%s/rootfs", m->work_path);
	struct unpacking u = unpacking_of(o, s, m, platform, path);

	unpacking_run(&u);
	root = unpacking_open(work);
	if (root < 0)
		die("oci-unpack did not make %s", path);
	free(path);
	return root;
}

/*
 * A mount for rootfs, which is made if it is -1.  The layers are had before,
 * for some may be gone since the bundle was made.
 */
static int
root_mount(const struct options *o, const struct source *s, struct making *m,
    const char *platform, int *rootfs)
{
	char *path = xasprintf("%s/rootfs", m->path);
	struct unpacking u = unpacking_of(o, s, m, platform, path);
	char *names = unpacking_layers(&u);
	int root;

	if (*rootfs < 0)
		*rootfs = overlay_make(making_work(m), o->layers, names);
	root = overlay_mount(*rootfs, o->layers, names);
	free(names);
	free(path);
	return root;
}

/*
 * The root file system that the bundle has, if it is to stay; -1 when there is
 * none, or another image's (its digest, owned, in *old).
 */
static int
root_look(const struct options *o, const struct source *s,
    const struct making *m, char **old)
{
	int root = m->bundle < 0 ? -1 : unpacking_open(m->bundle);
	char *known;

	if (root < 0)
		return -1;
	known = record_read(m->bundle, root);
	if (!known && o->replace)
		die("%s/rootfs: not replaced, because there is no record of "
		    "the image it is of; remove it to have the image unpacked",
		    o->bundle);
	if (o->layers && !known)
		die("%s/rootfs: not made of layers; remove it to have it made",
		    o->bundle);
	if (!known || !strcmp(known, s->kept)) {
		free(known);
		return root;
	}
	if (!o->replace)
		die("%s/rootfs: comes from image %s, but %s is now %s; use "
		    "--replace to replace it, or remove " RECORD
		    " if rootfs is your own",
		    o->bundle, known, o->image, s->kept);
	close(root);
	*old = known;
	return -1;
}

/* The bundle's name as a host name, if it can be one; NULL when not. */
static const char *
hostname_default(const struct making *m)
{
	char *name = making_name(m);

	if (!hostname_check(name))
		return name;
	free(name);
	return NULL;
}

/* Of a tree that is elsewhere: all that is made is config.json. */
static void
bundle_of_tree(
    struct options *o, const struct source *s, const struct idmap *ids)
{
	struct making making;
	char *path = realpath(o->rootfs, NULL);
	int root = path ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (root < 0)
		diesys("%s", o->rootfs);
	o->rootfs = path;
	cJSON_Delete(config_make(o, &s->config, s->digest, ids, root));
	making_open(&making, o->bundle, rootless_option(ids));
	if (!o->hostname)
		o->hostname = hostname_default(&making);
	making_publish(&making,
	    config_make(o, &s->config, s->digest, ids, root), NULL, NULL, NULL);
}

static void
bundle_of_image(
    struct options *o, const struct source *s, const struct idmap *ids)
{
	char *platform = platform_option(&s->config), *old = NULL;
	struct making making;
	bool unpacked, mounted = true;
	int root, rootfs;

	cJSON_Delete(config_make(o, &s->config, s->digest, ids, -1));
	making_open(&making, o->bundle, rootless_option(ids));
	if (o->layers && making.bundle >= 0)
		overlay_trust(making.bundle, o->bundle);
	root = rootfs = root_look(o, s, &making, &old);
	if (o->layers && root >= 0)
		overlay_trust(rootfs, "rootfs of the bundle");
	unpacked = root < 0;
	if (o->layers && root >= 0)
		root = overlay_mounted(rootfs);
	if (o->layers && root < 0) {
		root = root_mount(o, s, &making, platform, &rootfs);
		mounted = false;
	}
	if (root < 0)
		root = root_unpack(o, s, &making, platform);
	if (!o->hostname)
		o->hostname = hostname_default(&making);
	making_publish(&making,
	    config_make(o, &s->config, s->digest, ids, root),
	    unpacked ? s->kept : NULL, old, platform);
	/* Last, for nothing takes it away again: it is complete by then. */
	if (!mounted)
		overlay_attach(root, rootfs);
}

int
main(int argc, char **argv)
{
	struct options o;
	struct source source = {0};
	struct idmap ids = {0};

	caller_settle();
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	options_parse(argc, argv, &o);
	if (o.image)
		source_read(&o, &source);
	else
		source_none(&o, &source);
	if (o.seccomp && strcmp(o.seccomp, "unconfined"))
		o.profile = seccomp_read(o.seccomp);
	if (o.rootless)
		idmap_caller(&ids);
	if (o.rootfs)
		bundle_of_tree(&o, &source, &ids);
	else
		bundle_of_image(&o, &source, &ids);
	return 0;
}
