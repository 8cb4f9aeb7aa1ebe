/* SPDX-License-Identifier: ISC */
/* The block function of SHA-256 (FIPS 180-4, 6.2.2) by the processor. */
#ifndef LIB_SHA256_H
#define LIB_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether this processor has the instructions; else don't call the others. */
bool sha256_by_instructions(void);

/* Take n blocks of 64 bytes into the eight words of state. */
void sha256_blocks(uint32_t state[8], const unsigned char *p, size_t n);

/* As many of another text, too, in little more time than one takes. */
void sha256_blocks_two(uint32_t state[8], const unsigned char *p,
    uint32_t other[8], const unsigned char *q, size_t n);

#endif
