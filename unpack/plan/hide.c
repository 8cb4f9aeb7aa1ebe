/* SPDX-License-Identifier: ISC */
/* What lower layers have at a name goes, or all but the layer's own. */
#include "unpack/plan/hide.h"

#include "unpack/plan/plan.h"

/* As tree/hide.c has it: whether the directory is to be entered. */
static bool
prune(struct plan *p, struct item *item)
{
	unsigned added = plan_added(p, item);

	if (!(added & (ADDED_PASSED | ADDED_ENTRY))) {
		plan_remove(p, item);
		return false;
	}
	if (!item->inode || item->inode->type != '5')
		return false;
	if (!(added & (ADDED_ENTRY | ADDED_ANEW)))
		plan_imply(p, item);
	plan_add(p, item, ADDED_HIDES | ADDED_ANEW);
	return !(added & ADDED_HIDES);
}

/* Names where nothing is leave the list, so that each is met once. */
static void
prune_in(struct plan *p, struct plan_directory *dir)
{
	struct item **to = &dir->children, *i;

	while ((i = *to)) {
		if (prune(p, i))
			prune_in(p, i->inode->directory);
		if (i->inode) {
			to = &i->sibling;
			continue;
		}
		*to = i->sibling;
		i->listed = false;
	}
}

void
plan_hide(struct plan *p, struct item *dir, const char *name)
{
	struct item *item = name ? plan_item(p, dir, name) : dir;
	bool hidden = plan_added(p, item) & ADDED_HIDES;

	/* One that was opaque before is hidden by its name all the same. */
	if (name ? prune(p, item) : !hidden)
		prune_in(p, item->inode->directory);
	plan_add(p, item, ADDED_HIDES);
}
