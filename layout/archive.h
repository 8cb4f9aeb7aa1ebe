/* SPDX-License-Identifier: ISC */
/*
 * OCI archives that come in on a pipe, one behind the other, in any order:
 * which of their members are of the image layout.  All of these die when an
 * archive is not one.
 */
#ifndef LAYOUT_ARCHIVE_H
#define LAYOUT_ARCHIVE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/digest.h"
#include "lib/source.h"

enum archive_member {
	ARCHIVE_END,
	ARCHIVE_LAYOUT, /* oci-layout */
	ARCHIVE_INDEX,  /* index.json */
	ARCHIVE_BLOB,   /* blobs/ALGORITHM/DIGITS */
};

struct archive {
	struct source_fd in;
	struct tar_reader *tar;
	unsigned members;
	unsigned number; /* of this archive, from 0 */
	unsigned seen;   /* of this archive: bits by kind, and archive.c's */
	char digest[DIGEST_MAX]; /* that the name of a blob claims, */
	int64_t size;            /* and the bytes that its header does */
};

/* Begin to read fd, which stays the caller's to close. */
void archive_open(struct archive *a, int fd);

/*
 * The next member of the layout; others are passed over.  ARCHIVE_END only
 * after the two blocks of zeros of the last archive, when oci-layout and
 * index.json were in each, and nothing but zeros followed.
 */
enum archive_member archive_next(struct archive *a);

/* Lend the next run of the member's data; 0 at its end. */
ssize_t archive_data(struct archive *a, const unsigned char **p);

/* All of the member's data, at most max bytes; NUL-terminated, owned. */
char *archive_text(
    struct archive *a, const char *name, size_t max, size_t *len);

void archive_close(struct archive *a);

#endif
