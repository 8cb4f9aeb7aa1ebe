/* SPDX-License-Identifier: ISC */
/* Directories of a stack of layers by name. */
#ifndef UNPACK_LAYERS_ENTER_H
#define UNPACK_LAYERS_ENTER_H

#include "unpack/apply/sink.h"

struct stack;

/* What is in s->entered then, see sink.h. */
const struct sink_dir *stack_enter(
    struct stack *s, const char *path, enum enter how);

#endif
