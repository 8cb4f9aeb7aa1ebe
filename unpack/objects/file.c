/* SPDX-License-Identifier: ISC */
/*
 * A file of the tree that is shared with others.  Which object that is can be
 * said when all of the data was there: until then little data waits in memory,
 * so that a file which is there already is not written, and much is written.
 */
#include "unpack/objects/file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "lib/tarentry.h"
#include "unpack/objects/object.h"
#include "unpack/objects/objects.h"
#include "unpack/tree/file.h"
#include "unpack/tree/tree.h"

#define LITTLE (1 << 20) /* bytes of data that wait in memory */

/* The data of a file that is shared, on its way. */
struct data {
	unsigned char *waits; /* all of it; NULL: the file has it */
	int fd;               /* the file, -1: there is none yet */
};

/* Take all of the data, and its digest. */
static void
data_take(struct data *d, struct object *o, struct tar_reader *tar)
{
	static unsigned char *little;
	const unsigned char *run;
	struct digest digest;
	size_t at = 0;
	ssize_t n;

	if (o->entry->size <= LITTLE)
		d->waits = little = little ? little : xmalloc(LITTLE);
	else
		d->fd = file_create(o->tree, o->place, o->entry);
	digest_init(&digest, NULL);
	while ((n = file_data(tar, o->place, &run)) > 0) {
		digest_update(&digest, run, (size_t)n);
		if (d->waits)
			memcpy(d->waits + at, run, (size_t)n);
		else if (io_write(d->fd, run, (size_t)n) < 0)
			diesys("%s", o->place->path);
		at += (size_t)n;
	}
	digest_final(&digest, o->content);
}

/* Its file has lost its name to a link that couldn't be made then. */
static void
data_move(struct data *d, struct object *o)
{
	int fd = file_create(o->tree, o->place, o->entry);
	static char some[65536];
	ssize_t n = lseek(d->fd, 0, SEEK_SET);

	while (n >= 0 && (n = io_some(d->fd, some, sizeof some)) > 0)
		if (io_write(fd, some, (size_t)n) < 0)
			n = -1;
	if (n < 0)
		diesys("%s", o->place->path);
	close(d->fd);
	d->fd = fd;
}

/*
 * Have the file at the place: whole, as a link, which is said; or else with
 * the data, be it an object's, which *cloned says.
 */
static bool
file_have(struct data *d, struct object *o, bool *cloned)
{
	int object = object_find(o);
	bool whole = false;

	*cloned = false;
	if (object >= 0 && !o->tree->objects->clones) {
		whole = object_link(o, object);
		o->stale = !whole;
		if (!whole && d->fd >= 0)
			data_move(d, o);
	}
	if (!whole && d->fd < 0)
		d->fd = file_create(o->tree, o->place, o->entry);
	if (object >= 0 && o->tree->objects->clones)
		*cloned = object_clone(d->fd, object);
	if (!whole && !*cloned && d->waits &&
	    io_write(d->fd, d->waits, (size_t)o->entry->size) < 0)
		diesys("%s", o->place->path);
	if (object >= 0)
		close(object);
	return whole;
}

bool
object_file(struct tree *t, const struct place *p, const struct tar_entry *e,
    struct tar_reader *tar)
{
	struct object o = {.tree = t, .place = p, .entry = e};
	struct data d = {.fd = -1};
	bool cloned;

	if (e->sparse || !e->size)
		return false;
	data_take(&d, &o, tar);
	object_name(&o);
	if (!file_have(&d, &o, &cloned)) {
		file_finish(t, d.fd, p, e);
		if (!cloned)
			object_add(&o, d.fd);
	}
	if (d.fd >= 0 && close(d.fd) < 0)
		diesys("%s", p->path);
	return true;
}
