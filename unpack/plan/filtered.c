/* SPDX-License-Identifier: ISC */
/* A sink in front of another, which gets what is wanted. */
#include "unpack/plan/filtered.h"

#include <string.h>

#include "lib/die.h"
#include "lib/mem.h"
#include "lib/tarentry.h"
#include "unpack/apply/filter.h"
#include "unpack/apply/path.h"
#include "unpack/plan/enter.h"
#include "unpack/plan/plan.h"

struct filtered {
	struct plan plan;
	struct sink *to;
	const struct filter *filter;
};

/* The other sink, told where the layers are. */
static struct sink *
other(struct sink *s)
{
	struct sink *to = ((struct filtered *)s)->to;

	to->layer = s->layer;
	to->entry = s->entry;
	to->now = s->now;
	return to;
}

static enum filter_verdict
ask(const struct sink *s, const char *path)
{
	return filter_ask(((const struct filtered *)s)->filter, path);
}

/* The same place of the other sink; what it lacks is made, or there is none. */
static bool
place_other(
    struct sink *to, const struct place *p, struct place *q, enum enter how)
{
	char dir[PATH_MAX];

	strcpy(dir, p->dir->path); /* that is good up to the next call */
	q->dir = to->verbs->enter(to, dir, how);
	q->name = p->name;
	strcpy(q->path, p->path);
	return q->dir != NULL;
}

/* Whether it is wanted: then q is where it goes. */
static bool
wants(struct sink *s, const struct place *p, struct place *q, bool directory)
{
	enum filter_verdict v = ask(s, p->path);
	struct sink *to = other(s);

	if (v == FILTER_IN || (v == FILTER_ABOVE && directory))
		return place_other(to, p, q, ENTER_MAKE);
	/* What was wanted in a directory goes with it. */
	if (v == FILTER_ABOVE && place_other(to, p, q, ENTER_LOOK))
		to->verbs->discard(to, q);
	return false;
}

/*
 * A directory takes the place of a file that may have been wanted, be nothing
 * in it wanted itself.
 */
static void
replaced(struct plan *p, struct item *item)
{
	struct sink *to = other(&p->sink);
	struct place at = {.name = item->name->text};
	char dir[PATH_MAX];

	name_path(item->name, at.path);
	name_path(item->name->parent, dir);
	at.dir = to->verbs->enter(to, dir, ENTER_LOOK);
	if (at.dir)
		to->verbs->discard(to, &at);
}

static void
layer(struct sink *s)
{
	struct sink *to = other(s);

	plan_verbs.layer(s);
	to->verbs->layer(to);
}

static void
root(struct sink *s, const struct tar_entry *e)
{
	struct sink *to = other(s);

	plan_verbs.root(s, e);
	to->verbs->root(to, e);
}

static void
entry(struct sink *s, const struct place *p, const struct tar_entry *e,
    struct tar_reader *data)
{
	struct sink *to = other(s);
	struct place q;

	plan_verbs.entry(s, p, e, data);
	if (wants(s, p, &q, e->type == '5'))
		to->verbs->entry(to, &q, e, data);
}

/* One of a directory can be no other: it is there, for want of an entry. */
static bool
of_itself(struct sink *s, const struct place *p, const struct place *target)
{
	struct plan *plan = (struct plan *)s;
	const struct name *name =
	    pathmap_path(&plan->names, target->path, false);

	return !strcmp(p->path, target->path) && name && name->item->inode &&
	       name->item->inode->type == '5';
}

static void
hard_link(struct sink *s, const struct place *p, const struct tar_entry *e,
    const struct place *target)
{
	struct sink *to = other(s);
	struct place q;

	plan_verbs.link(s, p, e, target);
	if (of_itself(s, p, target)) {
		if (wants(s, p, &q, true))
			to->verbs->enter(to, target->path, ENTER_MAKE);
		return;
	}
	if (!wants(s, p, &q, false))
		return;
	if (ask(s, target->path) != FILTER_IN)
		die("%s: a hard link to %s, which is left out: include both, "
		    "or exclude both",
		    p->path, target->path);
	to->verbs->link(to, &q, e, target);
}

static void
whiteout(struct sink *s, const struct sink_dir *dir, const char *name)
{
	struct sink *to = other(s);
	char path[PATH_MAX], parent[PATH_MAX];
	const struct sink_dir *there;

	strcpy(parent, dir->path);
	path_join(path, parent, name);
	plan_verbs.whiteout(s, dir, name);
	if (ask(s, path) == FILTER_OUT)
		return;
	there = to->verbs->enter(to, parent, ENTER_LOOK);
	if (there)
		to->verbs->whiteout(to, there, name);
}

static void
opaque(struct sink *s, const struct sink_dir *dir)
{
	struct sink *to = other(s);
	const struct sink_dir *there;
	char path[PATH_MAX];

	strcpy(path, dir->path);
	plan_verbs.opaque(s, dir);
	there = to->verbs->enter(to, path, ENTER_LOOK);
	if (there && ask(s, path) != FILTER_OUT)
		to->verbs->opaque(to, there);
}

static void
discard(struct sink *s, const struct place *p)
{
	struct sink *to = other(s);
	struct place q;

	plan_verbs.discard(s, p);
	if (place_other(to, p, &q, ENTER_LOOK))
		to->verbs->discard(to, &q);
}

static void
finish(struct sink *s)
{
	struct sink *to = other(s);

	to->verbs->finish(to);
}

static const struct sink_verbs filtered_verbs = {layer, plan_enter, root, entry,
    hard_link, whiteout, opaque, discard, finish};

struct sink *
filtered_new(struct sink *to, const struct filter *f)
{
	struct filtered *s = xcalloc(1, sizeof *s);

	plan_init(&s->plan);
	s->plan.sink.verbs = &filtered_verbs;
	s->plan.replaced = replaced;
	s->to = to;
	s->filter = f;
	return &s->plan.sink;
}
