/* SPDX-License-Identifier: ISC */
/* A file without a name, for what has to wait. */
#ifndef UNPACK_INPUT_SCRATCH_H
#define UNPACK_INPUT_SCRATCH_H

/* In dir, or if that is NULL $TMPDIR, or /tmp: empty; or -1 with errno. */
int scratch_open(const char *dir);

#endif
