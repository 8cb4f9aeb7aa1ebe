/* SPDX-License-Identifier: ISC */
/*
 * Layers as a list of what their entries do, a line each: a letter, a path,
 * and behind a blank the target of a link.  Any bytes are a list.
 *
 *	d a/b		a directory
 *	f a/b/c		a file
 *	s a/s ../b	a symbolic link
 *	h a/h a/b/c	a hard link
 *	p a/p		a FIFO
 *	-		the next layer
 *	w a/b/c		a whiteout
 *	o a		an opaque directory
 *	i a/b		a pattern of what is wanted
 *	x **		a pattern of what isn't
 */
#ifndef T_FUZZ_OP_H
#define T_FUZZ_OP_H

#include <stddef.h>

#define OPS_MAX 96
#define LAYERS 6
#define OP_PATH 80
#define OP_PATTERN LAYERS /* the layer of a pattern */

struct buf;

struct op {
	char what;
	char path[OP_PATH]; /* of a, b, c, '.', '/' and '*' */
	char target[OP_PATH];
	unsigned layer, entry; /* of it, both from 0 */
};

/*
 * How many there are, at most OPS_MAX; and of how many layers.  Patterns are
 * among them, and are of no layer.
 */
size_t ops_parse(
    const unsigned char *data, size_t len, struct op *ops, size_t *layers);

/* Add the archive of a layer. */
void ops_archive(
    const struct op *ops, size_t n, unsigned layer, struct buf *archive);

/* What a file has in it, to be told from all others. */
void op_content(unsigned layer, unsigned entry, char text[16]);

/* The mode of a directory, which its owner may always enter. */
unsigned op_mode(unsigned entry);

#endif
