/* SPDX-License-Identifier: ISC */
/* Where an image is asked for, in which order. */
#ifndef FETCH_REGISTRY_ENDPOINTS_H
#define FETCH_REGISTRY_ENDPOINTS_H

#include <stdbool.h>

struct registries;
struct registry;

/*
 * The registry's list: its mirrors, and those that the files have, and itself.
 * Dies of a mirror that can't be one, and of a registry that the files block,
 * unless there is a mirror to ask.  plain: no option says how to do TLS; by
 * http where they are on this machine.
 */
void endpoints_make(
    struct registry *r, const struct registries *conf, bool plain);
void endpoints_free(struct registry *r);

#endif
