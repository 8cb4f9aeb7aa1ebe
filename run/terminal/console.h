/* SPDX-License-Identifier: ISC */
/* The container's side of its terminal (config.md, process.terminal). */
#ifndef RUN_TERMINAL_CONSOLE_H
#define RUN_TERMINAL_CONSOLE_H

struct process_spec;
struct root;

/*
 * Open a pseudoterminal of the container's own devpts.  Returns the slave, the
 * master in *master.  Dies.
 */
int console_open(
    const struct process_spec *p, const struct root *root, int *master);

/*
 * Put the slave at /dev/console, which is not made in a /dev of the host's; a
 * link that the image has there is covered, not followed.  Dies.
 */
void console_bind(int slave, const struct root *root);

/* Make the slave the controlling terminal and standard streams; closes it. */
void console_take(int slave);

#endif
