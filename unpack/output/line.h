/* SPDX-License-Identifier: ISC */
/*
 * JSON objects, one a line, made of what archives hold: as many as there are
 * files, so they aren't trees of cJSON's first.
 */
#ifndef UNPACK_OUTPUT_LINE_H
#define UNPACK_OUTPUT_LINE_H

#include <stdint.h>
#include <time.h>

#include "lib/buf.h"

/* Begin with zeros; line_end prints it to standard output, and begins anew. */
struct line {
	struct buf text;
};

/*
 * A member.  Where the bytes aren't UTF-8, for which JSON has no word, there is
 * U+FFFD for each that isn't, and a second member, whose name has "Encoded"
 * behind it, with all of them: '%' and two hexadecimal digits for each byte
 * that is not printable ASCII, and for '%'.
 */
void line_bytes(struct line *l, const char *name, const char *value);

/* Members of what is known to be harmless, and a time in seconds. */
void line_text(struct line *l, const char *name, const char *value);
void line_number(struct line *l, const char *name, int64_t value);
void line_time(struct line *l, const char *name, const struct timespec *t);

/* An element of the array of that name, which the next member ends. */
void line_element(struct line *l, const char *name, const char *value);

/* Dies when it can't be written. */
void line_end(struct line *l);

#endif
