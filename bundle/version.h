/* SPDX-License-Identifier: ISC */
/* The version of the runtime specification that a config.json needs. */
#ifndef BUNDLE_VERSION_H
#define BUNDLE_VERSION_H

struct cJSON;

/*
 * The lowest that has every property used, of those that oci-mkbundle writes
 * or takes from a file: a runtime that is older than it must be refuses no
 * bundle that it could run.  Static.
 */
const char *version_needed(const struct cJSON *config);

#endif
