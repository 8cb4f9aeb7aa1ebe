/* SPDX-License-Identifier: ISC */
/* All layers of an image, applied one after the other. */
#ifndef UNPACK_APPLY_IMAGE_H
#define UNPACK_APPLY_IMAGE_H

#include "lib/options.h"
#include "lib/platform.h"
#include "unpack/apply/filter.h"
#include "unpack/apply/layer.h"

#define IMAGE_FILES_MAX (1 << 24) /* entries of all layers together */

struct input;

/* What programs are asked of an image, for a field of struct options. */
struct image_options {
	struct platform *platform; /* NULL: this machine's */
	const char *spool;         /* see input.h */
	struct option_list include, exclude;
	int64_t max_size, max_files;
	struct filter filter; /* of these */
};

#define IMAGE_OPTIONS_DEFAULT                                                  \
	{                                                                      \
		.max_size = INT64_MAX, .max_files = IMAGE_FILES_MAX            \
	}
#define IMAGE_OPTIONS(field)                                                   \
	{"platform", 0, "OS/ARCH[/VARIANT]",                                   \
	    "of an image index; this machine's by default",                    \
	    OPTION_CALL(field.platform, platform_take)},                       \
	    {"include", 0, "PATTERN",                                          \
		"only what matches it, and what is in that; may be given "     \
		"several times",                                               \
		OPTION_LIST(field.include)},                                   \
	    {"exclude", 0, "PATTERN",                                          \
		"not what matches it, and what is in that, also if it is "     \
		"included",                                                    \
		OPTION_LIST(field.exclude)},                                   \
	    {"spool", 0, "[DIR]",                                              \
		"take an archive on standard input in any order: what comes "  \
		"before its turn waits in a file in DIR, or TMPDIR",           \
		OPTION_CALL(field.spool, image_spool_take)},                   \
	    {"max-size", 0, "SIZE",                                            \
		"fail when the files have more bytes; K, M, G, T",             \
		OPTION_CALL(field.max_size, image_size_take)},                 \
	{                                                                      \
		"max-files", 0, "N", "fail when the layers have more entries", \
		    OPTION_NUMBER(field.max_files, 0, IMAGE_FILES_MAX)         \
	}

/* Get ready: what is wanted and may be taken is set, and progress begins. */
void image_begin(struct applying *a, const struct input *in,
    enum progress_mode mode, const struct image_options *o);

/* The sink for layers that gives a sink what the options let through. */
struct sink *image_sink(const struct image_options *o, struct sink *to);

/* What options_read has found, put in order.  Dies of wrong usage. */
void image_options_check(struct image_options *o, const char *image);

/*
 * The name of one that was given, for what has no image to unpack; NULL: none
 * was.  One that is named besides may have its platform.
 */
const char *image_options_given(const struct image_options *o, bool named);

/* Apply all to a->sink, and see that the input was complete.  Dies. */
void image_apply(struct applying *a, struct input *in);

/* Until image_left messages name the layer; its number for progress, too. */
void image_at(struct applying *a, const struct input *in, size_t layer);
void image_left(const struct input *in);

/* An option's directory, or TMPDIR without one. */
const char *image_spool_take(void *at, char *text);

/* An option's bytes, digits and K, M, G or T behind them, see options.h. */
const char *image_size_take(void *at, char *text);

#endif
