/* SPDX-License-Identifier: ISC */
/*
 * The tree that the layers make, only thought of: a sink that keeps which
 * names there are, and from which layer's which entry each has its file.  It
 * takes no privilege and no disk, and about 110 bytes a name beside its text,
 * of every name that a layer has.  What it can't do fails on disk as well.
 */
#ifndef UNPACK_PLAN_PLAN_H
#define UNPACK_PLAN_PLAN_H

#include <stdbool.h>

#include "unpack/apply/attributes.h"
#include "unpack/apply/pathmap.h"
#include "unpack/apply/sink.h"

/* Bytes of all names, with inodes and the targets of symbolic links. */
#define PLAN_MAX (1UL << 30)

struct plan_directory {
	struct attributes attributes;
	struct item *children; /* the last one first */
};

/* What a name stands for: a file, or a directory, a link, a device. */
struct inode {
	struct inode *next; /* in the order in which they were made */
	union {
		char *target;                     /* of type '2' */
		struct plan_directory *directory; /* of '5' */
	};
	struct item *first; /* of its names, see plan_names; a directory's */
	unsigned entry;     /* whose it is, */
	unsigned layer;     /* of this layer */
	unsigned names;
	char type; /* an entry's */
};

/* A name's: what is there, and what the layers have done there. */
struct item {
	struct name *name;
	struct item *sibling; /* in the directory */
	struct inode *inode;  /* NULL: nothing is there any more */
	union {
		struct item *again; /* a further name of it, see plan_names */
		struct {
			unsigned layer; /* that has set added, */
			unsigned added; /* of sink.h's ADDED_ */
		};
		struct {
			unsigned seen; /* see order.h */
			unsigned order;
		};
	};
	bool listed;  /* among its directory's children */
	bool omitted; /* a device was left out there */
};

struct plan {
	struct sink sink;
	struct pathmap names;
	size_t xattrs; /* bytes of those of directories */
	struct inode *made, **last;
	/* Told of what goes for a directory to be in its place; or NULL. */
	void (*replaced)(struct plan *p, struct item *item);
	struct {
		struct sink_dir dir;
		struct item *item;
		char path[PATH_MAX];
	} entered;
};

void plan_init(struct plan *p);

/* What it does as a sink, for another that does more. */
extern const struct sink_verbs plan_verbs;

/* The name's item, which is made; and of a place. */
struct item *plan_item(struct plan *p, struct item *dir, const char *name);

/* Whatever is there goes, with all in it. */
void plan_remove(struct plan *p, struct item *item);

/* A new inode of that type at a name where nothing is. */
struct inode *plan_make(struct plan *p, struct item *item, char type);

/* A further name of one, where nothing is. */
void plan_name(struct item *item, struct inode *inode);

/* A directory that no entry speaks of, where nothing is or a directory. */
void plan_imply(struct plan *p, struct item *item);

/* What the current layer did at a name: sink.h's ADDED_. */
unsigned plan_added(const struct plan *p, const struct item *item);
void plan_add(struct plan *p, struct item *item, unsigned added);

/*
 * At the end: the names of each inode in a list, from first on.  Of what the
 * layers did nothing is known any more.
 */
void plan_names(struct plan *p);

/* Those of a directory that are there, by name; n of them, for free(3). */
struct item **plan_children(const struct item *dir, size_t *n);

#endif
