/* SPDX-License-Identifier: ISC */
/* A file that is one JSON object, for whoever can't go on without it. */
#ifndef LIB_JSONFILE_H
#define LIB_JSONFILE_H

#include <stddef.h>

#include "lib/json.h"

/*
 * The object in the file name of the directory dirfd, or on standard input
 * when name is NULL; its text in *text, owned, and *len.  Dies, naming the file
 * as path, when it can't be read, is longer than max bytes (of MiB, a whole
 * number), or is none.
 */
cJSON *jsonfile_read(int dirfd, const char *name, const char *path, size_t max,
    char **text, size_t *len);

/* Likewise what somebody else has read of it; NULL: could not, with errno. */
cJSON *jsonfile_parse(
    const char *text, size_t len, const char *path, size_t max);

#endif
