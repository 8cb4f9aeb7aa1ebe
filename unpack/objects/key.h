/* SPDX-License-Identifier: ISC */
/* The names of objects. */
#ifndef UNPACK_OBJECTS_KEY_H
#define UNPACK_OBJECTS_KEY_H

#include "lib/digest.h"

struct objects;
struct tar_entry;
struct tree;

#define KEY_MAX (sizeof "sha256/XX/" + DIGEST_MAX)

/*
 * The path of an entry's object, whose content has that digest.  Where links
 * are shared everything enters that they have in common: owner, mode, time of
 * change and extended attributes.
 */
void key_make(char key[KEY_MAX], const struct tree *t,
    const struct tar_entry *e, const char *content);

#endif
