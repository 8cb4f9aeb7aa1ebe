/* SPDX-License-Identifier: ISC */
/* Layers that are applied on disk and in memory, by the code of oci-unpack. */
#ifndef T_FUZZ_APPLIED_H
#define T_FUZZ_APPLIED_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/buf.h"
#include "lib/options.h"
#include "t/fuzz/op.h"

struct applied {
	struct op ops[OPS_MAX];
	size_t n, layers;
	struct buf archives[LAYERS];
	struct option_list include, exclude; /* none: all is wanted */
	char text[64 << 10]; /* what was made, a line for each name, by path */
};

enum applied_where { APPLIED_PLAN, APPLIED_DISK };

/* Once, first. */
void applied_open(void);

/* From an input; to be freed. */
void applied_fill(struct applied *a, const unsigned char *data, size_t len);
void applied_free(struct applied *a);

/* Apply them: false when they are refused. */
bool applied_is(struct applied *a, enum applied_where where);

#endif
