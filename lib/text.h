/* SPDX-License-Identifier: ISC */
/* Text from outside, made fit for a terminal. */
#ifndef LIB_TEXT_H
#define LIB_TEXT_H

#include <stddef.h>
#include <stdio.h>

/*
 * The length of the UTF-8 character at s (RFC 3629): 0 where there is none,
 * which is a stray byte, one cut off, longer than it need be, a surrogate, or
 * beyond U+10FFFF.  The NUL at the end of s is a character of length 1.
 */
size_t text_character(const char *s);

/*
 * Put a '?' in the place of whatever could change what a reader sees beside
 * it: control characters (C0 with newline and tab, DEL, C1), line separators,
 * what turns the direction of writing, and each byte that isn't UTF-8.  In
 * place; s doesn't grow.
 */
void text_safe(char *s);

/*
 * Write JSON to f, with \uXXXX in the place of such a character, which means
 * the same, and of U+FFFD in that of each byte that isn't UTF-8.
 */
void text_write_json(FILE *f, const char *json);

#endif
