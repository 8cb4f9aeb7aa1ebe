/* SPDX-License-Identifier: ISC */
/* The image stream, oci-stream(5), as the input. */
#ifndef UNPACK_INPUT_STREAM_H
#define UNPACK_INPUT_STREAM_H

struct input;
struct platform;

/*
 * Read from fd as far as the config.  platform NULL: this machine's.  spool:
 * the directory for what comes before its turn, see members.h.  Dies when there
 * is no such image.
 */
struct input *input_stream(
    int fd, const struct platform *platform, const char *spool);

#endif
