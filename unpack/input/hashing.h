/* SPDX-License-Identifier: ISC */
/*
 * The thread that hashes a layer's blob, and its text, which is what the blob
 * decompresses to.  Both at once take little longer than the text alone, see
 * digest_update_two; so the blob waits for text, as far as it can.
 *
 * Nothing is copied: runs of both are lent, in their order, and may be used
 * again when hashing_wait has returned.  All calls are one thread's.
 */
#ifndef UNPACK_INPUT_HASHING_H
#define UNPACK_INPUT_HASHING_H

#include <stddef.h>

#define HASHING_RUNS 16 /* of either that wait at a time */

struct hashing;

/* Or NULL with errno: the thread can't be made. */
struct hashing *hashing_new(void);

/*
 * A layer begins: digests by the algorithm of these two.  The text's is NULL
 * where it need not be hashed.
 */
void hashing_begin(struct hashing *h, const char *blob, const char *text);

/* A run of the blob, of the text; wait before that there is place for it. */
void hashing_blob(struct hashing *h, const unsigned char *p, size_t n);
void hashing_text(struct hashing *h, const unsigned char *p, size_t n);

/* Wait until not more than so many runs of either are still to be hashed. */
void hashing_wait(struct hashing *h, size_t blobs, size_t texts);

/* All is hashed: the digests, of DIGEST_MAX; the text's is "" if it isn't. */
void hashing_end(struct hashing *h, char *blob, char *text);

#endif
