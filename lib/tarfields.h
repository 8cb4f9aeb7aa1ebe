/* SPDX-License-Identifier: ISC */
/* What a header says of its entry, where no extension says otherwise. */
#ifndef LIB_TARFIELDS_H
#define LIB_TARFIELDS_H

#include <stdint.h>

struct tar_entry;
struct tar_extension;
struct tarheader;

/* Names of the header that have no NUL there. */
struct tar_fields {
	char name[256 + 1];
	char link[100 + 1];
};

/*
 * Fill in all of *e but its attributes and holes; its size is that of the data
 * behind the header, of which size is what the header says.  0, or -1 with a
 * reason: no numbers, out of range, or readers of tar differ on it.
 */
int tar_fields_read(struct tar_fields *f, const struct tarheader *h,
    const struct tar_extension *x, int64_t size, struct tar_entry *e,
    const char **why);

#endif
