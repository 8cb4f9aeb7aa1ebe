/* SPDX-License-Identifier: ISC */
/*
 * Opening what lies below a directory that somebody else filled: by openat2(2),
 * of Linux 5.6, and where the kernel hasn't got it or a seccomp profile refuses
 * it, component by component with the same guarantees, as long as nobody else
 * changes the tree meanwhile.  O_CLOEXEC is added to flags.
 */
#ifndef LIB_INSIDE_H
#define LIB_INSIDE_H

#include <stdbool.h>

/*
 * Open a path of names with a '/' between them, "" for dir itself.  None of
 * them may be a link (ELOOP; the last may with O_PATH | O_NOFOLLOW), be ".."
 * or lead into another mount (EXDEV).  -1 with errno.
 */
int inside_open(int dir, const char *path, int flags);

/*
 * Open path as a process would whose root directory is root: neither ".." nor
 * a link leads out, and no link of /proc is more than its text.  Unless mounts
 * is true, no other mount is entered (EXDEV).
 */
int inside_root_open(int root, const char *path, int flags, bool mounts);

#endif
