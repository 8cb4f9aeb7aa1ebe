/* SPDX-License-Identifier: ISC */
/* The names that a directory of objects has, and no other has all of them. */
#ifndef UNPACK_OBJECTS_NAMES_H
#define UNPACK_OBJECTS_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#define NAMES_FIRST 2 /* digits of the digest that make a directory */
#define NAMES_REST 62 /* and those that make the name in it */

/* Whether a name is so many digits. */
bool names_digits(const char *name, size_t n);

/* Die when the directory, that is called path, is one of something else. */
void names_check(const char *path, int dir);

#endif
