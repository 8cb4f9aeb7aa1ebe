/* SPDX-License-Identifier: ISC */
/* The process's environment: the image's, then what the user changes. */
#ifndef BUNDLE_ENV_H
#define BUNDLE_ENV_H

#include <stdbool.h>

struct cJSON;

/*
 * Changes are an array of "NAME=VALUE", and of "NAME" for what is taken away.
 * Add what -e says: NAME alone has its value from our own environment, and is
 * taken away when it isn't there.  NULL, or what is wrong with it.
 */
const char *env_change_add(struct cJSON *changes, const char *text);

/*
 * Add each line of a file but comments (#) and empty ones: NULL, or what is
 * wrong with one.  Dies when the file can't be read.
 */
const char *env_change_add_file(struct cJSON *changes, const char *path);

/*
 * The array process.env: the image's Env (NULL when it has none), the changes,
 * and PATH where neither has it; of several entries of one name the last.
 * Dies when an entry of the image that stays is not NAME=VALUE, for runtimes
 * refuse that.
 */
struct cJSON *env_make(const struct cJSON *image, const struct cJSON *changes);

/* Add NAME=VALUE unless NAME is there. */
void env_default(struct cJSON *env, const char *name, const char *value);

#endif
