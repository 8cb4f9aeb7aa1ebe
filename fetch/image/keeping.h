/* SPDX-License-Identifier: ISC */
/* What a cache has of a blob that is on its way, and gets of it. */
#ifndef FETCH_IMAGE_KEEPING_H
#define FETCH_IMAGE_KEEPING_H

#include <stdbool.h>
#include <stddef.h>

struct download;

/*
 * Begin a blob where there is a cache: it has the blob, or a part; or another
 * process is at it; or all of it is asked for.
 */
void keeping_begin(struct download *d);

/* Hash another piece of a file in the cache; go on from its end. */
void keeping_check(struct download *d);

/* Look again whether the other process has done, or has died, or is stuck. */
void keeping_look(struct download *d);

/*
 * Bytes of the registry into the cache.  False when that can't have them:
 * they are to go to the spool, where those before them are by then.
 */
bool keeping_write(struct download *d, const char *p, size_t n);

/* The first bytes, of another process, were wrong: all of it is asked for. */
void keeping_again(struct download *d);

#endif
