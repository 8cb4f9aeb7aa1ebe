/* SPDX-License-Identifier: ISC */
/*
 * A table for people, on standard output: columns with heads, a line each row.
 * What a terminal could take for a command is shown as '?'.  The program has
 * called setlocale(LC_CTYPE, ""), for the characters that the terminal knows.
 */
#ifndef LIB_TABLE_H
#define LIB_TABLE_H

#include <stddef.h>

struct table_cell;

struct table {
	size_t columns;
	struct table_cell *cells; /* row after row, the heads first */
	size_t n;
	unsigned right; /* bits of columns whose text is at the right */
};

/* Begin with the heads; right has bit 0 for the first column. */
void table_begin(
    struct table *t, const char *const *heads, size_t columns, unsigned right);

/* The next cell of the row; a copy. */
void table_add(struct table *t, const char *text);

/* Print it; the table is gone then. */
void table_end(struct table *t);

#endif
