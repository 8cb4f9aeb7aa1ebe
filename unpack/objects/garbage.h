/* SPDX-License-Identifier: ISC */
/* Objects that no tree has. */
#ifndef UNPACK_OBJECTS_GARBAGE_H
#define UNPACK_OBJECTS_GARBAGE_H

#include <stdbool.h>

/*
 * Remove the objects in the directory dir that nothing else shares, and print
 * each, an object of JSON a line; dry: only print.  Dies.
 */
void objects_garbage(const char *path, int dir, bool dry);

#endif
