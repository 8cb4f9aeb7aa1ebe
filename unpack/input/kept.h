/* SPDX-License-Identifier: ISC */
/*
 * Members that a stream has before their turn, or that have several turns: they
 * wait in a file without a name.
 */
#ifndef UNPACK_INPUT_KEPT_H
#define UNPACK_INPUT_KEPT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/source.h"

#define KEPT_MAX (INT64_C(64) << 30) /* bytes that may wait */
#define KEPT_MEMBERS_MAX 131072
#define KEPT_PLACE "/tmp" /* of the file, where TMPDIR isn't set */

struct kept_member {
	char *name;
	off_t at;
	int64_t size;
};

struct kept {
	int fd; /* of the file, for reading and writing; -1: not yet made */
	off_t end;
	void *members; /* a tree of tsearch(3) */
	size_t n;
};

/*
 * A further member, of so many bytes, and these, as they come: 0, or -1 with a
 * reason.  Where there is no file yet one is made in $TMPDIR, or in
 * KEPT_PLACE.
 */
int kept_begin(
    struct kept *k, const char *name, int64_t size, const char **why);
int kept_add(
    struct kept *k, const unsigned char *p, size_t n, const char **why);

/* NULL: it isn't kept. */
const struct kept_member *kept_find(const struct kept *k, const char *name);

/* It from its beginning; forget the source when it was read. */
struct source *kept_source(const struct kept *k, const struct kept_member *m);
void kept_done(struct source *s);

#endif
