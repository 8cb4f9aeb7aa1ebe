/* SPDX-License-Identifier: ISC */
/* An image whose tree was planned, as one archive. */
#include "unpack/output/flatten.h"

#include <stdlib.h>

#include "lib/die.h"
#include "lib/mem.h"
#include "lib/tarentry.h"
#include "lib/tarread.h"
#include "unpack/apply/image.h"
#include "unpack/apply/text.h"
#include "unpack/input/feed.h"
#include "unpack/input/input.h"
#include "unpack/output/order.h"
#include "unpack/output/tarwrite.h"
#include "unpack/plan/plan.h"

struct flatten {
	struct plan *plan;
	struct tarwrite out;
	struct inode *next; /* in the order in which they were made */
};

static void
directory_write(struct flatten *f, const struct item *dir)
{
	const struct attributes *a = &dir->inode->directory->attributes;
	struct tar_entry e = {.type = '5',
	    .link = "",
	    .mode = a->mode,
	    .uid = a->uid,
	    .gid = a->gid,
	    .atime = a->times[0],
	    .mtime = a->times[1],
	    .xattrs = a->xattrs,
	    .nxattrs = a->nxattrs};
	char path[PATH_MAX];

	name_path(dir->name, path);
	tarwrite_entry(&f->out, path, NULL, &e);
}

/* See that a directory was written, after those above it, but for late ones. */
static void
directory_reach(struct flatten *f, struct item *dir)
{
	if (!dir->name->parent || order_came(dir))
		return;
	directory_reach(f, dir->name->parent->item);
	if (!order_late(dir))
		directory_write(f, dir);
}

static void
data_write(struct flatten *f, const struct tar_entry *e, struct tar_reader *tar)
{
	const unsigned char *run;
	const char *why;
	ssize_t n;

	while ((n = tar_data(tar, &run, &why)) > 0)
		tarwrite_data(&f->out, run, (size_t)n);
	if (n < 0)
		die("%s: %s", e->name, why);
}

/* A file by its first name, and then the others as hard links to that. */
static void
inode_write(struct flatten *f, const struct inode *inode,
    const struct tar_entry *e, struct tar_reader *tar)
{
	char first[PATH_MAX], path[PATH_MAX];
	struct item *name = inode->first;

	if (e->type != inode->type)
		die("%s: the layer is another than it was", e->name);
	name_path(name->name, first);
	directory_reach(f, name->name->parent->item);
	tarwrite_entry(&f->out, first, NULL, e);
	if (e->type == '0')
		data_write(f, e, tar);
	while ((name = name->again)) {
		name_path(name->name, path);
		directory_reach(f, name->name->parent->item);
		tarwrite_entry(&f->out, path, first, e);
	}
}

/* Directories without files are in place, too. */
static void
entry_write(struct flatten *f, const struct tar_entry *e, size_t layer,
    unsigned entry, struct tar_reader *tar)
{
	for (; f->next && f->next->layer == layer && f->next->entry == entry;
	     f->next = f->next->next) {
		const struct inode *inode = f->next;

		if (inode->names && inode->type == '5')
			directory_reach(f, inode->first);
		else if (inode->names)
			inode_write(f, inode, e, tar);
	}
}

/* What lies before a layer, if nobody needs a file of it: directories. */
static void
directories_write(struct flatten *f, size_t before)
{
	for (; f->next && f->next->layer < before; f->next = f->next->next)
		if (f->next->names && f->next->type == '5')
			directory_reach(f, f->next->first);
}

/* Its digests were verified before; now that of the blob, which is all of it,
 * is enough. */
static void
layer_write(
    struct flatten *f, struct applying *a, struct ring *ring, size_t layer)
{
	const struct tar_entry *e;
	struct tar_reader *tar;
	unsigned entry = 0;
	struct text text;
	const char *why;
	int r;

	text_begin(&text, ring, NULL, a);
	tar = tar_reader_new(&text.source);
	while ((r = tar_next(tar, &e, &why)) > 0)
		entry_write(f, e, layer, entry++, tar);
	text_end(&text, tar, r < 0 ? why : NULL);
	tar_reader_free(tar);
}

/* Those in a directory before it: who may not enter it then needn't. */
static void
late_write(struct flatten *f, const struct item *dir)
{
	size_t n;
	struct item **all = plan_children(dir, &n);

	for (size_t i = 0; i < n; i++)
		if (all[i]->inode->type == '5')
			late_write(f, all[i]);
	free(all);
	if (order_late(dir))
		directory_write(f, dir);
}

/* Which layers have what is left of them in the end. */
static void
wanted_find(struct plan *p, struct input *in, struct applying *a)
{
	in->wanted = xcalloc(in->manifest.nlayers + 1, sizeof *in->wanted);
	for (struct inode *i = p->made; i; i = i->next)
		if (i->names && i->type != '5')
			in->wanted[i->layer] = true;
	a->before = a->at.total;
	for (size_t i = 0; i < in->manifest.nlayers; i++)
		if (in->wanted[i])
			a->at.total =
			    size_sum(a->at.total, in->manifest.layers[i].size);
}

void
flatten(struct plan *p, struct input *in, struct applying *a, int fd)
{
	struct flatten f = {.plan = p, .next = p->made};
	struct ring *ring;

	plan_names(p);
	order_plan(p);
	wanted_find(p, in, a);
	in->verified = true;
	ring = feed_start(in);
	tarwrite_begin(&f.out, fd);
	for (size_t i = 0; i < in->manifest.nlayers; i++) {
		if (!in->wanted[i])
			continue;
		image_at(a, in, i);
		directories_write(&f, i);
		layer_write(&f, a, ring, i);
		image_left(in);
	}
	directories_write(&f, in->manifest.nlayers);
	late_write(&f, p->names.root->item);
	tarwrite_end(&f.out);
}
