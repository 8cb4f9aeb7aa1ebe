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
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

struct source;

struct tar_xattr {
	const char *name; /* "user.colour", without the SCHILY.xattr. */
	const char *value;
	size_t len;
};

struct tar_segment { /* of a sparse file: what is data */
	int64_t offset, len;
};

struct tar_entry {
	char type; /* '0' file, '1' link, '2' symlink, '3' character device,
		      '4' block device, '5' directory, '6' FIFO, or unknown */
	const char *name; /* as archived: "./", "/" and ".." are still there */
	const char *link; /* the target of '1' and '2', else "" */
	mode_t mode;      /* permission bits with set-id and sticky */
	uid_t uid;
	gid_t gid;
	int64_t size; /* of the file when unpacked; 0 for types '1' to '6' */
	struct timespec atime, mtime;
	unsigned major, minor; /* of types '3' and '4' */
	const struct tar_xattr *xattrs;
	size_t nxattrs;
	bool sparse; /* the data is that of segments, the rest is holes */
	const struct tar_segment *segments; /* ascending, inside size */
	size_t nsegments;
};

struct tar_reader;

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
