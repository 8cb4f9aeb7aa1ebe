/* SPDX-License-Identifier: ISC */
/* A table for people. */
#include "lib/table.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "lib/buf.h"
#include "lib/mem.h"

#define GAP 3

struct table_cell {
	char *text;
	int width; /* on the screen, which isn't its bytes */
};

/* Characters that turn the direction of a line print, and deceive. */
static bool
is_deceptive(wint_t c)
{
	return c == 0x061c || c == 0x200e || c == 0x200f ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static struct table_cell
cell_make(const char *s)
{
	const char *end = s + strlen(s);
	struct table_cell cell = {0};
	struct buf b = {0};
	mbstate_t mb = {0};
	wchar_t c;
	size_t n;

	while (s < end) {
		n = mbrtowc(&c, s, end - s, &mb);
		if (n > (size_t)(end - s)) { /* no character at all */
			mb = (mbstate_t){0};
			n = 1;
			c = L'\0';
		}
		if (!iswprint(c) || wcwidth(c) < 0 || is_deceptive(c)) {
			buf_addc(&b, '?');
			cell.width++;
		} else {
			buf_add(&b, s, n);
			cell.width += wcwidth(c);
		}
		s += n;
	}
	cell.text = buf_take(&b);
	return cell;
}

void
table_begin(
    struct table *t, const char *const *heads, size_t columns, unsigned right)
{
	*t = (struct table){.columns = columns, .right = right};
	for (size_t i = 0; i < columns; i++)
		table_add(t, heads[i]);
}

void
table_add(struct table *t, const char *text)
{
	if ((t->n & (t->n - 1)) == 0)
		t->cells = xreallocarray(
		    t->cells, t->n ? 2 * t->n : 1, sizeof *t->cells);
	t->cells[t->n++] = cell_make(text);
}

static void
row_print(const struct table *t, size_t row, const int *width)
{
	const struct table_cell *cell = &t->cells[row * t->columns];
	int pad;

	for (size_t c = 0; c < t->columns; c++) {
		pad = width[c] - cell[c].width;
		if (t->right & 1u << c)
			printf("%*s", pad, "");
		fputs(cell[c].text, stdout);
		if (c == t->columns - 1)
			continue;
		printf("%*s", GAP + (t->right & 1u << c ? 0 : pad), "");
	}
	putchar('\n');
}

void
table_end(struct table *t)
{
	int *width = xcalloc(t->columns, sizeof *width);

	for (size_t i = 0; i < t->n; i++)
		if (width[i % t->columns] < t->cells[i].width)
			width[i % t->columns] = t->cells[i].width;
	for (size_t row = 0; row < t->n / t->columns; row++)
		row_print(t, row, width);
	for (size_t i = 0; i < t->n; i++)
		free(t->cells[i].text);
	free(t->cells);
	free(width);
	*t = (struct table){0};
}
