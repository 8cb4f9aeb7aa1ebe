/* SPDX-License-Identifier: ISC */
/*
 * The thread that reads the layers' blobs, verifies and decompresses them, and
 * gives what comes out, one layer after the other, to a ring.
 */
#ifndef UNPACK_INPUT_FEED_H
#define UNPACK_INPUT_FEED_H

struct input;
struct ring;

/*
 * The ring gets every layer and its end, and one end more when the input was
 * complete.
 */
struct ring *feed_start(struct input *in);

#endif
