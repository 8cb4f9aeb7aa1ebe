/* SPDX-License-Identifier: ISC */
/*
 * An entry of an archive as a line of text, which is a type, a path and what
 * else is to be said, with blanks between them.
 *
 *	0 a/b mode=644 uid=1 gid=2 size=9 mtime=-1.5 atime=3
 *	0 sparse size=9000 at=512+7 at=4096+1
 *	1 a/hard link=a/b
 *	2 a/soft link=../x
 *	3 dev major=1 minor=3
 *	5 a user.colour=blue
 */
#ifndef T_FUZZ_LINE_H
#define T_FUZZ_LINE_H

#include <stdbool.h>

#include "lib/tarentry.h"

#define LINE_EACH 8 /* attributes, and segments */

struct line {
	struct tar_entry entry;
	struct tar_xattr xattrs[LINE_EACH];
	struct tar_segment segments[LINE_EACH];
};

/*
 * An entry as a reader of layers gives it out; false: the line is none.  The
 * text changes, and the entry keeps pointers into it.
 */
bool line_parse(char *text, struct line *l);

#endif
