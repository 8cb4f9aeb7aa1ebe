/* SPDX-License-Identifier: ISC */
/* The [[registry]] tables of a registries.conf. */
#ifndef FETCH_CONFIG_RULES_H
#define FETCH_CONFIG_RULES_H

#include <cjson/cJSON.h>

struct registries;

/*
 * Add the rules of a file, whose tree that is, in place of those of the same
 * prefix that there are of files before; dies of what is wrong.
 */
void rules_add(struct registries *c, const char *file, const cJSON *root);

#endif
