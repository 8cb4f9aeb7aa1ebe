/* SPDX-License-Identifier: ISC */
/*
 * Names with symbolic links in them, or with parts that are missing: one
 * component after the other, as if the root were "/".
 */
#ifndef UNPACK_APPLY_RESOLVE_H
#define UNPACK_APPLY_RESOLVE_H

#include "unpack/apply/sink.h"

struct way;

enum step {
	STEP_DOWN,   /* it was a directory, and is entered */
	STEP_LINK,   /* a symbolic link, whose target is told */
	STEP_OTHER,  /* something else */
	STEP_MISSING /* nothing */
};

/* What a sink does on the way; any of them may die. */
struct way_steps {
	void (*top)(struct way *w);
	void (*up)(struct way *w); /* above the root is the root */
	enum step (*down)(
	    struct way *w, const char *name, char target[PATH_MAX]);

	/* A directory where there is nothing or, if exists, something else. */
	void (*make)(struct way *w, const char *name, bool exists);
};

/* The first member of a sink's own, which knows where it is. */
struct way {
	const struct way_steps *steps;
	const char *name; /* for messages */
	char *rest;       /* what is to come, from next on */
	size_t next;
	int links;
	size_t bytes; /* of the links' targets */
};

/*
 * Go to the directory name; false when it isn't there.  ENTER_MAKE makes it,
 * also where a link points to nothing or a lower layer has a file.
 */
bool resolve(struct way *w, enum enter how);

#endif
