/* SPDX-License-Identifier: ISC */
/* Digests in a text that comes in runs. */
#include "lib/digestscan.h"

#include <stdbool.h>
#include <string.h>

#define ALGORITHM 6 /* characters of sha256, sha512 */

/* What is still to come: the letter, and four digits if that is a u. */
enum { ESCAPE_NONE = 0, ESCAPE_LETTER = 5 };

static int
digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* A colon: whether what stands before it is an algorithm. */
static bool
begins(struct digest_scan *s)
{
	if (s->len != ALGORITHM)
		return false;
	if (!memcmp(s->text, "sha256", ALGORITHM))
		s->want = ALGORITHM + 1 + 64;
	else if (!memcmp(s->text, "sha512", ALGORITHM))
		s->want = ALGORITHM + 1 + 128;
	else
		return false;
	s->text[s->len++] = ':';
	return true;
}

/* A character by its meaning, escaped or not. */
static void
take(struct digest_scan *s, char c)
{
	if (s->want) {
		if (digit(c) >= 0 && s->len < s->want) {
			s->text[s->len++] = c;
			return;
		}
		s->text[s->len] = '\0';
		if (s->len == s->want && digit(c) < 0)
			s->found(s->of, s->text);
		s->want = s->len = 0;
	}
	if (c == ':' && begins(s))
		return;
	if (s->len == ALGORITHM)
		memmove(s->text, s->text + 1, --s->len);
	s->text[s->len++] = c;
}

/* One behind a backslash: true when it was of the escape. */
static bool
escaped(struct digest_scan *s, char c)
{
	int n = digit((char)(c >= 'A' && c <= 'F' ? c + ('a' - 'A') : c));

	if (s->escape == ESCAPE_LETTER) {
		s->escape = c == 'u' ? ESCAPE_LETTER - 1 : ESCAPE_NONE;
		s->code = 0;
		if (c != 'u')
			take(s, c == '/' ? c : ' ');
		return true;
	}
	if (n < 0) {
		s->escape = ESCAPE_NONE;
		return false;
	}
	s->code = s->code << 4 | (unsigned)n;
	if (!--s->escape)
		take(s, s->code > 0 && s->code < 0x80 ? (char)s->code : ' ');
	return true;
}

void
digest_scan_run(struct digest_scan *s, const char *p, size_t n)
{
	for (const char *end = p + n; p < end; p++)
		if (s->escape && escaped(s, *p))
			continue;
		else if (*p == '\\')
			s->escape = ESCAPE_LETTER;
		else
			take(s, *p);
}

void
digest_scan_end(struct digest_scan *s)
{
	take(s, ' ');
}
