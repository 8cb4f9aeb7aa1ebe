/* SPDX-License-Identifier: ISC */
/* What lower layers have in the plan, removed. */
#ifndef UNPACK_PLAN_HIDE_H
#define UNPACK_PLAN_HIDE_H

struct item;
struct plan;

/* What is at name in a directory; all but the layer's in it, if NULL. */
void plan_hide(struct plan *p, struct item *dir, const char *name);

#endif
