/* SPDX-License-Identifier: ISC */
/*
 * Deflated data (RFC 1951) and the checksum of gzip (RFC 1952, 8), by one of
 * two libraries: ISA-L where the build finds it, or zlib.  Sound data is the
 * same to both.  Damaged data isn't: there are cases in which ISA-L ends where
 * zlib refuses, and then the checksum, the length and the diff_id, which are
 * held against what came out, decide.  gzip.c has what is around it.
 */
#ifndef UNPACK_INPUT_INFLATE_H
#define UNPACK_INPUT_INFLATE_H

#include <stddef.h>
#include <stdint.h>

struct inflater;

enum inflated {
	INFLATED_MORE, /* the input is used up, or the room is */
	INFLATED_END,  /* of the data: the input is right behind it */
	INFLATED_WRONG
};

/* NULL: there is no memory. */
struct inflater *inflater_new(void);
void inflater_free(struct inflater *i);

/* What comes is the beginning of other data. */
void inflater_reset(struct inflater *i);

/*
 * Inflate from the input to where there is room; all four values move on.
 * Further input may be given only after it was used up and there still was
 * room: so what is left of it at the end was in the last that was given.
 */
enum inflated inflater_run(struct inflater *i, const unsigned char **in,
    size_t *avail, unsigned char **out, size_t *room);

/* The checksum, 0 of nothing, with some bytes more. */
uint32_t inflater_crc(uint32_t crc, const unsigned char *p, size_t n);

/* As in "zlib/1.2.13". */
const char *inflater_library(void);

#endif
