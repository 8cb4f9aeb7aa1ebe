/* SPDX-License-Identifier: ISC */
/* Servers that want to be left alone for a while (RFC 9110, 10.2.3). */
#ifndef FETCH_REGISTRY_PAUSE_H
#define FETCH_REGISTRY_PAUSE_H

#include <stdint.h>

struct address;
struct pause;

/* Milliseconds of the clock that all waits are measured by. */
int64_t clock_now(void);

/*
 * Add to a list, which is NULL when it is empty: that server isn't to be asked
 * before until.
 */
void pause_set(struct pause **list, const struct address *a, int64_t until);

/* When the server may be asked again, or 0 where nothing was said. */
int64_t pause_end(const struct pause *list, const struct address *a);
void pause_free(struct pause *list);

#endif
