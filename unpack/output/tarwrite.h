/* SPDX-License-Identifier: ISC */
/*
 * Entries as a tar archive: ustar, with extended headers of pax(1) where that
 * has no room, holes in GNU's format 1.0.  Equal entries give equal bytes.
 */
#ifndef UNPACK_OUTPUT_TARWRITE_H
#define UNPACK_OUTPUT_TARWRITE_H

#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "unpack/output/holes.h"

struct tar_entry;

struct tarwrite {
	int fd;
	unsigned char *out; /* not written yet */
	size_t len;
	int64_t data; /* of the last entry, still to come */
	size_t padding;
	struct buf pax, map; /* a file has no map if it has no holes */
	struct holes holes;
};

/* Begin an archive; the descriptor stays the caller's.  All of these die. */
void tarwrite_begin(struct tarwrite *w, int fd);

/*
 * What e says, but its name: of type '1' when link is the path of what it is a
 * further name of.  A path of "" is the root.  Of a file's data as many bytes
 * have to come as its size or, if it is sparse, its segments say.
 */
void tarwrite_entry(struct tarwrite *w, const char *path, const char *link,
    const struct tar_entry *e);
void tarwrite_data(struct tarwrite *w, const unsigned char *p, size_t n);

/* The mark that says that it is complete, and the last of its bytes. */
void tarwrite_end(struct tarwrite *w);

#endif
