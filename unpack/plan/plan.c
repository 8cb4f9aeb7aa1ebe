/* SPDX-License-Identifier: ISC */
/* The tree that the layers make, only thought of: names and inodes. */
#include "unpack/plan/plan.h"

#include <stdlib.h>
#include <string.h>

#include "lib/die.h"
#include "lib/mem.h"
#include "lib/tarentry.h"

static struct item *
item_of(struct plan *p, struct name *name)
{
	if (!name->item) {
		name->item = pathmap_memory(&p->names, sizeof *name->item);
		name->item->name = name;
	}
	return name->item;
}

void
plan_init(struct plan *p)
{
	struct item *root;

	*p = (struct plan){.sink.verbs = &plan_verbs, .names.max = PLAN_MAX};
	p->last = &p->made;
	root = item_of(p, pathmap_root(&p->names));
	plan_imply(p, root);
}

struct item *
plan_item(struct plan *p, struct item *dir, const char *name)
{
	return item_of(p, pathmap_child(&p->names, dir->name, name, true));
}

/* One name less; what has none keeps its place in the list. */
static void
inode_drop(struct plan *p, struct inode *inode)
{
	if (--inode->names)
		return;
	if (inode->type == '5')
		attributes_clear(&inode->directory->attributes, &p->xattrs);
}

/* No path is longer than PATH_MAX, so it isn't deep. */
void
plan_remove(struct plan *p, struct item *item)
{
	struct inode *inode = item->inode;
	struct item *next;

	if (!inode)
		return;
	item->inode = NULL;
	if (inode->type == '5')
		for (struct item *i = inode->directory->children; i; i = next) {
			next = i->sibling;
			i->listed = false;
			plan_remove(p, i);
		}
	inode_drop(p, inode);
}

struct inode *
plan_make(struct plan *p, struct item *item, char type)
{
	struct inode *inode = pathmap_memory(&p->names, sizeof *inode);

	inode->type = type;
	inode->layer = (unsigned)p->sink.layer;
	inode->entry = (unsigned)p->sink.entry;
	*p->last = inode;
	p->last = &inode->next;
	inode->first = item;
	if (type == '5')
		inode->directory =
		    pathmap_memory(&p->names, sizeof *inode->directory);
	plan_name(item, inode);
	return inode;
}

void
plan_name(struct item *item, struct inode *inode)
{
	struct name *parent = item->name->parent;
	struct plan_directory *dir;

	item->inode = inode;
	inode->names++;
	if (item->listed || !parent)
		return;
	dir = parent->item->inode->directory;
	item->sibling = dir->children;
	dir->children = item;
	item->listed = true;
}

void
plan_imply(struct plan *p, struct item *item)
{
	struct tar_entry e = attributes_implied(p->sink.now);

	if (!item->inode)
		plan_make(p, item, '5');
	attributes_set(&item->inode->directory->attributes, &e, &p->xattrs);
}

unsigned
plan_added(const struct plan *p, const struct item *item)
{
	return item->layer == p->sink.layer ? item->added : 0;
}

void
plan_add(struct plan *p, struct item *item, unsigned added)
{
	item->added = plan_added(p, item) | added;
	item->layer = (unsigned)p->sink.layer;
}

static int
compare(const void *a, const void *b)
{
	const struct item *const *x = a, *const *y = b;

	return strcmp((*x)->name->text, (*y)->name->text);
}

struct item **
plan_children(const struct item *dir, size_t *n)
{
	struct item **all, *i;

	*n = 0;
	for (i = dir->inode->directory->children; i; i = i->sibling)
		*n += i->inode != NULL;
	all = xcalloc(*n + 1, sizeof *all);
	*n = 0;
	for (i = dir->inode->directory->children; i; i = i->sibling)
		if (i->inode)
			all[(*n)++] = i;
	qsort(all, *n, sizeof *all, compare);
	return all;
}

/* Each before the one behind it in the order of all paths. */
static void
names_in(const struct item *dir)
{
	size_t n;
	struct item **all = plan_children(dir, &n);

	while (n--) {
		struct item *i = all[n];

		if (i->inode->type == '5') {
			i->seen = i->order = 0;
			names_in(i);
			continue;
		}
		i->again = i->inode->first;
		i->inode->first = i;
	}
	free(all);
}

void
plan_names(struct plan *p)
{
	for (struct inode *i = p->made; i; i = i->next)
		if (i->type != '5')
			i->first = NULL;
	p->names.root->item->seen = p->names.root->item->order = 0;
	names_in(p->names.root->item);
}
