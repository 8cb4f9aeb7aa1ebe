/* SPDX-License-Identifier: ISC */
/*
 * The keeper of a container's exit status, for --keep-status: the parent of its
 * first process, who waits for it, and whom nobody has to ask in time.  It is
 * oci-init, in a mode of its own, and holds a lock on the file "exit" in the
 * container's directory, oci-state(5), until what came of it stands in there.
 */
#ifndef RUN_CONTAINER_KEEPER_H
#define RUN_CONTAINER_KEEPER_H

#include <sys/types.h>

/*
 * Go on in a child, the keeper to be; this process ends as that does, or with
 * 0 when keeper_leave is called there, and passes the signals on that end a
 * program.  self is argv[0], for oci-init.  Dies.
 */
void keeper_fork(const char *self);

/* In a keeper to be: make the file in the container's directory.  Dies. */
void keeper_file(int dir);

/*
 * All is done: in a keeper to be, become the keeper of that child, and end
 * what waits for this; else nothing, and it returns.
 */
void keeper_leave(pid_t pid);

/* The file, for keeper_wait; -1: the container has no keeper. */
int keeper_open(int dir);

/*
 * Wait until the keeper is gone: the exit status that it left, or -1 when it
 * was killed and left none.  It also works when the file is removed meanwhile.
 */
int keeper_wait(int file);

#endif
