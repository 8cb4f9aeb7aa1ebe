/* SPDX-License-Identifier: ISC */
/* A map from paths to whatever belongs to them: open addressing. */
#include "unpack/names.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "lib/mem.h"

/* FNV-1a from a secret start, lest a layer choose names that all collide. */
static size_t
hash(const char *path)
{
	static uint64_t start;
	uint64_t h;

	if (!start && getrandom(&start, sizeof start, 0) != sizeof start)
		start = (uintptr_t)&h;
	for (h = start | 1; *path; path++)
		h = (h ^ (unsigned char)*path) * 0x100000001b3;
	h ^= h >> 32;
	return (size_t)(h * 0x9e3779b97f4a7c15 >> 16);
}

/* The slot of path, or the free one where it would be. */
static struct name *
find(const struct names *n, const char *path)
{
	size_t i = hash(path) & (n->size - 1);

	while (n->slots[i].path && strcmp(n->slots[i].path, path))
		i = (i + 1) & (n->size - 1);
	return &n->slots[i];
}

void *
names_get(const struct names *n, const char *path)
{
	return n->size ? find(n, path)->value : NULL;
}

static void
grow(struct names *n)
{
	struct names old = *n;

	n->size = old.size ? old.size * 2 : 256;
	n->slots = xcalloc(n->size, sizeof *n->slots);
	for (size_t i = 0; i < old.size; i++)
		if (old.slots[i].path)
			*find(n, old.slots[i].path) = old.slots[i];
	free(old.slots);
}

void **
names_at(struct names *n, const char *path)
{
	struct name *slot;

	if (n->used >= n->size / 2)
		grow(n);
	slot = find(n, path);
	if (!slot->path) {
		slot->path = xstrdup(path);
		n->used++;
	}
	return &slot->value;
}

void
names_clear(struct names *n)
{
	for (size_t i = 0; i < n->size; i++)
		free(n->slots[i].path);
	free(n->slots);
	*n = (struct names){0};
}
