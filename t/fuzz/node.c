/* SPDX-License-Identifier: ISC */
/* A tree's names, and the files that they stand for. */
#include "t/fuzz/node.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "lib/mem.h"
#include "t/fuzz/listing.h"

struct inode *
inode_new(char type, unsigned layer, unsigned entry)
{
	struct inode *i = xcalloc(1, sizeof *i);

	i->type = type;
	i->layer = layer;
	i->entry = entry;
	i->mode = type == 'd' ? 0755 : 0;
	return i;
}

struct node *
node_child(const struct node *dir, const char *name)
{
	struct node *n = dir->inode->children;

	while (n && strcmp(n->name, name))
		n = n->next;
	return n;
}

struct node *
node_add(struct node *dir, const char *name, struct inode *i, unsigned layer)
{
	struct node *n = xcalloc(1, sizeof *n);

	strcpy(n->name, name);
	n->parent = dir;
	n->inode = i;
	n->layer = layer;
	n->next = dir->inode->children;
	dir->inode->children = n;
	return n;
}

void
node_remove(struct node *n)
{
	struct node **at = &n->parent->inode->children;

	while (*at != n)
		at = &(*at)->next;
	*at = n->next;
}

void
node_path(const struct node *n, char *path)
{
	*path = '\0';
	if (!n->parent)
		return;
	node_path(n->parent, path);
	if (*path)
		strcat(path, "/");
	strcat(path, n->name);
}

bool
node_has_link(const struct node *n)
{
	if (n->inode->type == 's')
		return true;
	for (const struct node *c = n->inode->children; c; c = c->next)
		if (node_has_link(c))
			return true;
	return false;
}

void
node_list(const struct node *n, struct listing *listing)
{
	const struct inode *i = n->inode;
	char path[PATH_MAX], what[32] = "";

	if (i->type == 'd')
		snprintf(what, sizeof what, "%04o", i->mode);
	else if (i->type == 'f')
		op_content(i->layer, i->entry, what);
	node_path(n, path);
	listing_add(listing, path, i->type, i->type == 's' ? i->target : what,
	    (uintptr_t)i);
	for (const struct node *c = i->children; c; c = c->next)
		node_list(c, listing);
}
