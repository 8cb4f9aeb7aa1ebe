/* SPDX-License-Identifier: ISC */
/* Which failures are worth another try, and when. */
#ifndef FETCH_REGISTRY_RETRY_H
#define FETCH_REGISTRY_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#include <curl/curl.h>

struct address;
struct transport;

/*
 * After the try number done (from 1) ended in code, or in an HTTP status: the
 * milliseconds to wait before the next, or -1 when there should be none.  429
 * and 503 with Retry-After are waited for as long as they ask, if that is not
 * unreasonably long.  A server that could not be reached at all is tried
 * again only when it has been reached before.
 */
long retry_delay(CURL *easy, CURLcode code, unsigned done, bool reached);

/*
 * When a wait that begins now, after an answer of that status, ends.  Nothing
 * else either is to be asked of a server before that is too busy.
 */
int64_t retry_later(
    struct transport *t, const struct address *server, long status, long wait);

#endif
