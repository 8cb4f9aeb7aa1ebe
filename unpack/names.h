/* SPDX-License-Identifier: ISC */
/* A map from paths to whatever belongs to them. */
#ifndef UNPACK_NAMES_H
#define UNPACK_NAMES_H

#include <stddef.h>

struct name {
	char *path;
	void *value;
};

struct names {
	struct name *slots; /* of those without a path nothing is known */
	size_t size, used;
};

/* The value of path, NULL when there is none. */
void *names_get(const struct names *n, const char *path);

/* Where to put the value of path; good until the next call. */
void **names_at(struct names *n, const char *path);

/* Forget the paths; the values are the caller's. */
void names_clear(struct names *n);

#endif
