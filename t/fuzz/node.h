/* SPDX-License-Identifier: ISC */
/*
 * A tree of the model's: names, each with the file it stands for, which hard
 * links share.  All of it is the fuzzer's to free.
 */
#ifndef T_FUZZ_NODE_H
#define T_FUZZ_NODE_H

#include <stdbool.h>

#include "t/fuzz/op.h"

struct listing;

struct inode {
	char type;             /* an op's letter */
	unsigned layer, entry; /* that made it */
	unsigned mode;
	const char *target;
	struct node *children; /* of a directory */
};

struct node {
	char name[OP_PATH];
	struct node *parent, *next;
	struct inode *inode;
	unsigned layer; /* whose entry it is */
};

/* Of an op's letter. */
struct inode *inode_new(char type, unsigned layer, unsigned entry);

/* The name in a directory, or NULL. */
struct node *node_child(const struct node *dir, const char *name);

/* Give a file a name that is free, as a layer's entry. */
struct node *node_add(
    struct node *dir, const char *name, struct inode *i, unsigned layer);

/* Take the name away, and what is in it. */
void node_remove(struct node *n);

/* Its path below the root, of PATH_MAX bytes; the root's is "". */
void node_path(const struct node *n, char *path);

/* Whether it is a symbolic link or has one in it. */
bool node_has_link(const struct node *n);

/* Add it to a listing, and all that is in it. */
void node_list(const struct node *n, struct listing *listing);

#endif
