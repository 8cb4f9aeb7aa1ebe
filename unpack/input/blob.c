/* SPDX-License-Identifier: ISC */
/* A blob that is verified as it is read. */
#include "unpack/input/blob.h"

#include <string.h>

#include "lib/descriptor.h"

static int
blob_end(struct blob_source *b)
{
	char text[DIGEST_MAX];

	if (b->ended)
		return 0;
	digest_final(&b->digest, text);
	b->ended = true;
	if (!b->left && !strcmp(text, b->descriptor->digest))
		return 0;
	b->source.why = b->left ? "the blob is shorter than its descriptor says"
				: "the blob is damaged: its digest is another";
	return -1;
}

static ssize_t
blob_next(struct source *source, const unsigned char **p)
{
	struct blob_source *b = (struct blob_source *)source;
	ssize_t n = b->in->next(b->in, p);

	if (!n)
		return blob_end(b);
	if (n < 0 || n > b->left) {
		source->why =
		    n < 0 ? b->in->why
			  : "the blob is longer than its descriptor says";
		return -1;
	}
	b->left -= n;
	digest_update(&b->digest, *p, (size_t)n);
	return n;
}

void
blob_init(struct blob_source *b, struct source *in, const struct descriptor *d)
{
	*b = (struct blob_source){.source.next = blob_next,
	    .in = in,
	    .descriptor = d,
	    .left = d->size};
	digest_init(&b->digest, d->digest);
}
