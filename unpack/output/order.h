/* SPDX-License-Identifier: ISC */
/*
 * The order in which a plan's names come in an archive.  Files come as the
 * layers have them, for each is read once, and so a directory may get some, be
 * left, and get more.  Readers give a directory its time and mode when they
 * leave it: one that is entered again has to come behind all files.  Before
 * them it can't come, too: some readers refuse a name that comes twice.
 */
#ifndef UNPACK_OUTPUT_ORDER_H
#define UNPACK_OUTPUT_ORDER_H

#include <stdbool.h>

struct item;
struct plan;

/* Call it once, after plan_names. */
void order_plan(struct plan *p);

/* Whether a directory has to come behind all files; the root always has. */
bool order_late(const struct item *dir);

/* Whether it has come by now: this is false once, and true from then on. */
bool order_came(struct item *dir);

#endif
