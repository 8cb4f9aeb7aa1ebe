/* SPDX-License-Identifier: ISC */
/*
 * Digests: mbedtls's, with the block function of SHA-256 done by the
 * processor where it can.  The instructions are about nine times as fast as
 * mbedtls 2.28's portable code, and layers are hashed once or twice each.
 */
#include <stdio.h>
#include <string.h>

#include <mbedtls/version.h>

#include "lib/digest.h"
#include "lib/sha256.h"

const char *
digest_library(void)
{
	static char text[32] = "mbedtls/";

	mbedtls_version_get_string(text + strlen("mbedtls/"));
	return text;
}

bool
digest_valid(const char *s)
{
	size_t want;

	if (strncmp(s, "sha256:", 7) == 0)
		want = 64;
	else if (strncmp(s, "sha512:", 7) == 0)
		want = 128;
	else
		return false;
	s += 7;
	return strspn(s, "0123456789abcdef") == want && s[want] == '\0';
}

bool
digest_of_name(const char *name, char *digest)
{
	char *dash;

	if (strlen(name) >= DIGEST_MAX)
		return false;
	strcpy(digest, name);
	dash = strchr(digest, '-');
	if (dash)
		*dash = ':';
	return dash && digest_valid(digest);
}

const char *
digest_hex(const char *s)
{
	return s + sizeof "sha256:" - 1;
}

void
digest_init(struct digest *d, const char *like)
{
	d->sha512 = like && strncmp(like, "sha512:", 7) == 0;
	if (d->sha512) {
		mbedtls_sha512_init(&d->c512);
		mbedtls_sha512_starts(&d->c512, 0);
	} else {
		mbedtls_sha256_init(&d->c256);
		mbedtls_sha256_starts(&d->c256, 0);
	}
}

/*
 * mbedtls counts bytes in total[] and keeps what is less than a block in
 * buffer: it is given the bytes before and after the run of whole blocks, and
 * the run is added to its state and its count here.
 */
static void
blocks_count(mbedtls_sha256_context *c, size_t blocks)
{
	uint64_t total = ((uint64_t)c->total[1] << 32 | c->total[0]);

	total += 64 * (uint64_t)blocks;
	c->total[0] = (uint32_t)total;
	c->total[1] = (uint32_t)(total >> 32);
}

/* Bytes up to which blocks begin; all of them where there is no whole one. */
static size_t
before_blocks(const mbedtls_sha256_context *c, size_t n)
{
	size_t head = -c->total[0] & 63;

	return sha256_by_instructions() && n >= head + 64 ? head : n;
}

static void
update_sha256(mbedtls_sha256_context *c, const unsigned char *p, size_t n)
{
	size_t head = before_blocks(c, n), blocks = (n - head) / 64;

	mbedtls_sha256_update(c, p, head);
	if (head == n)
		return;
	p += head;
	sha256_blocks(c->state, p, blocks);
	blocks_count(c, blocks);
	mbedtls_sha256_update(c, p + 64 * blocks, (n - head) % 64);
}

void
digest_update(struct digest *d, const void *p, size_t n)
{
	if (d->sha512)
		mbedtls_sha512_update(&d->c512, p, n);
	else
		update_sha256(&d->c256, p, n);
}

bool
digest_pair(const struct digest *a, const struct digest *b)
{
	return !a->sha512 && !b->sha512 && sha256_by_instructions();
}

void
digest_update_two(
    struct digest *a, const void *p, struct digest *b, const void *q, size_t n)
{
	mbedtls_sha256_context *x = &a->c256, *y = &b->c256;
	size_t i, j, blocks;

	i = digest_pair(a, b) ? before_blocks(x, n) : n;
	j = digest_pair(a, b) ? before_blocks(y, n) : n;
	blocks = (n - (i > j ? i : j)) / 64;
	digest_update(a, p, i);
	digest_update(b, q, j);
	p = (const unsigned char *)p + i;
	q = (const unsigned char *)q + j;
	if (blocks) {
		sha256_blocks_two(x->state, p, y->state, q, blocks);
		blocks_count(x, blocks);
		blocks_count(y, blocks);
	}
	digest_update(
	    a, (const unsigned char *)p + 64 * blocks, n - i - 64 * blocks);
	digest_update(
	    b, (const unsigned char *)q + 64 * blocks, n - j - 64 * blocks);
}

void
digest_final(struct digest *d, char text[DIGEST_MAX])
{
	unsigned char raw[64];
	size_t len = d->sha512 ? 64 : 32;
	char *at;

	if (d->sha512) {
		mbedtls_sha512_finish(&d->c512, raw);
		mbedtls_sha512_free(&d->c512);
	} else {
		mbedtls_sha256_finish(&d->c256, raw);
		mbedtls_sha256_free(&d->c256);
	}
	memcpy(text, d->sha512 ? "sha512:" : "sha256:", 8);
	at = text + 7;
	for (size_t i = 0; i < len; i++)
		at += sprintf(at, "%02x", raw[i]);
}

void
digest_of(const void *p, size_t n, const char *like, char text[DIGEST_MAX])
{
	struct digest d;

	digest_init(&d, like);
	digest_update(&d, p, n);
	digest_final(&d, text);
}
