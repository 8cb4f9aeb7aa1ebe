/* SPDX-License-Identifier: ISC */
/* A blob that is hashed as it is read. */
#include "unpack/input/blob.h"

#include "lib/descriptor.h"
#include "unpack/input/hashing.h"

static ssize_t
blob_next(struct source *source, const unsigned char **p)
{
	struct blob_source *b = (struct blob_source *)source;
	ssize_t n;

	/* The next one takes the place of one that has to be hashed by then. */
	hashing_wait(b->hashing, b->in->lasting, HASHING_RUNS - 1);
	n = b->in->next(b->in, p);
	if (n > 0 && n <= b->left) {
		b->left -= n;
		hashing_blob(b->hashing, *p, (size_t)n);
		return n;
	}
	if (!n && !b->left)
		return 0;
	source->why = n < 0 ? b->in->why
		      : n   ? "the blob is longer than its descriptor says"
			    : "the blob is shorter than its descriptor says";
	return -1;
}

void
blob_init(struct blob_source *b, struct source *in, const struct descriptor *d,
    struct hashing *h)
{
	*b = (struct blob_source){
	    .source.next = blob_next, .in = in, .hashing = h, .left = d->size};
}
