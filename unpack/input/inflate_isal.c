/* SPDX-License-Identifier: ISC */
/* Deflated data, by ISA-L, in half the time. */
#include <stdbool.h>
#include <stdlib.h>

#include <isa-l.h>

#include "unpack/input/inflate.h"

struct inflater {
	struct inflate_state state;
	size_t taken; /* of the last input that was given */
};

struct inflater *
inflater_new(void)
{
	struct inflater *i = malloc(sizeof *i);

	if (i)
		inflater_reset(i);
	return i;
}

void
inflater_free(struct inflater *i)
{
	free(i);
}

void
inflater_reset(struct inflater *i)
{
	isal_inflate_init(&i->state);
	i->taken = 0;
}

/*
 * At the end of the data up to eight bytes that are behind it have been taken.
 * From 2.32.1 on the library gives them back, before this is to do it.
 */
static void
give_back(struct inflate_state *s)
{
	int unused = s->read_in_length / 8;

	s->next_in -= unused;
	s->avail_in += (uint32_t)unused;
}

enum inflated
inflater_run(struct inflater *i, const unsigned char **in, size_t *avail,
    unsigned char **out, size_t *room)
{
	struct inflate_state *s = &i->state;
	size_t given = i->taken + *avail;
	bool end;

	s->next_in = (unsigned char *)*in;
	s->avail_in = (uint32_t)*avail;
	s->next_out = *out;
	s->avail_out = (uint32_t)*room;
	if (isal_inflate(s) != ISAL_DECOMP_OK)
		return INFLATED_WRONG;
	end = s->block_state == ISAL_BLOCK_FINISH;
	if (end)
		give_back(s);
	if (s->avail_in > given) /* it can't be: see inflate.h */
		return INFLATED_WRONG;
	i->taken = s->avail_in || !s->avail_out ? given - s->avail_in : 0;
	*in = s->next_in;
	*avail = s->avail_in;
	*out = s->next_out;
	*room = s->avail_out;
	return end ? INFLATED_END : INFLATED_MORE;
}

uint32_t
inflater_crc(uint32_t crc, const unsigned char *p, size_t n)
{
	return crc32_gzip_refl(crc, p, n);
}

#define TEXT(major, minor, patch) "isa-l/" #major "." #minor "." #patch
#define VERSION_TEXT(major, minor, patch) TEXT(major, minor, patch)

/* The library doesn't tell: what it was built with. */
const char *
inflater_library(void)
{
	return VERSION_TEXT(
	    ISAL_MAJOR_VERSION, ISAL_MINOR_VERSION, ISAL_PATCH_VERSION);
}
