/* SPDX-License-Identifier: ISC */
/* Where an image is asked for, in which order. */
#ifndef FETCH_REGISTRY_ENDPOINTS_H
#define FETCH_REGISTRY_ENDPOINTS_H

#include <stdbool.h>

struct registry;

/*
 * The registry's list: its mirrors, and itself.  Dies of a mirror that can't be
 * one.  plain: by http where they are on this machine.
 */
void endpoints_make(struct registry *r, bool plain);
void endpoints_free(struct registry *r);

#endif
