/* SPDX-License-Identifier: ISC */
/* Sets of capabilities, capabilities(7): bit N is capability number N. */
#ifndef BUNDLE_CAPABILITY_H
#define BUNDLE_CAPABILITY_H

#include <stdint.h>

struct cJSON;

#define CAPABILITIES_ALL UINT64_MAX

/* What a container has when nobody says anything. */
extern const uint64_t capabilities_default;

/* The set of "NET_RAW", "cap_net_raw" or "ALL"; 0 when there is none. */
uint64_t capability_parse(const char *name);

/*
 * What --cap-add and --cap-drop leave, in whatever order they came: dropping
 * ALL is where one starts from nothing.
 */
uint64_t capabilities_change(uint64_t add, uint64_t drop);

/* The array of names, in the order of their numbers. */
struct cJSON *capabilities_json(uint64_t set);

#endif
