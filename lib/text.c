/* SPDX-License-Identifier: ISC */
/* Text from outside, made fit for a terminal. */
#include "lib/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

size_t
text_character(const char *s)
{
	const unsigned char *u = (const unsigned char *)s;
	unsigned char low = 0x80, high = 0xbf;
	size_t len;

	if (u[0] < 0x80)
		return 1;
	if (u[0] < 0xc2 || u[0] > 0xf4)
		return 0;
	len = u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;
	/* Second bytes that would make it overlong, a surrogate, too great. */
	if (u[0] == 0xe0)
		low = 0xa0;
	else if (u[0] == 0xed)
		high = 0x9f;
	else if (u[0] == 0xf0)
		low = 0x90;
	else if (u[0] == 0xf4)
		high = 0x8f;
	if (u[1] < low || u[1] > high)
		return 0;
	for (size_t i = 2; i < len; i++)
		if (u[i] < 0x80 || u[i] > 0xbf)
			return 0;
	return len;
}

/* The code point of a character of len bytes. */
static uint32_t
code_point(const char *s, size_t len)
{
	uint32_t c = (unsigned char)*s;

	if (len > 1)
		c &= 0x7fU >> len;
	for (size_t i = 1; i < len; i++)
		c = c << 6 | ((unsigned char)s[i] & 0x3f);
	return c;
}

static bool
is_harmful(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
	    {0x0000, 0x001f}, /* C0 */
	    {0x007f, 0x009f}, /* DEL, C1: U+009B begins what ESC [ does */
	    {0x061c, 0x061c}, /* the Arabic letter mark */
	    {0x200e, 0x200f}, /* marks of left to right, right to left */
	    {0x2028, 0x202e}, /* separators; embeddings and overrides */
	    {0x2066, 0x206f}, /* isolates, and what was deprecated */
	};

	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return false;
}

void
text_safe(char *s)
{
	char *to = s;
	size_t n;

	while (*s) {
		n = text_character(s);
		if (n == 0 || is_harmful(code_point(s, n))) {
			*to++ = '?';
			s += n ? n : 1;
			continue;
		}
		memmove(to, s, n);
		to += n;
		s += n;
	}
	*to = '\0';
}

void
text_write_json(FILE *f, const char *json)
{
	uint32_t c;
	size_t n;

	for (; *json; json += n ? n : 1) {
		n = text_character(json);
		c = n ? code_point(json, n) : 0xfffd;
		if (c == '\n' || c == '\t')
			putc((int)c, f); /* between values */
		else if (n == 0 || is_harmful(c))
			fprintf(f, "\\u%04x", (unsigned)c);
		else
			fwrite(json, 1, n, f);
	}
}
