/* SPDX-License-Identifier: ISC */
/* A bundle's root file system: one that it has, or that is made. */
#ifndef BUNDLE_ROOT_H
#define BUNDLE_ROOT_H

#include <stdbool.h>

struct cJSON;
struct making;
struct options;
struct origin;

struct root {
	int fd;      /* where the image's users are looked up */
	bool made;   /* it is in the working directory, to be published */
	char *old;   /* the record of the one that it replaces, owned; NULL */
	int rootfs;  /* of layers: the directory that has it */
	char *names; /* of layers: theirs, owned; NULL: it is mounted */
	bool loose;  /* of layers: the mount isn't attached to anything */
};

/*
 * Find the one that the bundle has, or make it of an image for a platform,
 * which may be NULL.  Dies, also where the bundle has another image's and
 * isn't to have it replaced.
 */
void root_have(struct root *r, const struct options *o,
    const struct origin *from, struct making *m, const char *platform);

/*
 * Make a mount of layers one that nothing is written to, if the options ask for
 * that: with a place for all that config, the whole of config.json, mounts.
 * Dies, also where what is mounted already hasn't got one, or is read-only and
 * isn't to be.
 */
void root_settle(
    struct root *r, const struct options *o, const struct cJSON *config);

/* Whether its files are links of others' (lib/treemark.h): never to be written.
 */
bool root_shared(int root);

/*
 * Attach its mount, if it has one that isn't.  Last, for nothing takes it away
 * again: all else of the bundle is complete by then.
 */
void root_attach(const struct root *r);

#endif
