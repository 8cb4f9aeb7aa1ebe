/* SPDX-License-Identifier: ISC */
/*
 * Certificates as text (RFC 7468), each once: the directories of a machine
 * have most of theirs three times over, and to parse one is dear.
 */
#ifndef FETCH_REGISTRY_PEM_H
#define FETCH_REGISTRY_PEM_H

#include <stdbool.h>

#include "lib/buf.h"

/* One of zeros is empty and ready for use. */
struct pem {
	struct buf text; /* blocks from BEGIN to END, as they came, in order */
	void *known;     /* each of them, of tsearch(3) */
};

/*
 * Add the blocks of a text that aren't there yet.  What is around them is
 * left out; one that has no end is kept, to fail where it is read.
 */
void pem_add(struct pem *p, const char *text);

/* Whether all blocks of a text are there. */
bool pem_has(const struct pem *p, const char *text);
void pem_free(struct pem *p);

#endif
