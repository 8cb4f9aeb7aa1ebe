/* SPDX-License-Identifier: ISC */
/* Resource limits of the command line (config.md, "process.rlimits"). */
#ifndef BUNDLE_RLIMIT_H
#define BUNDLE_RLIMIT_H

struct cJSON;

/*
 * Add --ulimit NAME=SOFT[:HARD] to the array, or put it in the place of an
 * earlier one of that name: "nofile=1024", "core=unlimited".  NULL, or what is
 * wrong with it.
 */
const char *rlimit_put(struct cJSON *rlimits, const char *text);

#endif
