/* SPDX-License-Identifier: ISC */
/* The places in a root file system that a container's mounts need. */
#ifndef BUNDLE_POINTS_H
#define BUNDLE_POINTS_H

#include <stdbool.h>

struct cJSON;

/*
 * Make what is missing of the places that config.json, all of it, mounts on or
 * starts in: directories and empty files, as a runtime does.  What can't be
 * made is the runtime's to say.
 */
void points_make(int root, const struct cJSON *config);

/* Such a place that is missing, in words of config; NULL: none is. */
const char *points_lack(int root, const struct cJSON *config);

#endif
