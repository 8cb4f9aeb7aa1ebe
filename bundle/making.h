/* SPDX-License-Identifier: ISC */
/*
 * A bundle on its way.  What is made for it lies in a directory of its own
 * until all of it is there: .BUNDLE.new beside a bundle that isn't there yet,
 * which is renamed, or BUNDLE/.new.  One process at a time is at work on a
 * bundle; its lock, which oci-unpack inherits, goes along when .BUNDLE.new gets
 * its name.  All of these die, and the end of the process undoes what wasn't
 * published, the bundle's time included.
 */
#ifndef BUNDLE_MAKING_H
#define BUNDLE_MAKING_H

#include <sys/stat.h>

#include "bundle/work.h"
#include "lib/directory.h"

struct cJSON;

struct making {
	const char *path; /* as the user names it */
	struct directory place;
	int bundle;         /* locked; -1: it isn't there yet */
	struct stat before; /* of the bundle */
	struct work work;
};

/* Lock the bundle or its place, and clean up what a killed run left. */
void making_open(struct making *m, const char *path, const char *rootless);

/* The last component of the bundle's path, owned; NULL where there is none. */
char *making_name(const struct making *m);

/* The directory of what is made, opened if need be. */
int making_work(struct making *m);

/* The descriptor that has the lock. */
int making_lock(const struct making *m);

/*
 * Publish: the new bundle; or config.json in the one that is there, unless it
 * has that text.  With root_of, the digest of an image, work has a rootfs of
 * that, which takes the place of one that is there, whose digest is old_of, in
 * one step; the old one is removed.
 */
void making_publish(struct making *m, const struct cJSON *config,
    const char *root_of, const char *old_of, const char *platform);

#endif
