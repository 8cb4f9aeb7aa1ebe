/* SPDX-License-Identifier: ISC */
/* Directories of the plan by name. */
#include "unpack/plan/enter.h"

#include <string.h>

#include "lib/die.h"
#include "unpack/apply/path.h"
#include "unpack/apply/resolve.h"
#include "unpack/plan/plan.h"

struct plan_way {
	struct way way;
	struct plan *plan;
	struct item *at; /* so far */
};

static void
top(struct way *way)
{
	struct plan_way *w = (struct plan_way *)way;

	w->at = pathmap_root(&w->plan->names)->item;
}

static void
up(struct way *way)
{
	struct plan_way *w = (struct plan_way *)way;

	if (w->at->name->parent)
		w->at = w->at->name->parent->item;
}

static enum step
down(struct way *way, const char *name, char target[PATH_MAX])
{
	struct plan_way *w = (struct plan_way *)way;
	struct name *n =
	    pathmap_child(&w->plan->names, w->at->name, name, false);
	const struct inode *inode = n && n->item ? n->item->inode : NULL;

	if (!inode)
		return STEP_MISSING;
	if (inode->type == '5') {
		w->at = n->item;
		return STEP_DOWN;
	}
	if (inode->type != '2')
		return STEP_OTHER;
	strcpy(target, inode->target);
	return STEP_LINK;
}

/* What is missing, or what a lower layer has as something else. */
static void
make(struct way *way, const char *name, bool exists)
{
	struct plan_way *w = (struct plan_way *)way;
	struct plan *p = w->plan;
	struct item *item = plan_item(p, w->at, name);
	char path[PATH_MAX];

	if (exists && (!p->sink.layer ||
			  plan_added(p, item) & (ADDED_PASSED | ADDED_ENTRY))) {
		name_path(item->name, path);
		die("%s: %s is not a directory", way->name, path);
	}
	if (exists && p->replaced)
		p->replaced(p, item);
	plan_remove(p, item);
	plan_imply(p, item);
	if (p->sink.layer)
		plan_add(p, item, ADDED_ANEW);
	w->at = item;
}

/* The layer has something in this directory: it and those above stay. */
static void
keep(struct plan *p, struct item *item)
{
	for (struct name *n = item->name; n; n = n->parent) {
		if (plan_added(p, n->item) & (ADDED_PASSED | ADDED_ENTRY))
			break;
		plan_add(p, n->item, ADDED_PASSED);
	}
}

const struct sink_dir *
plan_enter(struct sink *s, const char *path, enum enter how)
{
	static const struct way_steps steps = {top, up, down, make};
	struct plan *p = (struct plan *)s;
	struct plan_way w = {.way = {.steps = &steps, .name = path}, .plan = p};

	if (!resolve(&w.way, how))
		return NULL;
	p->entered.item = w.at;
	name_path(w.at->name, p->entered.path);
	p->entered.dir.path = p->entered.path;
	if (how == ENTER_MAKE && s->layer)
		keep(p, w.at);
	return &p->entered.dir;
}
