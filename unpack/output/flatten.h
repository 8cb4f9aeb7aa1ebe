/* SPDX-License-Identifier: ISC */
/* An image whose tree was planned, as one archive. */
#ifndef UNPACK_OUTPUT_FLATTEN_H
#define UNPACK_OUTPUT_FLATTEN_H

struct applying;
struct input;
struct plan;

/*
 * Read the layers that have files of the plan again, and write the tree to fd.
 * Whatever is read is verified again.  The archive gets its end when all was
 * written; dies else.
 */
void flatten(struct plan *p, struct input *in, struct applying *a, int fd);

#endif
