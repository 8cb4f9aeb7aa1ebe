/* SPDX-License-Identifier: ISC */
/* "ps ID OPTION..." of runc: the container's lines of what ps(1) prints. */
#ifndef RUN_PSTABLE_H
#define RUN_PSTABLE_H

/*
 * The words for ps(1) behind the ID in args, the arguments of the command; NULL
 * when there are none.  When the pids are asked for as JSON they mean nothing,
 * and are taken off.
 */
char **pstable_words(char **args);

/*
 * Run ps(1) with these words, and print its header and its lines of the
 * container's processes, which lister, a command that begins with its path,
 * prints as a JSON array.  Dies.
 */
void pstable_print(char **lister, char **words);

#endif
