/* SPDX-License-Identifier: ISC */
/* One try of a request: what is sent, and what is left of it. */
#ifndef FETCH_REGISTRY_TRY_H
#define FETCH_REGISTRY_TRY_H

#include <curl/curl.h>

struct request;

/* Make the request's easy, for the loop to perform. */
void try_start(struct request *q);

/*
 * It ended in code: of the try its answer is left, and what it tells about the
 * server is kept.
 */
void try_end(struct request *q, CURLcode code);

#endif
