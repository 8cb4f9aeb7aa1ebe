/* SPDX-License-Identifier: ISC */
/* What lower layers have, hidden by a layer on top of them. */
#ifndef UNPACK_LAYERS_HIDE_H
#define UNPACK_LAYERS_HIDE_H

struct stack;
struct view_node;

/*
 * Hide what is at name in a directory; all in it, but this layer's, if NULL.
 * Dies.
 */
void hide_below(struct stack *s, struct view_node *dir, const char *name);

/* Whatever is there goes, be it this layer's. */
void hide_all(struct stack *s, struct view_node *dir, const char *name);

/* A directory of this layer shows nothing of those below. */
void hide_opaque(struct stack *s, struct view_node *node);

#endif
