/* SPDX-License-Identifier: ISC */
/* The hooks of a container (config.md, "POSIX-platform Hooks"). */
#ifndef RUN_HOOKS_HOOKS_H
#define RUN_HOOKS_HOOKS_H

#include <stdbool.h>
#include <sys/types.h>

#include "run/spec/spec.h"

struct state;

/*
 * In all of these lists are the HOOK_POINTS ones of struct spec, state is the
 * container's, which is given to each hook with the status of the point and
 * the pid.
 */

bool hooks_any(const struct hook_list *lists, enum hook_point point);

/*
 * Run those of a point in the namespaces of this process, its working directory
 * the bundle, one after the other; when one fails, die with its name and what
 * it printed last.  The end of the process of pidfd is that of a hook, too,
 * unless it is -1.
 */
void hooks_run(const struct hook_list *lists, enum hook_point point,
    const struct state *state, pid_t pid, int pidfd);

/*
 * The same in the container's first process.  A hook calls last(arg) before it
 * is executed.  bundle: its working directory is that, else this process's.
 */
void hooks_run_inside(const struct hook_list *lists, enum hook_point point,
    const struct state *state, bool bundle, void (*last)(const void *arg),
    const void *arg);

/*
 * Run those of poststop, and go on with a warning where one fails.  False when
 * a signal came that ends a program, and not all of them ran.
 */
bool hooks_poststop(const struct hook_list *lists, const struct state *state);

#endif
