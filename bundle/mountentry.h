/* SPDX-License-Identifier: ISC */
/* Mounts (runtime-spec config.md, "Mounts"). */
#ifndef BUNDLE_MOUNTENTRY_H
#define BUNDLE_MOUNTENTRY_H

struct cJSON;

/* An entry of the array mounts; options are separated by commas. */
struct cJSON *mountentry_make(const char *destination, const char *type,
    const char *source, const char *options);

/*
 * Append to mounts, or put in the place of what is mounted at the same
 * destination, so that a default gives way where it stood.
 */
void mountentry_put(struct cJSON *mounts, struct cJSON *mount);

#endif
