/* SPDX-License-Identifier: ISC */
/*
 * oci-init as the container's first process, with the program of the bundle
 * as its child: for programs that don't reap, or that as process 1 would not
 * be ended by signals (pid_namespaces(7)).
 */
#ifndef RUN_CONTAINER_REAPER_H
#define RUN_CONTAINER_REAPER_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * A descriptor of oci-init, for an option.  self is argv[0]: oci-init is looked
 * for beside it, or where PATH has it.  Dies.
 */
int reaper_find(const char *self, const char *option);

/* In the parent: of a copy of oci-init that nobody can write to.  Dies. */
int reaper_open(const char *self);

/*
 * In the container's first process, when all but the exec is done: fork(2),
 * with no signal lost between the two.  The child leads the foreground job if
 * there is a terminal.  *executed, the parent's, is a pipe that ends when the
 * child has executed a program or has ended.  The parent keeps it and the
 * channel over the exec that it does next.  Dies.
 */
pid_t reaper_fork(bool terminal, int channel, int *executed);

/*
 * Then, in the parent: become the reaper of the program, which tells the
 * channel, of sync.h, if that was killed before it was executed.  Dies.
 */
_Noreturn void reaper_become(
    int reaper, pid_t program, int executed, int channel);

#endif
