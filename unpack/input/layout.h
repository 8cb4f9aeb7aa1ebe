/* SPDX-License-Identifier: ISC */
/* An image of a layout as the input. */
#ifndef UNPACK_INPUT_LAYOUT_H
#define UNPACK_INPUT_LAYOUT_H

struct input;
struct platform;

/*
 * image: DIR, DIR:NAME or DIR@DIGEST.  platform NULL: this machine's.  Dies
 * when there is no such image, or a blob of it is missing.
 */
struct input *input_layout(const char *image, const struct platform *platform);

#endif
