/* SPDX-License-Identifier: ISC */
/* Staging directories and what is in them: removed. */
#ifndef LAYOUT_STORE_REMOVAL_H
#define LAYOUT_STORE_REMOVAL_H

#include <stdbool.h>

/*
 * A file in each staging directory.  Who may write to the directory that it is
 * in can rename any other to such a name, but can't put this into one.
 */
#define REMOVAL_MARK ".staging"

/*
 * Remove the staging directory name in dir, which fd is open on, the mark last.
 * With system calls alone: a signal handler calls this.
 */
void removal_all(int dir, int fd, const char *name);

/*
 * Remove a file or directory in dir, as far as this user has made it and
 * nobody else may write to it.  Whether it is gone.
 */
bool removal_entry(int dir, const char *name);

#endif
