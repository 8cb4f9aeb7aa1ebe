/* SPDX-License-Identifier: ISC */
/* Protection of this program's own file from the container. */
#ifndef RUN_CONTAINER_SEAL_H
#define RUN_CONTAINER_SEAL_H

/*
 * A process in the container can reach the file that this program runs from,
 * by /proc/self/exe, and as root could write to it (CVE-2019-5736).  So run
 * from a copy that nobody can write to: executes the program again from a
 * read-only overlay of its directory, or from sealed memory, and returns only
 * in a process that runs from one.  Dies.
 */
void seal_self(char **argv);

/*
 * A descriptor of a copy of the program exe, in memory that is sealed; name
 * is for /proc and messages.  Dies.
 */
int seal_copy(int exe, const char *name);

#endif
