/* SPDX-License-Identifier: ISC */
/*
 * The members of an image archive, one after the other, as they are read from
 * a descriptor; and those that wait because they came before their turn, or
 * have another.
 */
#ifndef UNPACK_INPUT_MEMBERS_H
#define UNPACK_INPUT_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/source.h"
#include "unpack/input/kept.h"

struct descriptor;
struct tar_entry;
struct tar_reader;

struct members {
	struct source_fd in;
	struct tar_reader *tar;
	bool begun;  /* an entry came */
	bool spools; /* what comes before its turn waits */
	struct kept kept;
	struct source source; /* of the member that was come to */
	bool keep;            /* that, for it comes again */
};

/*
 * The descriptor stays the caller's, and open.  spool: the directory in which
 * members before their turn wait, "" for $TMPDIR; NULL: such a one is missed.
 * Dies.
 */
void members_init(struct members *m, int fd, const char *spool);

/*
 * The next file of the archive: 1; 0 at its end; -1 with a reason.  Dies when
 * the input isn't an archive.
 */
int members_next(
    struct members *m, const struct tar_entry **e, const char **why);

/* Its name, without the "./" that some writers put before it. */
const char *member_name(const struct tar_entry *e);

/* At the end of the archive: why a member didn't come. */
const char *members_missing(const struct members *m);

/* The one that was come to waits: 0, or -1 with a reason. */
int members_keep(
    struct members *m, const struct tar_entry *e, const char **why);

/* Its bytes, which stay for a further turn, too, if keep is true; or NULL. */
struct source *members_take(
    struct members *m, const struct tar_entry *e, bool keep, const char **why);

/*
 * The text of the next file, which must have that name, unless others may wait,
 * and at most max bytes: *len, the caller's to free.  Dies.
 */
char *members_file(
    struct members *m, const char *name, size_t max, size_t *len);

/* Go on to a blob, past others, and read it; it is verified.  Dies. */
char *members_blob(struct members *m, const struct descriptor *d);

/*
 * Read to the end of all, past whatever is there: 0; -1 with a reason, also
 * when the archive hasn't its end.
 */
int members_end(struct members *m, const char **why);

#endif
