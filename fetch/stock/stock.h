/* SPDX-License-Identifier: ISC */
/*
 * What there is already on this machine, so that no registry has to be asked
 * for it: in the layouts of whoever reads the stream, and in a cache.
 */
#ifndef FETCH_STOCK_STOCK_H
#define FETCH_STOCK_STOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cache;
struct descriptor;

struct stock {
	int *layouts; /* descriptors of the reader's */
	size_t nlayouts;
	struct cache *cache; /* NULL: none */
};

/*
 * Add the reader's layout dir.  One that isn't there has nothing yet, and
 * neither has an empty directory; dies of what is no layout.
 */
void stock_have(struct stock *s, const char *dir);

/* Add the cache in the directory. */
void stock_cache(struct stock *s, const char *dir);

/*
 * Whether there is nothing in a directory but what oci-layout-write makes in
 * an empty one before it publishes: it may be at that by now.
 */
bool stock_is_bare(int layout);

/*
 * Whether the reader has a blob: a file of the size that the descriptor says.
 * The bytes are the reader's to verify.
 */
bool stock_has(const struct stock *s, const struct descriptor *d);

/*
 * The whole of a blob of at most max bytes, verified, NUL-terminated, owned;
 * NULL when there is none.  Where *size is -1 it is set.  s may be NULL.
 */
char *stock_load(
    const struct stock *s, const char *digest, int64_t *size, size_t max);

/* The same of one layout. */
char *stock_load_from(
    int layout, const char *digest, int64_t *size, size_t max);

/* Keep a small blob in the cache, if there is one; s may be NULL. */
void stock_keep(
    const struct stock *s, const struct descriptor *d, const char *data);

void stock_free(struct stock *s);

#endif
