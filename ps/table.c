/* SPDX-License-Identifier: ISC */
/* Containers as a table for people. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "lib/buf.h"
#include "lib/mem.h"
#include "lib/state.h"
#include "ps/table.h"

#define COLUMNS 5
#define GAP 3

struct cell {
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

static struct cell
cell_make(const char *s)
{
	const char *end = s + strlen(s);
	struct cell cell = {0};
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

/* "2026-01-02T03:04:05.123456789Z" without its fraction. */
static struct cell
time_cell(const char *created)
{
	size_t len = strcspn(created, ".");
	const char *rest = created + len;
	struct cell cell;
	char *text;

	if (*rest)
		rest += 1 + strspn(rest + 1, "0123456789");
	text = xasprintf("%.*s%s", (int)len, created, rest);
	cell = cell_make(text);
	free(text);
	return cell;
}

static void
row_make(struct cell row[COLUMNS], const struct state *s)
{
	char pid[16];

	snprintf(pid, sizeof pid, "%d", (int)s->pid);
	row[0] = cell_make(s->id);
	row[1] = cell_make(pid);
	row[2] = cell_make(s->status);
	row[3] = cell_make(s->bundle);
	row[4] = time_cell(s->created);
}

static void
row_print(const struct cell row[COLUMNS], const int width[COLUMNS])
{
	for (int c = 0; c < COLUMNS; c++) {
		fputs(row[c].text, stdout);
		if (c < COLUMNS - 1)
			printf("%*s", width[c] + GAP - row[c].width, "");
	}
	putchar('\n');
}

void
table_print(const struct state *all, size_t n)
{
	static const char *const heads[COLUMNS] = {
	    "ID", "PID", "STATUS", "BUNDLE", "CREATED"};
	struct cell(*rows)[COLUMNS] = xcalloc(n + 1, sizeof(*rows));
	int width[COLUMNS] = {0};

	for (int c = 0; c < COLUMNS; c++)
		rows[0][c] = cell_make(heads[c]);
	for (size_t i = 0; i < n; i++)
		row_make(rows[i + 1], &all[i]);
	for (size_t i = 0; i <= n; i++)
		for (int c = 0; c < COLUMNS; c++)
			if (width[c] < rows[i][c].width)
				width[c] = rows[i][c].width;
	for (size_t i = 0; i <= n; i++) {
		row_print(rows[i], width);
		for (int c = 0; c < COLUMNS; c++)
			free(rows[i][c].text);
	}
	free(rows);
}
