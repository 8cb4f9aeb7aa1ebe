/* SPDX-License-Identifier: ISC */
/*
 * The order in which a plan's names come in an archive.  Files come as the
 * layers have them, for each is read once, and so a directory may get some,
 * be left, and get more.  Readers give a directory its time and mode when
 * they leave it.  Of those that are left and come again that is to be known
 * before, for such a directory is archived twice: so that it can be written
 * to, and behind all else as it is to be.
 */
#ifndef UNPACK_OUTPUT_ORDER_H
#define UNPACK_OUTPUT_ORDER_H

#include <stdbool.h>

struct item;
struct plan;

/* Call it once, after plan_names. */
void order_plan(struct plan *p);

/* Whether a directory has to come again at the end; the root always has. */
bool order_again(const struct item *dir);

/* Whether it came: what this returned before it was called. */
bool order_came(struct item *dir);

#endif
