/* SPDX-License-Identifier: ISC */
/*
 * What parent and child say to each other while a container starts.  The end
 * of the channel means: it died and has said why, or, after SYNC_GO, that the
 * program of the container runs.
 */
#ifndef RUN_CONTAINER_SYNC_H
#define RUN_CONTAINER_SYNC_H

#include "lib/die.h"

enum sync_message {
	SYNC_END,     /* the other side has closed the channel */
	SYNC_MAPPED,  /* to the child: the id maps are written */
	SYNC_CONSOLE, /* to the parent: the terminal, as a descriptor */
	SYNC_READY,   /* to the parent: only the exec is left */
	SYNC_GO,      /* to the child: exec */
	SYNC_WAIT, /* to the child: somebody else will say when, see gate.h */
	SYNC_DIED, /* to the parent: value is the exit status */
	SYNC_SAID, /* to the parent: a line that it prints */
};

/* A pair of connected descriptors.  Dies. */
void sync_pair(int ends[2]);

/* Send a message, with a descriptor unless fd is -1: 0, or -1 with errno. */
int sync_send(int end, enum sync_message m, int value, int fd);

/* Send a line that the other side passes on (die_pass), as above. */
int sync_say(int end, enum die_level level, const char *line, size_t n);

/*
 * Wait for the next message, print lines meanwhile; its value in *value and its
 * descriptor, or -1, in *fd; either may be NULL.
 */
enum sync_message sync_receive(int end, int *value, int *fd);

#endif
