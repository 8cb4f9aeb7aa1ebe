/* SPDX-License-Identifier: ISC */
/* What a process inherits from whoever started it. */
#ifndef LIB_CALLER_H
#define LIB_CALLER_H

/*
 * Put right what a caller may have left behind, first thing in main: closed
 * standard streams, whose numbers the next files opened would get, blocked
 * signals, and an ignored SIGCHLD, with which no child can be waited for.
 * Other ignored signals stay so: nohup(1) and a shell's "&" mean it.
 */
void caller_settle(void);

#endif
