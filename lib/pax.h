/* SPDX-License-Identifier: ISC */
/* Extended headers of pax(1): what they say of the entry after them. */
#ifndef LIB_PAX_H
#define LIB_PAX_H

#include "lib/sparse.h"
#include "lib/tarentry.h"

#define PAX_XATTRS_MAX 1024

enum { PAX_SIZE = 1, PAX_UID = 2, PAX_GID = 4, PAX_ATIME = 8, PAX_MTIME = 16 };

struct pax {
	unsigned has; /* which of these were given */
	int64_t size, uid, gid;
	struct timespec atime, mtime;
	const char *path, *link; /* NULL: not given */
	struct tar_xattr xattrs[PAX_XATTRS_MAX];
	size_t nxattrs;

	/* GNU.sparse.*: -1, false or NULL when not given. */
	bool sparse_any, sparse_map;
	int64_t sparse_major, sparse_minor, sparse_size;
	const char *sparse_name;
	struct sparse *sparse; /* formats 0.0 and 0.1 add their segments */
};

/* Forget all of it. */
void pax_clear(struct pax *p);

/*
 * Add the records of one header's text of len bytes.  The text is changed,
 * and kept by the caller as long as *p is in use.  0, or -1 with a reason.
 * Records that nobody here knows are passed over, whatever they hold.
 */
int pax_parse(struct pax *p, char *text, size_t len, const char **why);

/*
 * The same for a global header: -1 when it has a record that would change the
 * entries behind it.  Some readers take those and some don't.
 */
int pax_parse_global(char *text, size_t len, const char **why);

#endif
