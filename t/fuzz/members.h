/* SPDX-License-Identifier: ISC */
/*
 * The members of an OCI archive as text.  A line "@NAME" begins one, a line
 * "@" one that has the name of a blob, and what is behind that line is what it
 * holds; a line "@+" begins a layer, made of the lines of t/fuzz/op.h.  In the
 * text "$5" stands for the digest of member 5, counted from 0, and "#5" for
 * its bytes, if that comes behind.  After a line "@-" the archive is cut off.
 */
#ifndef T_FUZZ_MEMBERS_H
#define T_FUZZ_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/buf.h"
#include "lib/digest.h"

#define MEMBERS_MAX 10

struct member {
	char name[128];
	char digest[DIGEST_MAX];
	struct buf text;
};

struct members {
	struct member all[MEMBERS_MAX];
	size_t n;
	bool cut;
};

void members_parse(const unsigned char *data, size_t len, struct members *m);
void members_free(struct members *m);

/* Add the archive that they make. */
void members_archive(const struct members *m, struct buf *archive);

/*
 * Make a layout of them in a directory: false when two have one name, or a
 * name leads elsewhere.
 */
bool members_layout(const struct members *m, int dir);

#endif
