/* SPDX-License-Identifier: ISC */
/* The tags of a repository (distribution-spec, "Listing Tags"). */
#ifndef FETCH_IMAGE_TAGS_H
#define FETCH_IMAGE_TAGS_H

struct registry;

/* One JSON document with all pages in it, owned by the caller. */
char *tags_fetch(struct registry *r);

#endif
