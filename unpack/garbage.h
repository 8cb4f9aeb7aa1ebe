/* SPDX-License-Identifier: ISC */
/* What nobody uses in directories of layers and of files. */
#ifndef UNPACK_GARBAGE_H
#define UNPACK_GARBAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "unpack/rootless.h"

struct option_list;
struct platform;

struct garbage {
	const struct option_list *keep; /* images whose layers stay */
	struct platform *platform;      /* of these; NULL: this machine's */
	enum rootless rootless;
	bool dry; /* only print */
};

/* Remove it from all of them, and print it, see oci-unpack(1).  Dies. */
void garbage_remove(const struct garbage *g, char *const *paths, size_t n);

#endif
