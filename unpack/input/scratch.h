/* SPDX-License-Identifier: ISC */
/* A file without a name, for what has to wait. */
#ifndef UNPACK_INPUT_SCRATCH_H
#define UNPACK_INPUT_SCRATCH_H

/* In $TMPDIR, or /tmp: an empty one; or -1 with errno. */
int scratch_open(void);

#endif
