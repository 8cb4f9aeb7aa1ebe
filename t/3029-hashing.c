/* SPDX-License-Identifier: ISC */
/*
 * unpack/input/hashing: digests of a blob and a text in runs of any length,
 * from memory that is used again as soon as it may be.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/digest.h"
#include "t/tap.h"
#include "unpack/input/hashing.h"

#define RUN 5000

/* What one side gives, and what has to come of it. */
struct given {
	unsigned char runs[HASHING_RUNS][RUN];
	size_t n; /* so far */
	struct digest digest;
};

static unsigned char *
fill(struct given *g, size_t n)
{
	unsigned char *p = g->runs[g->n++ % HASHING_RUNS];

	for (size_t i = 0; i < n; i++)
		p[i] = random();
	digest_update(&g->digest, p, n);
	return p;
}

/* Runs of both in any order; of a side whose turn never comes there are none.
 */
static bool
right(struct hashing *h, const char *like, const char *text, int blobs)
{
	static struct given b, t;
	char want[2][DIGEST_MAX] = {"", ""}, got[2][DIGEST_MAX];
	size_t lasting = random() % HASHING_RUNS;

	hashing_begin(h, like, text);
	digest_init(&b.digest, like);
	digest_init(&t.digest, text);
	for (int i = random() % 100; i; i--) {
		size_t n = 1 + random() % (RUN - 1);

		hashing_wait(h, lasting, lasting);
		if (random() % 10 < blobs)
			hashing_blob(h, fill(&b, n), n);
		else
			hashing_text(h, fill(&t, n), n);
	}
	hashing_end(h, got[0], got[1]);
	digest_final(&b.digest, want[0]);
	digest_final(&t.digest, want[1]);
	if (!text)
		*want[1] = 0;
	return !strcmp(want[0], got[0]) && !strcmp(want[1], got[1]);
}

static void
sides(struct hashing *h, const char *like, const char *text, const char *what)
{
	int wrong = 0;

	for (int i = 0; i < 100; i++)
		wrong += !right(h, like, text, i % 11);
	ok(!wrong, what);
}

int
main(void)
{
	struct hashing *h = hashing_new();

	ok(h != NULL, "there is a thread");
	sides(h, "sha256:", "sha256:", "both by sha256");
	sides(h, "sha256:", "sha512:", "the text by sha512");
	sides(h, "sha512:", "sha512:", "both by sha512");
	sides(h, "sha512:", NULL, "a blob by sha512, and its text isn't asked");
	sides(h, "sha256:", NULL, "nor is that of one by sha256");
	return tap_end();
}
