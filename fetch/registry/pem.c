/* SPDX-License-Identifier: ISC */
/* Certificates as text. */
#include "fetch/registry/pem.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

#define BEGIN "-----BEGIN "
#define END "-----END "

struct block {
	const char *text;
	size_t len;
};

static int
block_compare(const void *a, const void *b)
{
	const struct block *x = a, *y = b;

	if (x->len != y->len)
		return x->len < y->len ? -1 : 1;
	return memcmp(x->text, y->text, x->len);
}

/* The next one from *at on, which moves behind it. */
static bool
block_next(struct block *b, const char **at)
{
	const char *end;

	b->text = strstr(*at, BEGIN);
	if (!b->text)
		return false;
	end = strstr(b->text, END);
	b->len = end ? (size_t)(end - b->text) + strcspn(end, "\r\n")
		     : strlen(b->text);
	*at = b->text + b->len;
	return true;
}

/* The copy of a block goes behind the block, to be freed with it. */
static void
block_keep(struct pem *p, const struct block *b)
{
	struct block *copy = xmalloc(sizeof *copy + b->len);

	copy->text = memcpy(copy + 1, b->text, b->len);
	copy->len = b->len;
	if (!tsearch(copy, &p->known, block_compare))
		die("out of memory");
	buf_add(&p->text, b->text, b->len);
	buf_addc(&p->text, '\n');
}

void
pem_add(struct pem *p, const char *text)
{
	struct block b;

	while (block_next(&b, &text))
		if (!tfind(&b, &p->known, block_compare))
			block_keep(p, &b);
}

bool
pem_has(const struct pem *p, const char *text)
{
	struct block b;

	while (block_next(&b, &text))
		if (!tfind(&b, &p->known, block_compare))
			return false;
	return true;
}

void
pem_free(struct pem *p)
{
	tdestroy(p->known, free);
	buf_free(&p->text);
	*p = (struct pem){0};
}
