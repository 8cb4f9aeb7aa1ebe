/* SPDX-License-Identifier: ISC */
/*
 * Buffers that go round between the thread that decompresses and the one that
 * writes files.
 */
#ifndef UNPACK_INPUT_RING_H
#define UNPACK_INPUT_RING_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define RING_BUFFER (256 << 10)
#define RING_BUFFERS 16

struct ring;

/* Dies without memory; one stays to the end of the process. */
struct ring *ring_new(void);

/*
 * The filling side: an empty buffer, waiting for one; give it with n bytes, 0
 * at the end of a layer.  read is how many bytes of the input they took,
 * counted from the beginning of all.  Buffers come round in their order, all
 * RING_BUFFERS of them.
 */
unsigned char *ring_claim(struct ring *r);
void ring_give(struct ring *r, size_t n, int64_t read);

/* The end of a layer, with the digest of its text; "": it wasn't hashed. */
void ring_end(struct ring *r, const char *digest, int64_t read);

/* Nothing comes any more; why has to last.  Any thread may say so. */
void ring_fail(struct ring *r, const char *why);

/*
 * The other side: the next buffer, in place of the last one, which goes back.
 * Its length; 0 at the end of a layer; -1 with a reason after ring_fail.
 */
ssize_t ring_take(struct ring *r, const unsigned char **p, const char **why);

/* At the end of a layer: the digest that ring_end was given, else "". */
const char *ring_digest(const struct ring *r);

/* How much of the input it took to give what was taken. */
int64_t ring_read(const struct ring *r);

#endif
