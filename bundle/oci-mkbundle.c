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
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "bundle/config.h"
#include "bundle/hostname.h"
#include "bundle/idmap.h"
#include "bundle/making.h"
#include "bundle/options.h"
#include "bundle/origin.h"
#include "bundle/root.h"
#include "bundle/seccomp.h"
#include "lib/caller.h"
#include "lib/die.h"
#include "lib/json.h"
#include "lib/mem.h"

static const char *
rootless_option(const struct idmap *ids)
{
	static const char *const modes[] = {"no", "single", "ranges"};

	return modes[ids->uids.n];
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

/* What no container may write to, for others would see it, is read-only. */
static void
shared_protect(struct options *o, int root)
{
	if (o->read_only || o->layers || !root_shared(root))
		return;
	warn("%s: its files are links that other root file systems have, too: "
	     "containers may not write to it, as with --read-only",
	    o->rootfs ? o->rootfs : "rootfs of the bundle");
	o->read_only = true;
}

/* Of a tree that is elsewhere: all that is made is config.json. */
static void
bundle_of_tree(
    struct options *o, const struct origin *from, const struct idmap *ids)
{
	struct making making;
	char *path = realpath(o->rootfs, NULL);
	int root = path ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (root < 0)
		diesys("%s", o->rootfs);
	o->rootfs = path;
	shared_protect(o, root);
	cJSON_Delete(config_make(o, &from->config, from->digest, ids, root));
	making_open(&making, o->bundle, rootless_option(ids));
	if (!o->hostname)
		o->hostname = hostname_default(&making);
	making_publish(&making,
	    config_make(o, &from->config, from->digest, ids, root), NULL, NULL,
	    NULL);
}

static void
bundle_of_image(
    struct options *o, const struct origin *from, const struct idmap *ids)
{
	char *platform = origin_platform(from);
	struct making making;
	struct root root;
	cJSON *config;

	cJSON_Delete(config_make(o, &from->config, from->digest, ids, -1));
	making_open(&making, o->bundle, rootless_option(ids));
	root_have(&root, o, from, &making, platform);
	shared_protect(o, root.fd);
	if (!o->hostname)
		o->hostname = hostname_default(&making);
	config = config_make(o, &from->config, from->digest, ids, root.fd);
	root_settle(&root, o, config);
	making_publish(
	    &making, config, root.made ? from->kept : NULL, root.old, platform);
	root_attach(&root);
}

int
main(int argc, char **argv)
{
	struct options o;
	struct origin origin = {0};
	struct idmap ids = {0};

	caller_settle();
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	options_parse(argc, argv, &o);
	if (o.image)
		origin_read(&o, &origin);
	else
		origin_none(&o, &origin);
	if (o.seccomp && strcmp(o.seccomp, "unconfined"))
		o.profile = seccomp_read(o.seccomp);
	if (o.rootless)
		idmap_caller(&ids);
	if (o.rootfs)
		bundle_of_tree(&o, &origin, &ids);
	else
		bundle_of_image(&o, &origin, &ids);
	return 0;
}
