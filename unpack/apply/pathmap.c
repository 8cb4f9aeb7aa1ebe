/* SPDX-License-Identifier: ISC */
/* What is known of paths: a hash table of components with their parents. */
#include "unpack/apply/pathmap.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "lib/mem.h"

#define CHUNK (64 << 10)

/* Names are freed all at once, so they are cut from large pieces. */
struct pathmap_chunk {
	struct pathmap_chunk *next;
	size_t used;
	_Alignas(struct name) char bytes[CHUNK];
};

/* FNV-1a from a secret start, lest a layer choose names that all collide. */
static size_t
hash(const struct name *parent, const char *text, size_t len)
{
	static uint64_t start;
	uint64_t h;

	if (!start && getrandom(&start, sizeof start, 0) != sizeof start)
		start = (uintptr_t)&h;
	h = (start | 1) ^ (uintptr_t)parent * 0x9e3779b97f4a7c15;
	for (; len--; text++)
		h = (h ^ (unsigned char)*text) * 0x100000001b3;
	h ^= h >> 32;
	return (size_t)(h * 0x9e3779b97f4a7c15 >> 16);
}

void *
pathmap_memory(struct pathmap *n, size_t size)
{
	size_t max = n->max ? n->max : PATHMAP_MAX;
	size_t align = _Alignof(struct name);
	struct pathmap_chunk *c = n->chunks;

	size = (size + align - 1) / align * align;
	n->bytes += size;
	if (n->bytes > max)
		die("the names take more than %zu MiB", max >> 20);
	if (!c || CHUNK - c->used < size) {
		c = xmalloc(sizeof *c);
		c->next = n->chunks;
		c->used = 0;
		n->chunks = c;
	}
	c->used += size;
	return memset(c->bytes + c->used - size, 0, size);
}

static struct name *
name_new(struct pathmap *n, struct name *parent, const char *text, size_t len)
{
	struct name *name = pathmap_memory(n, sizeof(struct name) + len + 1);

	name->parent = parent;
	memcpy(name->text, text, len);
	return name;
}

struct name *
pathmap_root(struct pathmap *n)
{
	if (!n->root)
		n->root = name_new(n, NULL, "", 0);
	return n->root;
}

static void
grow(struct pathmap *n)
{
	struct pathmap old = *n;

	n->size = old.size ? old.size * 2 : 256;
	n->slots = xcalloc(n->size, sizeof *n->slots);
	for (size_t i = 0; i < old.size; i++)
		for (struct name *p = old.slots[i], *next; p; p = next) {
			size_t to = hash(p->parent, p->text, strlen(p->text)) &
				    (n->size - 1);

			next = p->next;
			p->next = n->slots[to];
			n->slots[to] = p;
		}
	free(old.slots);
}

static struct name *
child(struct pathmap *n, struct name *parent, const char *text, size_t len,
    bool make)
{
	size_t h = hash(parent, text, len);
	struct name *p, **slot;

	if (n->used >= n->size) {
		if (!make && !n->size)
			return NULL;
		grow(n);
	}
	slot = &n->slots[h & (n->size - 1)];
	for (p = *slot; p; p = p->next)
		if (p->parent == parent && !strncmp(p->text, text, len) &&
		    !p->text[len])
			return p;
	if (!make)
		return NULL;
	p = name_new(n, parent, text, len);
	p->next = *slot;
	*slot = p;
	n->used++;
	return p;
}

struct name *
pathmap_child(
    struct pathmap *n, struct name *parent, const char *text, bool make)
{
	return child(n, parent, text, strlen(text), make);
}

struct name *
pathmap_path(struct pathmap *n, const char *path, bool make)
{
	struct name *at = pathmap_root(n);

	while (at && *path) {
		size_t len = strcspn(path, "/");

		at = child(n, at, path, len, make);
		path += len + (path[len] == '/');
	}
	return at;
}

void
name_path(const struct name *name, char path[PATH_MAX])
{
	size_t at = PATH_MAX, len;

	path[--at] = 0;
	for (; name->parent; name = name->parent) {
		len = strlen(name->text);
		if (len + 1 > at)
			die("%.60s...: the path is longer than %d bytes",
			    name->text, PATH_MAX - 1);
		at -= len;
		memcpy(path + at, name->text, len);
		if (name->parent->parent)
			path[--at] = '/';
	}
	memmove(path, path + at, PATH_MAX - at);
}

void
pathmap_clear(struct pathmap *n)
{
	for (struct pathmap_chunk *c = n->chunks, *next; c; c = next) {
		next = c->next;
		free(c);
	}
	free(n->slots);
	*n = (struct pathmap){0};
}
