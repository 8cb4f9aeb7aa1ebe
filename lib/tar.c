/* SPDX-License-Identifier: ISC */
/* Tar header blocks: numbers of any size, reading and making. */
#include "lib/tar.h"

#include <string.h>

_Static_assert(sizeof(struct tarheader) == TAR_BLOCK, "a header is a block");

bool
tar_header_read(const unsigned char *block, struct tarheader *h)
{
	int64_t sum;

	memcpy(h, block, sizeof *h);
	return tar_number(h->chksum, sizeof h->chksum, &sum) == 0 &&
	       (sum == tarheader_sum(h) || sum == tarheader_signed_sum(h));
}

bool
tar_block_zero(const unsigned char *block)
{
	return !block[0] && !memcmp(block, block + 1, TAR_BLOCK - 1);
}

/* Two's complement, big-endian, the top bit of the first byte set. */
static int
number_base256(const unsigned char *p, size_t len, int64_t *value)
{
	uint64_t sign = p[0] & 0x40 ? UINT64_MAX : 0;
	uint64_t v = sign << 6 | (p[0] & 0x3f);

	for (size_t i = 1; i < len; i++) {
		/* Nine bits go out, all of them copies of the sign. */
		if (v >> 55 != sign >> 55)
			return -1;
		v = v << 8 | p[i];
	}
	*value = (int64_t)v;
	return 0;
}

int
tar_number(const char *field, size_t len, int64_t *value)
{
	const char *start, *end = field + len;
	int64_t v = 0;

	if (len && *field & 0x80)
		return number_base256((const unsigned char *)field, len, value);
	while (field < end && *field == ' ')
		field++;
	start = field;
	for (; field < end && *field >= '0' && *field <= '7'; field++) {
		if (v >> 60)
			return -1;
		v = v << 3 | (*field - '0');
	}
	while (field < end && *field == ' ')
		field++;
	if (field < end && *field)
		return -1;
	/* Some readers end at a NUL, some go on to the digits behind it. */
	if (field == start)
		while (field < end)
			if (*field++)
				return -1;
	*value = v;
	return 0;
}

void
tar_number_set(char *field, size_t len, int64_t value)
{
	bool octal = value >> 3 * (len - 1) == 0;

	field[--len] = octal ? 0 : (char)value;
	if (!octal)
		value >>= 8;
	while (len--) {
		field[len] = octal ? (char)('0' | (value & 7)) : (char)value;
		value >>= octal ? 3 : 8;
	}
	if (!octal)
		field[0] |= (char)0x80;
}

void
tar_header_make(unsigned char block[TAR_BLOCK], const char *name, char type,
    unsigned mode, int64_t size)
{
	struct tarheader *h = (struct tarheader *)block;

	memset(h, 0, sizeof *h);
	memcpy(h->name, name, strnlen(name, sizeof h->name));
	tar_number_set(h->mode, sizeof h->mode, mode);
	tar_number_set(h->uid, sizeof h->uid, 0);
	tar_number_set(h->gid, sizeof h->gid, 0);
	tar_number_set(h->size, sizeof h->size, size);
	tar_number_set(h->mtime, sizeof h->mtime, 0);
	tar_number_set(h->devmajor, sizeof h->devmajor, 0);
	tar_number_set(h->devminor, sizeof h->devminor, 0);
	h->typeflag = type;
	tarheader_finish(h);
}

int
tar_decimal(const char *s, const char **end, int64_t *value)
{
	int64_t v = 0;

	if (*s < '0' || *s > '9')
		return -1;
	for (; *s >= '0' && *s <= '9'; s++)
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, *s - '0', &v))
			return -1;
	*end = s;
	*value = v;
	return 0;
}
