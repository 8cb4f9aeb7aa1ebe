/* SPDX-License-Identifier: ISC */
/* Which programs these are, for reports of what is wrong with them. */
#ifndef LIB_VERSION_H
#define LIB_VERSION_H

/*
 * "0.1.0", or "0.1.0 (COMMIT)" where it was known when they were built.  Not
 * in lib.a: a commit is no reason to link anything but the programs anew.
 */
extern const char version[];

#endif
