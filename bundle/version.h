/* SPDX-License-Identifier: ISC */
/* The version of the runtime specification that a config.json needs. */
#ifndef BUNDLE_VERSION_H
#define BUNDLE_VERSION_H

struct cJSON;

/*
 * The lowest version that knows every property of config, so that no runtime
 * refuses a bundle that it could run.  Static.
 */
const char *version_needed(const struct cJSON *config);

#endif
