/* SPDX-License-Identifier: ISC */
/* Base64 as others write it. */
#include "fetch/auth/base64.h"

#include <stdlib.h>
#include <string.h>

#include <mbedtls/base64.h>

#include "lib/buf.h"
#include "lib/mem.h"

#define ALPHABET                                                               \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

/*
 * The text without line breaks and with all of its padding, as mbedtls wants
 * it, which takes a last group that is cut short for nothing.  NULL: it is
 * something else.
 */
static char *
whole(const char *text)
{
	struct buf b = {0};
	size_t digits, padding;

	for (; *text; text++)
		if (*text != '\r' && *text != '\n')
			buf_addc(&b, *text);
	digits = b.len ? strspn(b.data, ALPHABET) : 0;
	padding = (4 - digits % 4) % 4;
	if (padding == 3 ||
	    (b.len != digits && (b.len != digits + padding ||
				    strspn(b.data + digits, "=") != padding))) {
		buf_free(&b);
		return NULL;
	}
	for (size_t i = b.len; i < digits + padding; i++)
		buf_addc(&b, '=');
	return buf_take(&b);
}

char *
base64_decode(const char *text, size_t *len)
{
	char *coded = whole(text), *plain;
	size_t n;

	if (!coded)
		return NULL;
	n = strlen(coded);
	plain = xmalloc(n + 1);
	if (mbedtls_base64_decode((unsigned char *)plain, n, len,
		(const unsigned char *)coded, n)) {
		free(plain);
		plain = NULL;
	} else {
		plain[*len] = '\0';
	}
	free(coded);
	return plain;
}

char *
base64_encode(const char *plain)
{
	size_t len = strlen(plain), max = 4 * (len / 3 + 1) + 1;
	unsigned char *coded = xmalloc(max);

	if (mbedtls_base64_encode(
		coded, max, &max, (const unsigned char *)plain, len))
		die("a user name or password is too long");
	return (char *)coded;
}
