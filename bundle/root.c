/* SPDX-License-Identifier: ISC */
/* A bundle's root file system: one that it has, or that is made. */
#include "bundle/root.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "bundle/making.h"
#include "bundle/options.h"
#include "bundle/origin.h"
#include "bundle/overlay.h"
#include "bundle/points.h"
#include "bundle/record.h"
#include "bundle/unpacking.h"
#include "bundle/uses.h"
#include "lib/die.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/treemark.h"

/* What oci-unpack is to make; a path of the bundle's for messages. */
static struct unpacking
unpacking_of(const struct options *o, const struct origin *from,
    const struct making *m, const char *platform, const char *path)
{
	return (struct unpacking){.lock = making_lock(m),
	    .layout = from->image.dir,
	    .digest = from->digest,
	    .platform = platform,
	    .rootless = m->work.rootless,
	    .progress = progress_word(o->progress),
	    .path = path,
	    .layers = o->layers,
	    .objects = o->objects};
}

/*
 * A root file system that has to be unpacked: the descriptor of it in the
 * working directory.  Whether its platform is the right one was said before.
 */
static int
root_unpack(const struct options *o, const struct origin *from,
    struct making *m, const char *platform)
{
	int work = making_work(m), root;
	char *path = xasprintf("%s/rootfs", m->work.path);
	struct unpacking u = unpacking_of(o, from, m, platform, path);

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
root_mount(const struct options *o, const struct origin *from, struct making *m,
    const char *platform, struct root *r)
{
	char *path = xasprintf("%s/rootfs", m->path);
	struct unpacking u = unpacking_of(o, from, m, platform, path);
	int lock = uses_lock(o->layers);

	r->names = unpacking_layers(&u);
	if (lock < 0) { /* they may have gone meanwhile */
		lock = uses_lock(o->layers);
		free(r->names);
		r->names = unpacking_layers(&u);
	}
	if (r->rootfs < 0)
		r->rootfs = overlay_make(making_work(m), o->layers, r->names);
	uses_note(r->rootfs, o->layers, r->names);
	if (lock >= 0)
		close(lock);
	free(path);
	r->loose = true;
	return overlay_mount(r->rootfs, o->layers, r->names, false);
}

/*
 * The root file system that the bundle has, if it is to stay; -1 when there is
 * none, or another image's (its digest, owned, in *old).
 */
static int
root_look(const struct options *o, const struct origin *from,
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
	if (!known || !strcmp(known, from->kept)) {
		free(known);
		return root;
	}
	if (!o->replace)
		die("%s/rootfs: comes from image %s, but %s is now %s; use "
		    "--replace to replace it, or remove " RECORD
		    " if rootfs is your own",
		    o->bundle, known, o->image, from->kept);
	close(root);
	*old = known;
	return -1;
}

void
root_have(struct root *r, const struct options *o, const struct origin *from,
    struct making *m, const char *platform)
{
	*r = (struct root){.rootfs = -1};
	if (o->layers && m->bundle >= 0)
		overlay_trust(m->bundle, o->bundle);
	r->fd = root_look(o, from, m, &r->old);
	r->made = r->fd < 0;
	if (o->layers && r->fd >= 0) {
		overlay_trust(r->fd, "rootfs of the bundle");
		r->rootfs = r->fd;
		r->fd = overlay_mounted(r->rootfs);
	}
	if (r->fd >= 0)
		return;
	r->fd = o->layers ? root_mount(o, from, m, platform, r)
			  : root_unpack(o, from, m, platform);
}

/* What is mounted stays as it is: it may be a container's by now. */
static void
mounted_check(
    const struct root *r, const struct options *o, const cJSON *config)
{
	const char *lacks;

	if (!overlay_read_only(r->fd))
		return;
	if (!o->read_only)
		die("rootfs of the bundle: root is mounted read-only; unmount "
		    "it to have it mounted for writing");
	lacks = points_lack(r->fd, config);
	if (lacks)
		die("rootfs of the bundle: there is no %s to mount on, and "
		    "root is mounted read-only; unmount it to have it made",
		    lacks);
}

void
root_settle(struct root *r, const struct options *o, const cJSON *config)
{
	if (o->layers && !r->loose)
		mounted_check(r, o, config);
	if (!r->loose || !o->read_only)
		return;
	points_make(r->fd, config);
	close(r->fd);
	r->fd = overlay_mount(r->rootfs, o->layers, r->names, true);
}

bool
root_shared(int root)
{
	return fgetxattr(root, TREEMARK, NULL, 0) >= 0;
}

void
root_attach(const struct root *r)
{
	if (r->loose)
		overlay_attach(r->fd, r->rootfs);
}
