/* SPDX-License-Identifier: ISC */
/* The state of a container as JSON: in its file, and for others. */
#ifndef LIB_STATEJSON_H
#define LIB_STATEJSON_H

#include "lib/json.h"

struct state;

/* What state.json has, oci-state(5); the caller's, as the next. */
cJSON *state_json(const struct state *s);

/*
 * What is told of a container (runtime-spec runtime.md, "State"), with what
 * runc adds.  There is no pid where there is no process.
 */
cJSON *state_json_public(const struct state *s);

/*
 * Fill s, of zeros, from what state.json has: 0, or -1 with a reason; either
 * way state_free takes it.
 */
int state_parse(const cJSON *json, struct state *s, const char **why);

#endif
