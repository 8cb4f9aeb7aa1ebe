/* SPDX-License-Identifier: ISC */
/* The image that is to be unpacked, from a layout or a stream. */
#ifndef UNPACK_INPUT_INPUT_H
#define UNPACK_INPUT_INPUT_H

#include <stdbool.h>

#include "lib/manifest.h"

struct feed;
struct platform;
struct source;

#define INPUT_LASTING 3 /* calls that a run of a layer's source outlasts */

struct input {
	struct manifest manifest;
	char **diff_ids; /* as many as layers */
	int scratch;     /* an empty file, for what has to wait; -1: make one */
	const char *name;  /* of the image, for messages */
	bool twice;        /* each layer may be read again, a stream's too */
	bool *wanted;      /* which of the layers are read; NULL: all */
	bool verified;     /* their texts were: the blobs are looked at again */
	struct feed *feed; /* see feed.h; NULL before the first */

	/*
	 * The bytes of a layer's blob, not verified yet; NULL with a reason.
	 * They are read from a descriptor, or a place in a file, of their own,
	 * up to done, which forgets them.  But those of a stream that come as
	 * they are read are taken in the order of the layers, from one thread,
	 * each to its end.
	 */
	struct source *(*layer)(struct input *in, size_t i, const char **why);
	void (*done)(struct input *in, struct source *s);

	/* What must come behind the last layer: 0, or -1 with a reason. */
	int (*end)(struct input *in, const char **why);
};

/*
 * The image of that name, from a layout, or - for standard input, where spool
 * is the directory for what comes before its turn, see members.h.  Dies.
 */
struct input *input_open(
    const char *image, const struct platform *platform, const char *spool);

/* Die of wrong usage if that is a terminal; usage is how it's done. */
void input_terminal_check(const char *image, const char *usage);

/*
 * Fill in->manifest and in->diff_ids from texts that were verified.  Dies when
 * they don't fit together, or a layer's media type is unknown.
 */
void input_manifest(
    struct input *in, const struct descriptor *manifest, const char *text);
void input_config(struct input *in, const char *text);

/*
 * What the digest of a layer's text has to be; NULL where nobody needs to look
 * at it, for the text is the blob, whose digest it is, or was verified.
 */
const char *input_diff_id(const struct input *in, size_t i);

#endif
