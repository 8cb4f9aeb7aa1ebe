/* SPDX-License-Identifier: ISC */
/*
 * A tar archive from a source, one entry after the other: ustar, PAX,
 * GNU long names, base-256, sparse files in their four
 * formats.  Limits: names and PAX headers 1 MiB, 1024 extended attributes,
 * sparse maps 65536 segments.
 */
#ifndef LIB_TARREAD_H
#define LIB_TARREAD_H

#include <stdbool.h>
#include <sys/types.h>

struct source;

struct tar_entry;
struct tar_reader;

/* The source is borrowed until tar_reader_free; dies without memory. */
struct tar_reader *tar_reader_new(struct source *s);
void tar_reader_free(struct tar_reader *t);

/*
 * The next entry, which stays until the call after.  1; 0 at the end of the
 * archive; -1 with a reason.  What was left of the last one's data is passed
 * over.  tar_ended tells whether the end was two blocks of zeros (true) or
 * the end of the source between two entries (false).
 */
int tar_next(
    struct tar_reader *t, const struct tar_entry **e, const char **why);
bool tar_ended(const struct tar_reader *t);

/*
 * Lend the next run of the entry's data, as a source does: of a sparse file,
 * that of its segments one after the other.
 */
ssize_t tar_data(
    struct tar_reader *t, const unsigned char **p, const char **why);

/*
 * After the end of the archive: pass over zeros.  1 when another archive may
 * begin there, whose entries come next; 0 at the end of the source; -1 with a
 * reason.
 */
int tar_again(struct tar_reader *t, const char **why);

/* Read the source to its end, whatever comes: 0, or -1 with a reason. */
int tar_drain(struct tar_reader *t, const char **why);

#endif
