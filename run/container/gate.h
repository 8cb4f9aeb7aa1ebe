/* SPDX-License-Identifier: ISC */
/*
 * Where the first process of a created container waits to be started: a Unix
 * datagram socket in the container's directory.  Whoever starts it sends one
 * end of a channel, and from then on the two talk over that as parent and
 * child do (sync.h); SYNC_THROUGH comes first, and without it the process had
 * ended by then.  Nobody but the owner of the directory can reach it, and
 * the container's filter needs to allow nothing but recvmsg(2).
 */
#ifndef RUN_CONTAINER_GATE_H
#define RUN_CONTAINER_GATE_H

struct process_spec;

/* Make it in dir, a container's directory; to be given to the child.  Dies. */
int gate_make(int dir);

/*
 * In the child, before it is given its limits: see that those leave room for
 * the channel.  Dies.
 */
void gate_room(int gate, const struct process_spec *p);

/*
 * In the child, before anybody can know that it waits: from here on and until
 * it executes its program SIGHUP, SIGINT, SIGQUIT and SIGTERM end the process,
 * though it may be process 1.
 */
void gate_signals(void);

/* In the child: see that the filter lets it wait.  Dies. */
void gate_check(int gate);

/* In the child: wait to be started.  Returns the channel to whoever did. */
int gate_wait(int gate);

/*
 * Start what waits at the gate in dir.  Returns the channel to it, or -1 with
 * errno: ECONNREFUSED when nobody waits there any more.
 */
int gate_open(int dir);

/* Whoever has come through doesn't come back. */
void gate_remove(int dir);

#endif
