/* SPDX-License-Identifier: ISC */
/*
 * A tar archive that a test makes, member by member, and the reader that takes
 * it: begin, add_..., read_from_start, next.
 */
#ifndef T_TARARCHIVE_H
#define T_TARARCHIVE_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/tar.h"
#include "lib/tarentry.h"
#include "lib/tarread.h"
#include "t/runs.h"

/* The archive that a test makes, and a source that lends it in runs. */
static struct buf archive;
static struct runs runs;
static struct tar_reader *reader;
static const struct tar_entry *e;
static const char *why;

static inline struct tar_reader *
read_from_start(size_t run)
{
	tar_reader_free(reader ? reader : tar_reader_new(NULL));
	runs = (struct runs){.source.next = runs_next,
	    .p = (unsigned char *)archive.data,
	    .left = archive.len,
	    .run = run};
	return reader = tar_reader_new(&runs.source);
}

static inline void
add_padded(const void *data, size_t n)
{
	static const char zeros[TAR_BLOCK];

	buf_add(&archive, data, n);
	buf_add(&archive, zeros, tar_padding((int64_t)n));
}

static inline struct tarheader *
last_header(void)
{
	return (struct tarheader *)(archive.data + archive.len - TAR_BLOCK);
}

/* What a header's sum has to be; it is left out of it. */
static inline unsigned
sum_of(unsigned char *h, bool with_sign)
{
	unsigned sum = 0;

	memset(h + 148, ' ', 8);
	for (int i = 0; i < TAR_BLOCK; i++)
		sum += with_sign ? (unsigned)(signed char)h[i] : h[i];
	return sum;
}

/* After a header was changed by hand. */
static inline void
resum(void)
{
	unsigned char *h = (unsigned char *)last_header();

	sprintf((char *)h + 148, "%06o", sum_of(h, false));
}

static inline void
add_header(const char *name, char type, int64_t size)
{
	tar_header_make(
	    buf_reserve(&archive, TAR_BLOCK), name, type, 0644, size);
	archive.len += TAR_BLOCK;
}

static inline void
add_member(const char *name, char type, const char *data)
{
	add_header(name, type, (int64_t)strlen(data));
	add_padded(data, strlen(data));
}

/* An extended header with the records KEY=VALUE, a line each. */
static inline void
add_pax(char type, const char *records)
{
	char text[1024];
	size_t len = 0;

	while (*records) {
		size_t n = strcspn(records, "\n") + 1;

		len += (size_t)sprintf(
		    text + len, "%03zu %.*s", n + 4, (int)n, records);
		records += n;
	}
	add_member("PaxHeaders/x", type, text);
}

static inline void
add_end(void)
{
	static const char zeros[2 * TAR_BLOCK];

	buf_add(&archive, zeros, sizeof zeros);
}

static inline void
begin(void)
{
	archive.len = 0;
}

/* Whether the next entry is there; its data goes to got. */
static struct buf got;

static inline bool
next(void)
{
	const unsigned char *p;
	ssize_t n;

	got.len = 0;
	if (tar_next(reader, &e, &why) != 1)
		return false;
	while ((n = tar_data(reader, &p, &why)) > 0)
		buf_add(&got, p, (size_t)n);
	buf_add(&got, "", 0);
	return n == 0;
}

/* Whether reading ends, as it should, in an error with that reason. */
static inline bool
refused(const char *reason)
{
	read_from_start(archive.len);
	while (next())
		;
	return why && strstr(why, reason);
}

#endif
