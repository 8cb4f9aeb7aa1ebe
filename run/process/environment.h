/* SPDX-License-Identifier: ISC */
/* The variables that a program gets (environ(7); config.md, process.env). */
#ifndef RUN_PROCESS_ENVIRONMENT_H
#define RUN_PROCESS_ENVIRONMENT_H

/*
 * Leave each variable once, with what it was given last, in its last place:
 * getenv(3) finds the first, where whoever wrote the list means the last.
 */
void environment_settle(char **env);

/* The value of a variable, or NULL. */
const char *environment_get(char *const *env, const char *name);

/* Add "NAME=value", whose text is borrowed; *env is made anew, not freed. */
void environment_add(char ***env, char *text);

#endif
