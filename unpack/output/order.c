/* SPDX-License-Identifier: ISC */
/* The order in which a plan's names come in an archive. */
#include "unpack/output/order.h"

#include "unpack/plan/plan.h"

enum { LEFT = 1, LATE = 2, CAME = 4 };

/* Where the archive is, and how often it went on to another directory. */
struct order {
	struct item *at;
	unsigned moves;
};

static struct item *
parent(const struct item *i)
{
	return i->name->parent ? i->name->parent->item : NULL;
}

/* Go on to a directory: some are left, and some entered, which then are late if
 * they were left. */
static void
go(struct order *o, struct item *dir)
{
	struct item *common, *i;

	if (o->at == dir)
		return;
	o->moves++;
	for (i = dir; i; i = parent(i))
		i->seen = o->moves;
	for (common = o->at; common->seen != o->moves; common = parent(common))
		common->order |= LEFT;
	for (i = dir; i != common; i = parent(i))
		if (i->order & LEFT)
			i->order |= LATE;
	o->at = dir;
}

void
order_plan(struct plan *p)
{
	struct order o = {.at = p->names.root->item};

	for (struct inode *i = p->made; i; i = i->next) {
		if (!i->names)
			continue;
		if (i->type == '5')
			go(&o, i->first);
		else
			for (struct item *n = i->first; n; n = n->again)
				go(&o, parent(n));
	}
	p->names.root->item->order |= LATE;
}

bool
order_late(const struct item *dir)
{
	return dir->order & LATE;
}

bool
order_came(struct item *dir)
{
	bool came = dir->order & CAME;

	dir->order |= CAME;
	return came;
}
