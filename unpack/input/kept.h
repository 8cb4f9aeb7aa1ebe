/* SPDX-License-Identifier: ISC */
/*
 * Blobs that a stream has before their turn, or that have several turns: they
 * wait in a file without a name.
 */
#ifndef UNPACK_INPUT_KEPT_H
#define UNPACK_INPUT_KEPT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/source.h"

struct kept_blob {
	const char *digest;
	off_t at;
	int64_t size;
};

struct kept {
	int fd; /* of the file, for reading and writing; -1: not yet made */
	off_t end;
	struct kept_blob *blobs;
	size_t n;
};

void kept_init(struct kept *k, int fd);

/* A further blob, whose digest stays the caller's, and its bytes, as they come:
 * 0, or -1 with a reason. */
void kept_begin(struct kept *k, const char *digest);
int kept_add(
    struct kept *k, const unsigned char *p, size_t n, const char **why);

bool kept_has(const struct kept *k, const char *digest);

/* A kept blob from its beginning, or NULL; forget it when it was read. */
struct source *kept_find(const struct kept *k, const char *digest);
void kept_done(struct source *s);

#endif
