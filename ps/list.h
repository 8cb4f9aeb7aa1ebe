/* SPDX-License-Identifier: ISC */
/* All containers of a state directory. */
#ifndef PS_LIST_H
#define PS_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct state;

struct list {
	struct state *all; /* by ID */
	size_t n;
	bool incomplete; /* some can't be read, as a warning said of each */
};

/*
 * Read the state of every container of root, -1 for a directory that isn't
 * there.  Those that go away meanwhile are not in the list, and nothing is
 * said of them.
 */
void list_read(int root, struct list *list);
void list_free(struct list *list);

#endif
