/* SPDX-License-Identifier: ISC */
/* What is on standard input in place of an archive. */
#ifndef LIB_NOTAR_H
#define LIB_NOTAR_H

#define NOTAR_FIRST 64 /* bytes that tell what an input is */

/*
 * Nothing of standard input was understood, for this reason: die, saying what
 * it may be by its first NOTAR_FIRST bytes, zeros behind a shorter one's.  The
 * last of them is overwritten.
 */
_Noreturn void notar_die(unsigned char *first, const char *why);

/* It ended without a byte, or with the end of an archive alone. */
_Noreturn void notar_die_empty(void);

#endif
