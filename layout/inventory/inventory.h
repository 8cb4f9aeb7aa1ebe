/* SPDX-License-Identifier: ISC */
/* The files of a layout's blobs, and whether they are what their names say. */
#ifndef LAYOUT_INVENTORY_INVENTORY_H
#define LAYOUT_INVENTORY_INVENTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "lib/digest.h"
#include "lib/progress.h"

enum verdict { UNCHECKED, WHOLE, DAMAGED, UNREADABLE };

struct file {
	char digest[DIGEST_MAX]; /* first, so that a file is compared by it */
	char *path;              /* below the layout */
	struct stat st;
	enum verdict verdict;
	bool needed, gone;
};

struct inventory {
	struct file *all; /* by digest, then by path */
	size_t n;
	char **stray; /* paths in directories of blobs that name no blob */
	size_t nstray;
	bool
	    linked; /* a directory of blobs is a link: others may have it too */
};

/* All there are at this moment.  Dies when a directory can't be read. */
void inventory_read(struct inventory *v, int layout);
void inventory_free(struct inventory *v);

/* The first file of a blob; NULL: there is none. */
struct file *inventory_find(const struct inventory *v, const char *digest);

/* The next of the same blob, which has a flat name too; NULL: no more. */
struct file *inventory_next(const struct inventory *v, struct file *f);

/* Take the verdicts over of files that have not changed since. */
void inventory_keep(struct inventory *v, const struct inventory *old);

/* Hash, on all processors, the files that have no verdict. */
void inventory_hash(
    struct inventory *v, int layout, enum progress_mode progress);

#endif
