/* SPDX-License-Identifier: ISC */
/* lib/digestmap: numbers by digest. */
#include <stdio.h>
#include <string.h>

#include "lib/digestmap.h"
#include "t/tap.h"

#define N 20000

/* Digests that are alike in all but few of their bits, of both kinds. */
static void
name(int i, char digest[DIGEST_MAX])
{
	snprintf(digest, DIGEST_MAX, "%s%0*d%08x%0*d",
	    i % 3 ? "sha256:" : "sha512:", i % 3 ? 48 : 112, 0,
	    (unsigned)i << (i % 5), 8, 0);
}

/* How many have the number that they were given. */
static int
right(const struct digestmap *m)
{
	char digest[DIGEST_MAX];
	const int64_t *p;
	int n = 0;

	for (int i = 0; i < N; i++) {
		name(i, digest);
		p = digestmap_find(m, digest);
		n += p && *p >= 0;
	}
	return n;
}

/* How many come out as they went in. */
static int
listed(const struct digestmap *m)
{
	char digest[DIGEST_MAX];
	int n = 0;

	for (size_t i = 0; i < digestmap_count(m); i++) {
		int64_t value = digestmap_get(m, i, digest);
		const int64_t *p = digestmap_find(m, digest);

		n += digest_valid(digest) && p && *p == value;
	}
	return n;
}

int
main(void)
{
	struct digestmap m = {0};
	char digest[DIGEST_MAX];
	int fresh = 0, again = 0;

	name(1, digest);
	ok(!digestmap_find(&m, digest), "nothing is in an empty one");
	ok(!digestmap_count(&m), "it has none");
	for (int i = 0; i < N; i++) {
		name(i, digest);
		fresh += digestmap_first(&m, digest);
		again += digestmap_first(&m, digest);
		(*digestmap_add(&m, digest))++;
	}
	ok(fresh > N / 2 && !again, "each is new once");
	ok(digestmap_count(&m) == (size_t)fresh, "they are as many");
	ok(right(&m) == N, "all are found");
	ok(listed(&m) == fresh, "they can be listed");
	strcpy(digest + strlen(digest) - 1, "f");
	ok(!digestmap_find(&m, digest), "one that isn't there isn't");
	memset(digest + 7, 'f', 64);
	memcpy(digest, "sha256:", 7);
	digest[71] = '\0';
	*digestmap_add(&m, digest) = INT64_MAX;
	ok(*digestmap_find(&m, digest) == INT64_MAX, "any number will do");
	digestmap_free(&m);
	ok(!digestmap_find(&m, digest), "nothing is left");
	return tap_end();
}
