/* SPDX-License-Identifier: ISC */
/*
 * Tar header blocks (POSIX ustar, pax(1); GNU).  lib/tarheader.h knows the
 * fields and their checksum; numbers beyond octal are done here.
 */
#ifndef LIB_TAR_H
#define LIB_TAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/tarheader.h"

#define TAR_BLOCK 512

/* Copy a block to *h; false when its checksum is wrong. */
bool tar_header_read(const unsigned char *block, struct tarheader *h);

/* Whether a block is all zeros: two of them end an archive. */
bool tar_block_zero(const unsigned char *block);

/*
 * A number field: octal with or without its NUL, base-256, or nothing at all
 * for 0.  0, or -1 for what is no number or too large.
 */
int tar_number(const char *field, size_t len, int64_t *value);

/* Octal digits and a NUL where they fit, else base-256. */
void tar_number_set(char *field, size_t len, int64_t value);

/*
 * Fill block with the header of a regular file (type '0') or a directory
 * ('5'): owner 0, time 0, no names, so that equal input gives equal bytes.
 * name has at most 100 bytes.  Sizes of 8 GiB and more go in base-256.
 */
void tar_header_make(unsigned char block[TAR_BLOCK], const char *name,
    char type, unsigned mode, int64_t size);

/* Zeros that follow size bytes of a member. */
static inline size_t
tar_padding(int64_t size)
{
	return (size_t)(-size & (TAR_BLOCK - 1));
}

/* A decimal number of 0 and more, and what is behind it in *end. */
int tar_decimal(const char *s, const char **end, int64_t *value);

#endif
