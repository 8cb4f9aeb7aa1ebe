/* SPDX-License-Identifier: ISC */
/*
 * What each layer would do, on standard output, and nothing else done: a sink
 * that plans the tree, so that it fails where unpacking would.
 */
#ifndef UNPACK_OUTPUT_LIST_H
#define UNPACK_OUTPUT_LIST_H

#include <stdbool.h>

struct manifest;
struct sink;

/* As a table for people, or as JSON, an object a line. */
struct sink *list_new(const struct manifest *m, bool table);

#endif
