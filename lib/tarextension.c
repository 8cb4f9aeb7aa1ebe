/* SPDX-License-Identifier: ISC */
/* What comes before a header and speaks of it. */
#include "lib/tarextension.h"

#include <stdlib.h>

#include "lib/blocks.h"
#include "lib/tar.h"

#define TEXT_MAX (1 << 20) /* bytes of a long name or an extended header */

void
tar_extension_clear(struct tar_extension *x)
{
	x->name.len = x->link.len = 0;
	x->extended = false;
	x->pax.sparse = &x->sparse;
	pax_clear(&x->pax);
	sparse_clear(&x->sparse);
}

void
tar_extension_free(struct tar_extension *x)
{
	buf_free(&x->name);
	buf_free(&x->link);
	buf_free(&x->text);
	buf_free(&x->global);
	free(x->sparse.segments);
}

/* The data behind such a header, and a NUL. */
static int
read_text(struct blocks *b, int64_t size, struct buf *text, const char **why)
{
	if (size > TEXT_MAX) {
		*why = "a name or an extended header is longer than 1 MiB";
		return -1;
	}
	if (blocks_text(b, size, text, why) < 0)
		return -1;
	return blocks_skip(b, (int64_t)tar_padding(size), why);
}

static int
read_extended(
    struct tar_extension *x, struct blocks *b, int64_t size, const char **why)
{
	if (x->extended) {
		*why = "it has two extended headers";
		return -1;
	}
	x->extended = true;
	if (read_text(b, size, &x->text, why) < 0)
		return -1;
	return pax_parse(&x->pax, x->text.data, x->text.len, why);
}

static int
read_long(struct buf *name, struct blocks *b, int64_t size, const char **why)
{
	if (name->len) {
		*why = "it has two long names";
		return -1;
	}
	if (read_text(b, size, name, why) < 0)
		return -1;
	if (*name->data)
		return 0;
	*why = "its long name is empty";
	return -1;
}

int
tar_extension_read(struct tar_extension *x, struct blocks *b, char type,
    int64_t size, const char **why)
{
	switch (type) {
	case 'L':
		return read_long(&x->name, b, size, why);
	case 'K':
		return read_long(&x->link, b, size, why);
	case 'x':
		return read_extended(x, b, size, why);
	case 'g':
		if (read_text(b, size, &x->global, why) < 0)
			return -1;
		return pax_parse_global(x->global.data, x->global.len, why);
	default:
		return 1;
	}
}
