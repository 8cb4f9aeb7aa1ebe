/* SPDX-License-Identifier: ISC */
/* The file of --pid-file. */
#ifndef RUN_CONTAINER_PIDFILE_H
#define RUN_CONTAINER_PIDFILE_H

#include <sys/types.h>

/*
 * Put pid in the file in one step.  There is one in a process, and the end of
 * the process removes it until pidfile_keep: of a container that doesn't come
 * to be none is left.  A device, a pipe or a stream that has the name, as
 * /dev/stdout, is written to and stays.  Dies.
 */
void pidfile_write(const char *path, pid_t pid);
void pidfile_keep(void);

#endif
