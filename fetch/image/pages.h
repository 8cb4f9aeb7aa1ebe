/* SPDX-License-Identifier: ISC */
/* Answers that come page by page (distribution-spec, "Listing Tags"). */
#ifndef FETCH_IMAGE_PAGES_H
#define FETCH_IMAGE_PAGES_H

#include <stdbool.h>

struct registry;
struct response;

struct pages {
	char *path;       /* of the page to be asked for; NULL: no more */
	const char *what; /* is listed, for messages: "tags" */
	char *mark;       /* a page before */
	unsigned number;
};

/* Begin with the first page's path, which is copied; what is borrowed. */
void pages_begin(struct pages *p, const char *path, const char *what);

/*
 * On to the page that the answer for this one says is next.  Dies when they
 * have no end, or lead out of the repository.
 */
void pages_next(
    struct pages *p, const struct registry *r, const struct response *answer);
void pages_free(struct pages *p);

#endif
