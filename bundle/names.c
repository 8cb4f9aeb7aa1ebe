/* SPDX-License-Identifier: ISC */
/* Names that may come several times, of which the last counts. */
#include "bundle/names.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

static int
text_compare(const struct name *a, const struct name *b)
{
	size_t len = a->len < b->len ? a->len : b->len;
	int r = memcmp(a->text, b->text, len);

	return r ? r : (a->len > b->len) - (a->len < b->len);
}

/* Equal names in the order in which they came: they lie in one array. */
static int
name_compare(const void *x, const void *y)
{
	const struct name *a = *(const struct name *const *)x;
	const struct name *b = *(const struct name *const *)y;
	int r = text_compare(a, b);

	return r ? r : (a > b) - (a < b);
}

bool *
names_last(const struct name *names, size_t n)
{
	const struct name **sorted = xcalloc(n, sizeof *sorted);
	bool *last = xcalloc(n, sizeof *last);

	for (size_t i = 0; i < n; i++)
		sorted[i] = &names[i];
	qsort(sorted, n, sizeof *sorted, name_compare);
	for (size_t i = 0; i < n; i++)
		last[sorted[i] - names] =
		    i + 1 == n || text_compare(sorted[i], sorted[i + 1]);
	free(sorted);
	return last;
}
