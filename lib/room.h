/* SPDX-License-Identifier: ISC */
/* Room for a file whose size is known before its bytes come. */
#ifndef LIB_ROOM_H
#define LIB_ROOM_H

#include <stdint.h>

/* Bytes from which on making room pays. */
#define ROOM_LARGE (256 << 10)

/*
 * Make room for the file to have n bytes; its size stays what was written.  -1
 * with errno: there isn't as much (ENOSPC, EDQUOT) or it may not grow so far
 * (EFBIG).  Where none can be made beforehand that is 0.
 */
int room_make(int fd, int64_t n);

#endif
