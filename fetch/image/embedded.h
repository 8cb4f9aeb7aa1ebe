/* SPDX-License-Identifier: ISC */
/* Blobs that stand in their own descriptors (image-spec descriptor.md, data).
 */
#ifndef FETCH_IMAGE_EMBEDDED_H
#define FETCH_IMAGE_EMBEDDED_H

struct descriptor;

/*
 * The bytes that the descriptor has of its blob, of its size and digest, with
 * a NUL behind them; owned.  NULL: it has none.  Wrong ones get a warning, and
 * are none.
 */
char *embedded_data(const struct descriptor *d);

#endif
