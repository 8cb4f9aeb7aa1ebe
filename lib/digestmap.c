/* SPDX-License-Identifier: ISC */
/* Numbers by digest: keys in a row, and a table of their places in it. */
#include "lib/digestmap.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "lib/mem.h"

#define WORDS 16 /* of 32 bits, in the longest key */

static const size_t widths[2] = {32, 64};

/* Which of the two tables a digest belongs into, and its bytes. */
static int
key_make(const char *digest, unsigned char key[64])
{
	int kind = !strncmp(digest, "sha512:", 7);
	const char *hex = digest_hex(digest);

	for (size_t i = 0; i < 2 * widths[kind]; i++) {
		int c = hex[i] <= '9' ? hex[i] - '0' : hex[i] - 'a' + 10;

		key[i / 2] = (unsigned char)(i % 2 ? key[i / 2] | c : c << 4);
	}
	return kind;
}

/*
 * Who can't know the random factors can't choose keys that fall together:
 * multilinear hashing, of which the upper half is used.
 */
static size_t
hash(const unsigned char *key, size_t width)
{
	static uint64_t factors[WORDS + 1];
	uint64_t sum;
	uint32_t word;

	if (!factors[WORDS] &&
	    getrandom(factors, sizeof factors, 0) != sizeof factors)
		diesys("getrandom");
	factors[WORDS] |= 1; /* they are there */
	sum = factors[WORDS];
	for (size_t i = 0; i < width / sizeof word; i++) {
		memcpy(&word, key + i * sizeof word, sizeof word);
		sum += factors[i] * word;
	}
	return sum >> 32;
}

/* The slot that has the key, or the empty one that it would have. */
static uint32_t *
slot_find(const struct digestmap_of *t, size_t width, const unsigned char *key)
{
	size_t mask = t->nslots - 1, i = hash(key, width) & mask;

	while (t->slots[i] &&
	       memcmp(t->keys + (t->slots[i] - 1) * width, key, width) != 0)
		i = (i + 1) & mask;
	return &t->slots[i];
}

/* Room for as many again; two thirds of the slots are in use at most. */
static void
grow(struct digestmap_of *t, size_t width)
{
	t->nslots = t->nslots ? 2 * t->nslots : 16;
	t->keys = xreallocarray(t->keys, t->nslots * 2 / 3, width);
	t->values =
	    xreallocarray(t->values, t->nslots * 2 / 3, sizeof *t->values);
	free(t->slots);
	t->slots = xcalloc(t->nslots, sizeof *t->slots);
	for (size_t i = 0; i < t->n; i++)
		*slot_find(t, width, t->keys + i * width) = (uint32_t)i + 1;
}

int64_t *
digestmap_find(const struct digestmap *m, const char *digest)
{
	unsigned char key[64];
	int kind = key_make(digest, key);
	const struct digestmap_of *t = &m->of[kind];
	uint32_t *slot;

	if (!t->n)
		return NULL;
	slot = slot_find(t, widths[kind], key);
	return *slot ? &t->values[*slot - 1] : NULL;
}

int64_t *
digestmap_add(struct digestmap *m, const char *digest)
{
	unsigned char key[64];
	int kind = key_make(digest, key);
	struct digestmap_of *t = &m->of[kind];
	uint32_t *slot = t->n ? slot_find(t, widths[kind], key) : NULL;

	if (slot && *slot)
		return &t->values[*slot - 1];
	if (t->n == t->nslots * 2 / 3) {
		grow(t, widths[kind]);
		slot = NULL;
	}
	if (!slot)
		slot = slot_find(t, widths[kind], key);
	memcpy(t->keys + t->n * widths[kind], key, widths[kind]);
	t->values[t->n] = 0;
	*slot = (uint32_t)++t->n;
	return &t->values[t->n - 1];
}

bool
digestmap_first(struct digestmap *m, const char *digest)
{
	size_t before = digestmap_count(m);

	digestmap_add(m, digest);
	return digestmap_count(m) > before;
}

size_t
digestmap_count(const struct digestmap *m)
{
	return m->of[0].n + m->of[1].n;
}

int64_t
digestmap_get(const struct digestmap *m, size_t i, char digest[DIGEST_MAX])
{
	int kind = i >= m->of[0].n;
	const struct digestmap_of *t = &m->of[kind];
	const unsigned char *key;
	char *to;

	if (kind)
		i -= m->of[0].n;
	key = t->keys + i * widths[kind];
	to = stpcpy(digest, kind ? "sha512:" : "sha256:");
	for (size_t j = 0; j < widths[kind]; j++) {
		*to++ = "0123456789abcdef"[key[j] >> 4];
		*to++ = "0123456789abcdef"[key[j] & 15];
	}
	*to = '\0';
	return t->values[i];
}

void
digestmap_free(struct digestmap *m)
{
	for (int i = 0; i < 2; i++) {
		free(m->of[i].keys);
		free(m->of[i].values);
		free(m->of[i].slots);
	}
	*m = (struct digestmap){0};
}
