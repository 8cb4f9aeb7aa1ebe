/* SPDX-License-Identifier: ISC */
/*
 * What comes before a header and speaks of it: extended headers of pax(1),
 * GNU's long names.  A text has at most 1 MiB.
 */
#ifndef LIB_TAREXTENSION_H
#define LIB_TAREXTENSION_H

#include <stdbool.h>

#include "lib/buf.h"
#include "lib/pax.h"
#include "lib/sparse.h"

struct blocks;

/* Of one entry.  Begin with zeros, and clear it before each entry. */
struct tar_extension {
	struct buf name, link; /* GNU's, empty where there is none */
	struct pax pax;
	struct sparse sparse; /* the map, which pax's records may hold */
	bool extended;        /* there was an extended header */
	struct buf text, global;
};

/* Forget what was said of an entry; its memory is kept for the next. */
void tar_extension_clear(struct tar_extension *x);
void tar_extension_free(struct tar_extension *x);

/*
 * Read the text of size bytes that comes behind a header of this type: 0; 1
 * when that is the header of an entry and nothing was read; -1 with a reason.
 */
int tar_extension_read(struct tar_extension *x, struct blocks *b, char type,
    int64_t size, const char **why);

#endif
