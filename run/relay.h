/* SPDX-License-Identifier: ISC */
/* Bytes between the user's standard streams and a pseudoterminal. */
#ifndef RUN_RELAY_H
#define RUN_RELAY_H

#include <stdbool.h>
#include <stddef.h>

struct relay {
	int master;
	bool input_open, output_open;
	char input[4096]; /* what the master did not take yet */
	size_t start, end;
};

/* master is made non-blocking; -1: there is no terminal. */
void relay_begin(struct relay *r, int master);

/* What poll(2) is to wait for at standard input and at the master. */
short relay_input_events(const struct relay *r);
short relay_master_events(const struct relay *r);

/* Move what can be moved without waiting. */
void relay_input(struct relay *r);
void relay_master(struct relay *r, short events);

/* What is left of the output, when the container has ended. */
void relay_drain(struct relay *r);

#endif
