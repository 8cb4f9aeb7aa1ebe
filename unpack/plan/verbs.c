/* SPDX-License-Identifier: ISC */
/* What the plan does as a sink: what the tree on disk would. */
#include <errno.h>
#include <string.h>

#include "lib/die.h"
#include "lib/tarentry.h"
#include "unpack/apply/omission.h"
#include "unpack/plan/enter.h"
#include "unpack/plan/hide.h"
#include "unpack/plan/plan.h"

static void
layer(struct sink *s)
{
	(void)s;
}

/* The place's item; the layer has it now. */
static struct item *
place_item(struct plan *p, const struct place *at)
{
	struct item *item;

	if (strlen(at->name) > NAME_MAX) {
		errno = ENAMETOOLONG;
		diesys("%s", at->path);
	}
	item = plan_item(p, p->entered.item, at->name);
	plan_add(p, item, ADDED_ENTRY);
	return item;
}

static struct inode *
made(struct plan *p, const struct place *at, char type)
{
	struct item *item = place_item(p, at);

	plan_remove(p, item);
	return plan_make(p, item, type);
}

static void
root(struct sink *s, const struct tar_entry *e)
{
	struct plan *p = (struct plan *)s;

	attributes_set(
	    &pathmap_root(&p->names)->item->inode->directory->attributes, e,
	    &p->xattrs);
}

static void
symlink(struct plan *p, const struct place *at, const struct tar_entry *e)
{
	size_t n = strlen(e->link);
	struct inode *inode;

	if (!n || n >= PATH_MAX) {
		errno = n ? ENAMETOOLONG : ENOENT;
		diesys("%s", at->path);
	}
	inode = made(p, at, '2');
	inode->target = pathmap_memory(&p->names, n + 1);
	strcpy(inode->target, e->link);
}

/* It isn't there, nor are further names of it; what was there is gone. */
static void
omit(struct plan *p, struct item *item, const char *path)
{
	plan_remove(p, item);
	item->omitted = true;
	omission(OMITTED_HIDING_DEVICE, path, NULL);
}

static void
directory(struct plan *p, const struct place *at, const struct tar_entry *e)
{
	struct item *item = place_item(p, at);

	if (!item->inode || item->inode->type != '5') {
		plan_remove(p, item);
		plan_make(p, item, '5');
	}
	attributes_set(&item->inode->directory->attributes, e, &p->xattrs);
}

static void
entry(struct sink *s, const struct place *at, const struct tar_entry *e,
    struct tar_reader *data)
{
	struct plan *p = (struct plan *)s;

	(void)data;
	if (e->type == '2')
		symlink(p, at, e);
	else if (e->type == '5')
		directory(p, at, e);
	else if (e->type == '3' && !e->major && !e->minor)
		omit(p, place_item(p, at), at->path);
	else
		made(p, at, e->type);
}

_Noreturn static void
link_failed(const struct place *at, const struct place *target, int error)
{
	errno = error;
	diesys("%s: link to %s", at->path, target->path);
}

static void
hard_link(struct sink *s, const struct place *at, const struct tar_entry *e,
    const struct place *target)
{
	struct plan *p = (struct plan *)s;
	struct name *name = pathmap_path(&p->names, target->path, false);
	struct item *from = name ? name->item : NULL, *item;
	struct inode *inode = from ? from->inode : NULL;

	(void)e;
	if (inode && inode->type == '5' && !strcmp(at->path, target->path)) {
		plan_enter(s, target->path, ENTER_MAKE);
		return;
	}
	item = place_item(p, at);
	if (!inode && from && from->omitted) {
		omit(p, item, at->path);
		return;
	}
	if (!inode)
		link_failed(at, target, ENOENT);
	if (item->inode == inode)
		return;
	plan_remove(p, item);
	if (from->inode != inode) /* it was in a directory that went */
		link_failed(at, target, ENOENT);
	if (inode->type == '5')
		link_failed(at, target, EPERM);
	plan_name(item, inode);
}

static void
whiteout(struct sink *s, const struct sink_dir *dir, const char *name)
{
	struct plan *p = (struct plan *)s;

	if (name && strlen(name) > NAME_MAX) {
		errno = ENAMETOOLONG;
		diesys("%s/%s", dir->path, name);
	}
	plan_hide(p, p->entered.item, name);
}

static void
opaque(struct sink *s, const struct sink_dir *dir)
{
	whiteout(s, dir, NULL);
}

static void
discard(struct sink *s, const struct place *at)
{
	struct plan *p = (struct plan *)s;

	plan_remove(p, plan_item(p, p->entered.item, at->name));
}

static void
finish(struct sink *s)
{
	(void)s;
}

const struct sink_verbs plan_verbs = {layer, plan_enter, root, entry, hard_link,
    whiteout, opaque, discard, finish};
