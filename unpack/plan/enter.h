/* SPDX-License-Identifier: ISC */
/* Directories of the plan by name. */
#ifndef UNPACK_PLAN_ENTER_H
#define UNPACK_PLAN_ENTER_H

#include "unpack/apply/sink.h"

/* What is in p->entered then, see sink.h. */
const struct sink_dir *plan_enter(
    struct sink *s, const char *path, enum enter how);

#endif
