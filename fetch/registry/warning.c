/* SPDX-License-Identifier: ISC */
/* What registries want their users to know. */
#include "fetch/registry/warning.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/die.h"
#include "lib/mem.h"

#define PREFIX "299 - \""
#define ALL_MAX 4096 /* bytes of all texts, as the specification has it */

/* The text in quotes; NULL: it isn't one, with nothing behind it. */
static char *
text_take(const char *line, size_t n)
{
	struct buf b = {0};
	const char *end = line + n, *s = line + strlen(PREFIX);

	if (n <= strlen(PREFIX) || strncmp(line, PREFIX, strlen(PREFIX)) != 0)
		return NULL;
	for (; s < end && *s != '"'; s++) {
		if (*s == '\\' && s + 1 < end)
			s++;
		buf_addc(&b, *s);
	}
	if (s + 1 == end && b.len)
		return buf_take(&b);
	buf_free(&b);
	return NULL;
}

/* Whether this text is new, and there is room for it. */
static bool
is_new(const char *text)
{
	static struct buf all; /* each with its NUL */
	size_t len = strlen(text) + 1;

	for (size_t i = 0; i < all.len; i += strlen(all.data + i) + 1)
		if (strcmp(all.data + i, text) == 0)
			return false;
	if (len > ALL_MAX - all.len)
		return false;
	buf_add(&all, text, len);
	return true;
}

void
warning_show(const char *host, const char *lines)
{
	size_t n;
	char *text;

	for (; *lines; lines += n + (lines[n] == '\n')) {
		n = strcspn(lines, "\n");
		text = text_take(lines, n);
		if (text && is_new(text))
			warn("%s says: %s", host, text);
		free(text);
	}
}
