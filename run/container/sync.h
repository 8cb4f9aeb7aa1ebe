/* SPDX-License-Identifier: ISC */
/*
 * What parent and child say to each other while a container starts.  The end
 * of the channel means that the child died, or, after SYNC_GO, that it did or
 * that the program of the container runs.
 */
#ifndef RUN_CONTAINER_SYNC_H
#define RUN_CONTAINER_SYNC_H

#include "lib/die.h"

enum sync_message {
	SYNC_END,     /* the other side has closed the channel */
	SYNC_MAPPED,  /* to the child: the id maps are written */
	SYNC_JOINED,  /* to the parent: another pid, and a pidfd, from now on;
			 and to the child: it has them */
	SYNC_TIME,    /* to the parent: set the clocks of the namespace that is
			 to be its; and back: they are set */
	SYNC_CONSOLE, /* to the parent: the terminal, as a descriptor */
	SYNC_PLACE,   /* to the parent: open a place, see place.h; and back */
	SYNC_MOUNTED, /* to the parent: devices that the container may not use
			 are mounted; and back: none can be any more */
	SYNC_HOOKS,   /* to the parent: run the hooks that are its to run */
	SYNC_HOOKED,  /* to the other side: the hooks have run */
	SYNC_READY,   /* to the parent: only the exec is left */
	SYNC_GO,      /* to the child: exec */
	SYNC_WAIT, /* to the child: somebody else will say when, see gate.h */
	SYNC_THROUGH, /* to that one: the child has heard it */
	SYNC_DIED,    /* it died by signal value, or, 0, has said why */
	SYNC_SAID,    /* to the parent: a line that it prints */
};

/* What is sent; with SYNC_SAID the line follows. */
struct sync_packet {
	int message, value;
};

/* A pair of connected descriptors.  Dies. */
void sync_pair(int ends[2]);

/* Send a message, with a descriptor unless fd is -1: 0, or -1 with errno. */
int sync_send(int end, enum sync_message m, int value, int fd);

/* Send these bytes with a descriptor to any socket, as above. */
int sync_hand(int end, const void *data, size_t n, int fd);

/* Send a line that the other side passes on (die_pass), as above. */
int sync_say(int end, enum die_level level, const char *line, size_t n);

/*
 * In the child: wait for the next message.  This and sending without a
 * descriptor are read(2) and write(2), which a seccomp filter has to allow
 * where it is on by then, and does.
 */
enum sync_message sync_await(int end);

/*
 * In the parent, after SYNC_GO: wait for the end.  0, or the signal that
 * oci-init says the program died by.  Nothing else that comes counts: the
 * program may run by then.
 */
int sync_end(int end);

/*
 * Wait for the next message, print lines meanwhile; its value in *value and its
 * descriptor, or -1, in *fd; either may be NULL.
 */
enum sync_message sync_receive(int end, int *value, int *fd);

#endif
