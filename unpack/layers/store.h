/* SPDX-License-Identifier: ISC */
/*
 * The directory that images share their layers in: ALGORITHM/DIGITS of a
 * chain of diff_ids (image-spec config.md, "Layer ChainID") is that layer on
 * top of those below it.  What has such a name is complete.
 */
#ifndef UNPACK_LAYERS_STORE_H
#define UNPACK_LAYERS_STORE_H

#include "lib/digest.h"

struct store {
	const char *path; /* the caller's */
	int dir;
	const char *opaque; /* the attribute of opaque directories */
};

/*
 * Open it, or make it with mode 0700: before a user namespace hides the
 * owners.  Dies when somebody else may write there.
 */
void store_open(struct store *s, const char *path);

/*
 * Whose files it has, one of ROOTLESS_WORDS, and which attribute makes a
 * directory opaque: noted at the first time.  Dies when it's another's.
 */
void store_form(struct store *s, const char *owners);

/* The name of a layer on top of one, NULL: it is the base. */
void store_chain(
    char chain[DIGEST_MAX], const char *below, const char *diff_id);

/* ALGORITHM/DIGITS, with something before and behind the digits; owned. */
char *store_path(const char *chain, const char *before, const char *behind);

/* A layer's directory, O_PATH; -1: it isn't there. */
int store_find(const struct store *s, const char *chain);

/*
 * The same, or lock it, waiting for others, and begin: then -1, and in *begun
 * an empty directory.  One at a time.  Until store_publish the end of the
 * process removes what is there.
 */
int store_begin(const struct store *s, const char *chain, int *begun);
void store_publish(void);

/* Remove what killed runs have left. */
void store_sweep(const struct store *s);

#endif
