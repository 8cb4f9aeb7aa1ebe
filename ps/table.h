/* SPDX-License-Identifier: ISC */
/* Containers as a table for people. */
#ifndef PS_TABLE_H
#define PS_TABLE_H

#include <stddef.h>

struct state;

/*
 * Print ID PID STATUS BUNDLE CREATED in columns, a line each for n states.
 * What a terminal could take for a command is shown as '?'.  Needs
 * setlocale, for the characters that the terminal knows.
 */
void table_print(const struct state *all, size_t n);

#endif
