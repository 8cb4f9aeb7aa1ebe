/* SPDX-License-Identifier: ISC */
/*
 * Layouts of --cache, from which a layout that is written to takes blobs that
 * it lacks.  Nothing in them is believed, and nothing but times changes there.
 */
#ifndef LAYOUT_STORE_LENDER_H
#define LAYOUT_STORE_LENDER_H

#include <stdbool.h>
#include <stddef.h>

struct descriptor;
struct option_list;
struct store;

struct lender {
	const char *dir;
	int layout;    /* -1: it isn't there yet */
	bool no_clone; /* its file system can't share extents with the other */
};

struct lenders {
	struct lender *all;
	size_t n;
};

/* The names stay the caller's.  Dies of a directory that is something else. */
void lenders_open(struct lenders *l, const struct option_list *dirs);
void lenders_close(struct lenders *l);

/* Look again for those that weren't there: others may be making them. */
void lenders_look(struct lenders *l);

/* Whether one of them has a file of the blob's size. */
bool lenders_have(const struct lenders *l, const struct descriptor *d);

/*
 * Stage such a blob: as a file that shares its extents where the file system
 * can, else as a second link to a file that nobody but this user or root can
 * change, else as a copy; in each case verified.  One that is damaged or can't
 * be read is warned of and the next one asked.  False: none of them has it
 * whole.
 */
bool lenders_give(
    struct lenders *l, const struct store *s, const struct descriptor *d);

#endif
