/* SPDX-License-Identifier: ISC */
/* Whose credentials: the keys of files that hold them. */
#ifndef FETCH_AUTH_AUTHKEY_H
#define FETCH_AUTH_AUTHKEY_H

#include <cjson/cJSON.h>

/*
 * The member of map, of auths or credHelpers, whose key says name, HOST or
 * HOST/PATH: just so, or else in another form (as a URL; of Docker's hub as
 * any of its names), or else as HOST with the path of its API, HOST/v1/, which
 * might be a name as well.  NULL: none, or map is no object.
 */
const cJSON *authkey_find(const cJSON *map, const char *name);

#endif
