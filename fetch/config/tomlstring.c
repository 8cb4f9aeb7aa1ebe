/* SPDX-License-Identifier: ISC */
/* Strings and keys of TOML. */
#include <stdlib.h>
#include <string.h>

#include "fetch/config/tomlparse.h"
#include "lib/buf.h"
#include "lib/mem.h"

#define BARE                                                                   \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"                 \
	"0123456789_-"

/* A character by its number, as UTF-8; not one that no text has. */
static bool
code_add(struct toml *t, struct buf *b, unsigned long c)
{
	if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return toml_wrong(t, "an escape of what is no character");
	if (c < 0x80) {
		buf_addc(b, (char)c);
		return true;
	}
	if (c < 0x800) {
		buf_addc(b, (char)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			buf_addc(b, (char)(0xe0 | c >> 12));
		} else {
			buf_addc(b, (char)(0xf0 | c >> 18));
			buf_addc(b, (char)(0x80 | (c >> 12 & 0x3f)));
		}
		buf_addc(b, (char)(0x80 | (c >> 6 & 0x3f)));
	}
	buf_addc(b, (char)(0x80 | (c & 0x3f)));
	return true;
}

static bool
code_read(struct toml *t, struct buf *b, size_t digits)
{
	char text[9] = "";

	if ((size_t)(t->end - t->at) < digits)
		return toml_wrong(t, "a string without an end");
	memcpy(text, t->at, digits);
	if (strspn(text, "0123456789abcdefABCDEF") != digits)
		return toml_wrong(t, "an escape without its digits");
	t->at += digits;
	return code_add(t, b, strtoul(text, NULL, 16));
}

/* Behind a backslash. */
static bool
escape_read(struct toml *t, struct buf *b)
{
	static const char names[] = "btnfr\"\\", values[] = "\b\t\n\f\r\"\\";
	char c = t->at < t->end ? *t->at++ : '\0';
	const char *name = c ? strchr(names, c) : NULL;

	if (c == 'u' || c == 'U')
		return code_read(t, b, c == 'u' ? 4 : 8);
	if (!name)
		return toml_wrong(t, "an escape that isn't known");
	buf_addc(b, values[name - names]);
	return true;
}

/* The string that begins here with " or '; owned. */
char *
toml_string(struct toml *t)
{
	struct buf b = {0};
	char quote = *t->at++, c;

	if (t->end - t->at >= 2 && t->at[0] == quote && t->at[1] == quote) {
		toml_wrong(t, "strings of several lines aren't read");
		return NULL;
	}
	buf_adds(&b, "");
	while (t->at < t->end && *t->at != quote && !t->why) {
		c = *t->at++;
		if ((unsigned char)c < ' ' && c != '\t')
			toml_wrong(t, "a string without an end in its line");
		else if (c == '\\' && quote == '"')
			escape_read(t, &b);
		else
			buf_addc(&b, c);
	}
	if (!toml_take(t, quote))
		toml_wrong(t, "a string without an end");
	if (!t->why)
		return b.data ? buf_take(&b) : xstrdup("");
	buf_free(&b);
	return NULL;
}

static char *
part(struct toml *t)
{
	size_t n = 0;

	if (t->at < t->end && (*t->at == '"' || *t->at == '\''))
		return toml_string(t);
	while (t->at + n < t->end && t->at[n] && strchr(BARE, t->at[n]))
		n++;
	if (!n) {
		toml_wrong(t, "no key where there should be one");
		return NULL;
	}
	t->at += n;
	return xstrndup(t->at - n, n);
}

bool
toml_key(struct toml *t, struct toml_key *key)
{
	*key = (struct toml_key){0};
	if (++t->keys > TOML_KEYS_MAX)
		return toml_wrong(t, "too many keys");
	do {
		if (key->n == TOML_DEPTH_MAX)
			return toml_wrong(t, "a key of too many parts");
		toml_blank(t);
		key->parts[key->n] = part(t);
		if (!key->parts[key->n])
			return false;
		key->n++;
		toml_blank(t);
	} while (toml_take(t, '.'));
	return true;
}

void
toml_key_free(struct toml_key *key)
{
	for (size_t i = 0; i < key->n; i++)
		free(key->parts[i]);
	*key = (struct toml_key){0};
}
