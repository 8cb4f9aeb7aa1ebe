/* SPDX-License-Identifier: ISC */
/* The keeper of a container's exit status (run/container/keeper.h). */
#ifndef RUN_INIT_KEEP_H
#define RUN_INIT_KEEP_H

/*
 * Outside of the container, for as long as that lasts: wait for the child whose
 * pid word is, and write its exit status to descriptor 3.  Only SIGKILL ends
 * this before.  Returns 0, or 1 when it can't.
 */
int keep(const char *word);

#endif
