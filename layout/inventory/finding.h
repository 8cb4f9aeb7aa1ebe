/* SPDX-License-Identifier: ISC */
/* What is wrong with a layout: found, collected, printed. */
#ifndef LAYOUT_INVENTORY_FINDING_H
#define LAYOUT_INVENTORY_FINDING_H

#include <stdbool.h>
#include <stddef.h>

struct finding {
	const char *kind; /* "damaged", "missing", ...: oci-layout-check(1) */
	char *path;       /* below the layout; NULL: none */
	char *digest;     /* NULL: of no blob */
	char *reason;
	char **images; /* that need it, by name or digest */
	size_t nimages;
	bool repaired;
};

struct findings {
	struct finding *all;
	size_t n;
	void *blobs; /* which of them are of a blob */
};

/* What is found already of the blob in this way gets the image, no more. */
void findings_blob(struct findings *f, const char *kind, const char *digest,
    const char *reason, const char *image);

/* A file; what is returned is good until the next is added. */
struct finding *findings_file(
    struct findings *f, const char *kind, const char *path, const char *reason);

/* Print an object a line.  True when one of them wasn't repaired. */
bool findings_print(const struct findings *f);
void findings_free(struct findings *f);

#endif
