/* SPDX-License-Identifier: ISC */
/* Which blobs share connections with others: HTTP/2. */
#ifndef FETCH_IMAGE_SHARING_H
#define FETCH_IMAGE_SHARING_H

#include <stdbool.h>

struct descriptor;
struct loop;
struct plan;

/* Whether any of a plan do: there have to be many of those that may. */
bool sharing_pays(const struct plan *plan, const struct loop *loop);

/* Whether a blob may. */
bool sharing_fits(const struct descriptor *blob);

#endif
