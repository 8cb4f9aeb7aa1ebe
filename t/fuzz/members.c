/* SPDX-License-Identifier: ISC */
/* The members of an OCI archive as text. */
#include "t/fuzz/members.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/tar.h"
#include "t/fuzz/op.h"

/* Where the next member begins, or the end. */
static const char *
next_member(const char *p, const char *end)
{
	for (const char *at = p; at + 1 < end; at++)
		if (*at == '\n' && at[1] == '@')
			return at + 1;
	return end;
}

/* $5 and #5, of members behind this one, which are complete. */
static void
text_add(struct members *m, size_t i, const char *p, const char *end)
{
	struct buf *text = &m->all[i].text;
	size_t n;

	for (; p < end; p++) {
		n = p + 1 < end ? (size_t)(p[1] - '0') : 0;
		if ((*p != '$' && *p != '#') || n <= i || n >= m->n) {
			buf_addc(text, *p);
			continue;
		}
		if (*p++ == '$')
			buf_adds(text, m->all[n].digest);
		else
			buf_addf(text, "%zu", m->all[n].text.len);
	}
}

static void
layer_add(struct buf *text, const char *p, const char *end)
{
	struct op ops[OPS_MAX];
	size_t layers, n;

	n = ops_parse(
	    (const unsigned char *)p, (size_t)(end - p), ops, &layers);
	ops_archive(ops, n, 0, text);
}

static void
member_fill(struct members *m, size_t i, const char *p, const char *end)
{
	struct member *b = &m->all[i];
	const char *line = memchr(p, '\n', (size_t)(end - p)), *slash;

	if (!line)
		line = end;
	snprintf(b->name, sizeof b->name, "%.*s", (int)(line - p - 1), p + 1);
	line += line < end;
	if (!strcmp(b->name, "+"))
		layer_add(&b->text, line, end);
	else
		text_add(m, i, line, end);
	digest_of(
	    b->text.data ? b->text.data : "", b->text.len, NULL, b->digest);
	slash = strchr(b->digest, ':');
	if (!*b->name || !strcmp(b->name, "+"))
		snprintf(b->name, sizeof b->name, "blobs/sha256/%s", slash + 1);
}

void
members_parse(const unsigned char *data, size_t len, struct members *m)
{
	const char *begins[MEMBERS_MAX + 1], *p = (const char *)data;
	const char *end = p + len;

	*m = (struct members){0};
	p = len && *p == '@' ? p : next_member(p, end);
	for (; p < end && m->n < MEMBERS_MAX; p = next_member(p, end)) {
		m->cut = end - p > 1 && p[1] == '-';
		if (m->cut)
			break;
		begins[m->n++] = p;
	}
	begins[m->n] = p;
	for (size_t i = m->n; i-- > 0;)
		member_fill(m, i, begins[i], begins[i + 1]);
}

void
members_free(struct members *m)
{
	for (size_t i = 0; i < m->n; i++)
		buf_free(&m->all[i].text);
}

void
members_archive(const struct members *m, struct buf *archive)
{
	static const unsigned char zeros[2 * TAR_BLOCK];
	unsigned char block[TAR_BLOCK];
	char name[100];

	for (size_t i = 0; i < m->n; i++) {
		const struct buf *text = &m->all[i].text;

		snprintf(name, sizeof name, "%s", m->all[i].name);
		tar_header_make(block, name,
		    *name && name[strlen(name) - 1] == '/' ? '5' : '0', 0644,
		    (int64_t)text->len);
		buf_add(archive, block, sizeof block);
		if (text->len)
			buf_add(archive, text->data, text->len);
		buf_add(archive, zeros, tar_padding((int64_t)text->len));
	}
	if (!m->cut)
		buf_add(archive, zeros, sizeof zeros);
}

static bool
is_plain(const char *name)
{
	return !strcmp(name, "oci-layout") || !strcmp(name, "index.json") ||
	       (!strncmp(name, "blobs/sha256/", 13) && name[13] &&
		   !strpbrk(name + 13, "/."));
}

bool
members_layout(const struct members *m, int dir)
{
	const struct member *b;
	int fd;

	mkdirat(dir, "blobs", 0700);
	mkdirat(dir, "blobs/sha256", 0700);
	for (size_t i = 0; i < m->n; i++) {
		b = &m->all[i];
		if (!is_plain(b->name))
			return false;
		fd = openat(dir, b->name, O_CREAT | O_EXCL | O_WRONLY, 0600);
		if (fd < 0)
			return false;
		if (b->text.len && io_write(fd, b->text.data, b->text.len) < 0)
			diesys("%s", b->name);
		close(fd);
	}
	return true;
}
