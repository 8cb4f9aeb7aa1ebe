/* SPDX-License-Identifier: ISC */
/* JSON is UTF-8; the names of files are any bytes. */
#include <stddef.h>

#include "ps/utf8.h"

/*
 * The length of the character at s, 0 when it is none: a stray byte, cut
 * off, longer than it need be, a surrogate, or beyond U+10FFFF (RFC 3629).
 */
static size_t
character(const unsigned char *s)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t len;

	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	len = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	if (s[0] == 0xe0)
		low = 0xa0;
	else if (s[0] == 0xed)
		high = 0x9f;
	else if (s[0] == 0xf0)
		low = 0x90;
	else if (s[0] == 0xf4)
		high = 0x8f;
	if (s[1] < low || s[1] > high)
		return 0;
	for (size_t i = 2; i < len; i++)
		if (s[i] < 0x80 || s[i] > 0xbf)
			return 0;
	return len;
}

void
utf8_write(FILE *f, const char *s)
{
	size_t n;

	while (*s) {
		n = character((const unsigned char *)s);
		if (n)
			fwrite(s, 1, n, f);
		else
			fputs("\xef\xbf\xbd", f);
		s += n ? n : 1;
	}
}
