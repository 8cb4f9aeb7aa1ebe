/* SPDX-License-Identifier: ISC */
/*
 * The thread that reads the layers' blobs and decompresses them, has them
 * hashed by another, and gives what comes out to a ring, one layer after the
 * other: so the next is read while one is applied.
 */
#ifndef UNPACK_INPUT_FEED_H
#define UNPACK_INPUT_FEED_H

struct input;
struct ring;

/*
 * The ring gets every layer, its end when its blob was verified, and one end
 * more when the input was complete.  Then it may be started again, and it is
 * the same ring.
 */
struct ring *feed_start(struct input *in);

#endif
