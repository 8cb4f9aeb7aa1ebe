/* SPDX-License-Identifier: ISC */
/* lib/text: what a terminal is not to be given. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/text.h"
#include "t/tap.h"

static void
becomes(const char *text, const char *wanted, const char *name)
{
	char copy[64];

	snprintf(copy, sizeof copy, "%s", text);
	text_safe(copy);
	ok(strcmp(copy, wanted) == 0, name);
}

/* Of {"ab"}, where the character is: as it is, or by its number. */
static bool
json_becomes(const char *text, unsigned c, bool shown)
{
	char *json = NULL, wanted[32];
	bool same, space = c == '\n' || c == '\t';
	size_t len;
	FILE *f = open_memstream(&json, &len);

	text_write_json(f, text);
	fclose(f);
	if (shown || space)
		snprintf(wanted, sizeof wanted, "%s", text);
	else
		snprintf(wanted, sizeof wanted, "a\\u%04xb", c);
	same = strcmp(json, wanted) == 0;
	free(json);
	return same;
}

/* All code points of a range, each between two letters. */
static void
range(unsigned first, unsigned last, bool shown)
{
	char text[8], safe[8], name[64];
	bool good = true;
	size_t n;

	for (unsigned c = first; c <= last; c++) {
		n = 0;
		text[n++] = 'a';
		if (c < 0x80) {
			text[n++] = (char)c;
		} else if (c < 0x800) {
			text[n++] = (char)(0xc0 | c >> 6);
			text[n++] = (char)(0x80 | (c & 0x3f));
		} else if (c < 0x10000) {
			text[n++] = (char)(0xe0 | c >> 12);
			text[n++] = (char)(0x80 | (c >> 6 & 0x3f));
			text[n++] = (char)(0x80 | (c & 0x3f));
		} else {
			text[n++] = (char)(0xf0 | c >> 18);
			text[n++] = (char)(0x80 | (c >> 12 & 0x3f));
			text[n++] = (char)(0x80 | (c >> 6 & 0x3f));
			text[n++] = (char)(0x80 | (c & 0x3f));
		}
		text[n++] = 'b';
		text[n] = '\0';
		strcpy(safe, text);
		text_safe(safe);
		good = good && strcmp(safe, shown ? text : "a?b") == 0 &&
		       json_becomes(text, c, shown);
	}
	snprintf(name, sizeof name, "U+%04X to U+%04X %s", first, last,
	    shown ? "as they are" : "as ?");
	ok(good, name);
}

/* What die and its like print goes through it, errno's text and all. */
static void
message(void)
{
	char got[256] = "";
	int ends[2];
	size_t n;

	if (pipe(ends) < 0)
		return;
	if (fork() == 0) {
		dup2(ends[1], 2);
		die("a\xc2\x9b"
		    "b\xe2\x80\xae\n\x80");
	}
	close(ends[1]);
	n = (size_t)read(ends[0], got, sizeof got - 1);
	got[n < sizeof got ? n : 0] = '\0';
	wait(NULL);
	ok(strstr(got, ": a?b???\n") != NULL, "a message");
}

int
main(void)
{
	range(0x01, 0x1f, false);
	range(' ', '~', true);
	range(0x7f, 0x9f, false);
	range(0xa0, 0x61b, true);
	range(0x61c, 0x61c, false);
	range(0x61d, 0x200d, true);
	range(0x200e, 0x200f, false);
	range(0x2010, 0x2027, true);
	range(0x2028, 0x202e, false);
	range(0x202f, 0x2065, true);
	range(0x2066, 0x206f, false);
	range(0x2070, 0xd7ff, true);
	range(0xe000, 0x10ffff, true);

	becomes("", "", "nothing");
	becomes("\x80", "?", "a byte that continues nothing");
	becomes("a\xc3", "a?", "a character cut off by the end");
	becomes("\xe2\x82x", "??x", "and by another");
	becomes("\xc0\xaf", "??", "overlong: two bytes");
	becomes("\xc1\x9b", "??", "of an ESC's sequence");
	becomes("\xe0\x80\xaf", "???", "three bytes");
	becomes("\xe0\x82\x9b", "???", "of U+009B");
	becomes("\xf0\x82\x80\xae", "????", "four bytes");
	becomes("\xed\xa0\x80", "???", "a surrogate");
	becomes("\xed\xbf\xbf", "???", "the last of them");
	becomes("\xf4\x90\x80\x80", "????", "beyond U+10FFFF");
	becomes("\xf5\x80\x80\x80", "????", "far beyond");
	becomes("\xff\xfe", "??", "bytes of no character");
	message();
	return tap_end();
}
