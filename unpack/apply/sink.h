/* SPDX-License-Identifier: ISC */
/*
 * What the entries of the layers are done to: a tree on disk, or one that is
 * only thought of.  layer.h goes through a layer, and calls these with names
 * that are resolved: a path is relative to the root, "" is the root itself,
 * and no component of it is a symbolic link, "." or "..".  What a verb can't
 * do it dies of.
 */
#ifndef UNPACK_APPLY_SINK_H
#define UNPACK_APPLY_SINK_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

struct sink;
struct tar_entry;
struct tar_reader;

/* A directory of the sink, which has more to say of it. */
struct sink_dir {
	char *path;
};

/* Where an entry goes. */
struct place {
	const struct sink_dir *dir;
	const char *name; /* in it */
	char path[PATH_MAX];
};

enum enter {
	ENTER_LOOK, /* NULL when there is no such directory */
	ENTER_MAKE  /* the same, but make what is missing: it is the layer's */
};

/* What the current layer did at a path, for sinks to remember. */
enum {
	ADDED_PASSED = 1, /* something is in it */
	ADDED_ENTRY = 2,
	ADDED_HIDES = 4, /* nothing of lower layers is in it any more */
	ADDED_ANEW = 8   /* nor is it theirs itself, though it was passed */
};

struct sink_verbs {
	void (*layer)(struct sink *s); /* begins */

	/* The directory of a path, links still in it, up to the next call. */
	const struct sink_dir *(*enter)(
	    struct sink *s, const char *path, enum enter how);

	/* What is at the place goes, but that a directory stays one. */
	void (*root)(struct sink *s, const struct tar_entry *e);
	/* A file with its data, a symbolic link, a directory, a device or a
	 * FIFO: e->type is one of "023456". */
	void (*entry)(struct sink *s, const struct place *p,
	    const struct tar_entry *e, struct tar_reader *data);

	/* A further name of what has the other, be it a symbolic link. */
	void (*link)(struct sink *s, const struct place *p,
	    const struct tar_entry *e, const struct place *target);

	/*
	 * What lower layers have at that name, or in the directory, goes, and
	 * what this layer has stays.  The base has no whiteouts.
	 */
	void (*whiteout)(
	    struct sink *s, const struct sink_dir *dir, const char *name);
	void (*opaque)(struct sink *s, const struct sink_dir *dir);

	/* What is at the place goes, and all in it, whoever has it. */
	void (*discard)(struct sink *s, const struct place *p);

	void (*finish)(struct sink *s); /* behind the last layer */
};

/* The first member of each: where it is, as layer.h tells. */
struct sink {
	const struct sink_verbs *verbs;
	size_t layer;        /* 0 is the base: there is none below it */
	int64_t entry;       /* of the layer, from 0 */
	struct timespec now; /* its time, for missing parents */
};

#endif
