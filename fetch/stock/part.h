/* SPDX-License-Identifier: ISC */
/*
 * One blob on its way into the cache: the file in .partial/, which this process
 * has locked.  However the process ends, the bytes in it stay for the next.
 */
#ifndef FETCH_STOCK_PART_H
#define FETCH_STOCK_PART_H

#include <stddef.h>
#include <stdint.h>

#include "lib/digest.h"

struct cache;
struct descriptor;

struct part {
	struct cache *cache;
	char name[DIGEST_MAX];
	const char *digest;
	int fd;         /* -1: there is none */
	int64_t size;   /* bytes in it; what was there is yet to be hashed */
	int64_t pushed; /* of those, on their way to the disk */
};

enum part_got { PART_OURS, PART_BUSY, PART_NONE };

/*
 * Open it, or make it, with room for all of the blob: PART_BUSY when another
 * process has it, PART_NONE when nothing can be kept.  d is borrowed.
 */
enum part_got part_open(
    struct part *p, struct cache *c, const struct descriptor *d);

/* Bytes to the end of it: 0, or -1 with errno. */
int part_write(struct part *p, const void *bytes, size_t n);

/* It is whole, and verified: it is a blob from now on.  fd can still be read.
 */
void part_publish(struct part *p);

/* What is in it is wrong: begin anew, or remove it. */
void part_empty(struct part *p);
void part_remove(struct part *p);

/*
 * A number that changes when another process gets on with the blob; -1 when
 * there is nothing of it.
 */
int64_t part_state(const struct cache *c, const char *digest);

#endif
