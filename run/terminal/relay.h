/* SPDX-License-Identifier: ISC */
/*
 * Bytes between the user's standard streams and a pseudoterminal, as long as
 * the container's process lives.  Nothing here waits: a stream that isn't
 * read, or that doesn't block, is poll(2)'s to wait for, beside the signals.
 */
#ifndef RUN_TERMINAL_RELAY_H
#define RUN_TERMINAL_RELAY_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

struct flow {
	char data[4096]; /* no more than a pipe takes when it takes any */
	size_t start, end;
};

struct relay {
	int master; /* -1: there is no terminal, or it was hung up */
	int slave;  /* held open, so that the container may close its own */
	int out;    /* standard output, of this program alone if can be */
	bool input_open;
	bool in_hangs_up, out_hangs_up; /* a terminal, whose end counts */
	bool in_background; /* the user's terminal can't be read there */
	bool ended;
	size_t left; /* bytes that are moved after the end */
	char last;   /* byte that was typed */
	struct flow input, output;
};

/*
 * master is made non-blocking; -1: there is no terminal.  The user's is put in
 * raw mode as soon as it is this job's.
 */
void relay_begin(struct relay *r, int master);

/* This program was stopped: the user's terminal may be another job's now. */
void relay_continue(struct relay *r);

/*
 * What to wait for, and for how many milliseconds at most (-1: for ever), and
 * to move what there is then.
 */
#define RELAY_FDS 3
int relay_wants(const struct relay *r, struct pollfd p[RELAY_FDS]);
void relay_move(struct relay *r, const struct pollfd p[RELAY_FDS]);

/*
 * The container's process has ended: only what it left is moved, 1 MiB at
 * most, until the second is false.
 */
void relay_end(struct relay *r);
bool relay_is_open(const struct relay *r);

#endif
