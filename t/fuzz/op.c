/* SPDX-License-Identifier: ISC */
/* Layers as a list of what their entries do. */
#include "t/fuzz/op.h"

#include <stdio.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/tar.h"

static const char letters[] = "dfshp-woix";
static const char alphabet[] = "abc./*";

static char
one_of(const char *all, unsigned char c)
{
	return strchr(all, c) && c ? (char)c : all[c % strlen(all)];
}

/* Up to a blank or the end, into a path. */
static const unsigned char *
path_take(const unsigned char *p, const unsigned char *end, char path[OP_PATH])
{
	size_t n = 0;

	while (p < end && *p == ' ')
		p++;
	for (; p < end && *p != ' ' && *p != '\n'; p++)
		if (n < OP_PATH - 1)
			path[n++] = one_of(alphabet, *p);
	path[n] = '\0';
	return p;
}

static const unsigned char *
op_take(const unsigned char *p, const unsigned char *end, struct op *op)
{
	op->what = one_of(letters, *p++);
	p = path_take(p, end, op->path);
	p = path_take(p, end, op->target);
	while (p < end && *p != '\n')
		p++;
	return p + (p < end);
}

size_t
ops_parse(const unsigned char *data, size_t len, struct op *ops, size_t *layers)
{
	const unsigned char *end = data + len;
	unsigned layer = 0, entry = 0;
	size_t n = 0;

	while (data < end && n < OPS_MAX) {
		data = op_take(data, end, &ops[n]);
		if (ops[n].what == '-') {
			layer++;
			entry = 0;
			if (layer == LAYERS)
				break;
			continue;
		}
		if (strchr("ix", ops[n].what)) {
			ops[n++].layer = OP_PATTERN;
			continue;
		}
		ops[n].layer = layer;
		ops[n++].entry = entry++;
	}
	*layers = layer < LAYERS ? layer + 1 : LAYERS;
	return n;
}

void
op_content(unsigned layer, unsigned entry, char text[16])
{
	snprintf(text, 16, "%u.%u", layer, entry);
}

unsigned
op_mode(unsigned entry)
{
	return 0700 | (entry & 077);
}

/* The entry's name, of a whiteout with its prefix. */
static void
op_name(const struct op *op, char name[100])
{
	const char *slash = strrchr(op->path, '/');
	int dir = slash ? (int)(slash - op->path) + 1 : 0;

	if (op->what == 'w')
		snprintf(
		    name, 100, "%.*s.wh.%s", dir, op->path, op->path + dir);
	else if (op->what == 'o')
		snprintf(name, 100, "%s%s.wh..wh..opq", op->path,
		    *op->path ? "/" : "");
	else
		snprintf(name, 100, "%s", op->path);
}

static char
op_type(const struct op *op)
{
	switch (op->what) {
	case 'd':
		return '5';
	case 's':
		return '2';
	case 'h':
		return '1';
	case 'p':
		return '6';
	default:
		return '0';
	}
}

static void
op_archive(const struct op *op, struct buf *archive)
{
	union {
		struct tarheader h;
		unsigned char block[TAR_BLOCK];
	} u;
	char name[100], content[TAR_BLOCK] = "";
	size_t size = 0;

	if (op->what == 'f') {
		op_content(op->layer, op->entry, content);
		size = strlen(content);
	}
	op_name(op, name);
	tar_header_make(u.block, name, '0',
	    op->what == 'd' ? op_mode(op->entry) : 0644, (int64_t)size);
	u.h.typeflag = op_type(op);
	if (op->what == 'h' || op->what == 's')
		memcpy(u.h.linkname, op->target, strlen(op->target));
	tarheader_finish(&u.h);
	buf_add(archive, u.block, TAR_BLOCK);
	if (size)
		buf_add(archive, content, TAR_BLOCK);
}

void
ops_archive(const struct op *ops, size_t n, unsigned layer, struct buf *archive)
{
	static const unsigned char zeros[2 * TAR_BLOCK];

	for (size_t i = 0; i < n; i++)
		if (ops[i].layer == layer)
			op_archive(&ops[i], archive);
	buf_add(archive, zeros, sizeof zeros);
}
