/* SPDX-License-Identifier: ISC */
/*
 * A layout that keeps what is fetched, oci-layout(5), "A layout as a cache".
 * Nothing in it is believed: whoever takes something from it verifies it.
 * That something can't be kept is warned of, once, and nothing is from then on.
 */
#ifndef FETCH_STOCK_CACHE_H
#define FETCH_STOCK_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct descriptor;

struct cache {
	const char *dir; /* as messages name it */
	int layout;      /* descriptor of it */
	int partial;     /* of .partial/ in it; -1: not needed so far */
	bool off;        /* nothing is begun there (any more) */
};

/*
 * Open the layout dir, or make it; an empty directory becomes one.  Dies of
 * what can't be one.
 */
void cache_open(struct cache *c, const char *dir);
void cache_close(struct cache *c);

/* Whether something can be kept, and to open .partial/ for that. */
bool cache_keeps(struct cache *c);

/* Keep nothing any more, for the reason in errno, or else in why. */
void cache_give_up(struct cache *c, const char *what, const char *why);

/* A file of the blob's size, to be read, or -1. */
int cache_find(const struct cache *c, const struct descriptor *d);

/* The whole of a small one, verified; see stock_load. */
char *cache_load(
    const struct cache *c, const char *digest, int64_t *size, size_t max);

/* The blob that fd is open on was whole, and is of use. */
void cache_used(int fd);

/* Keep a small blob, which has been verified. */
void cache_keep(struct cache *c, const struct descriptor *d, const char *data);

#endif
