/* SPDX-License-Identifier: ISC */
/* Whole reads, whole writes, whole files. */
#ifndef LIB_IO_H
#define LIB_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * All of these go on after EINTR, and wait for a descriptor that doesn't
 * block: whoever shares it may have made it so.
 */

/* What there is of up to n bytes, 0 at the end of the file; -1 with errno. */
ssize_t io_some(int fd, void *p, size_t n);

/*
 * Read n bytes, going on after short reads.  Returns what was read, less than
 * n only at the end of the file; -1 with errno.
 */
ssize_t io_read(int fd, void *p, size_t n);

/* Write all n bytes: 0, or -1 with errno. */
int io_write(int fd, const void *p, size_t n);

/*
 * After a system call on fd failed: true when it is to be tried again, which
 * after EAGAIN is when fd is ready for events (POLLIN, POLLOUT).
 */
bool io_again(int fd, short events);

/*
 * All of a file as a NUL-terminated string that the caller owns, its length
 * in *len (which may be NULL).  NULL with errno; EFBIG when it is longer than
 * max bytes.  The second opens name at dirfd, read-only, following links.
 */
char *io_slurp(int fd, size_t max, size_t *len);
char *io_slurp_at(int dirfd, const char *name, size_t max, size_t *len);

/*
 * Replace the file name in the directory dirfd in one step: a temporary file
 * beside it (".NAME.PID.tmp"), fsync, rename, fsync of the directory.  A
 * reader sees the old bytes or the new ones.  0, or -1 with errno and nothing
 * changed.
 */
int io_replace(
    int dirfd, const char *name, const void *p, size_t n, mode_t mode);

/*
 * The same without waiting for the disk, for what means nothing any more when
 * the machine has crashed: then the file may be empty.
 */
int io_replace_unsynced(
    int dirfd, const char *name, const void *p, size_t n, mode_t mode);

#endif
