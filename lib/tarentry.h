/* SPDX-License-Identifier: ISC */
/* What a tar archive says of one file. */
#ifndef LIB_TARENTRY_H
#define LIB_TARENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

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

#endif
