/* SPDX-License-Identifier: ISC */
/* lib/tarextension, lib/pax: what stands in headers of its own. */
#include <stdlib.h>
#include <string.h>

#include "t/tap.h"
#include "t/tararchive.h"

static void
extended(void)
{
	begin();
	add_pax('g', "comment=nothing\n");
	add_pax('x', "size=3\n");
	add_header("size", '0', 9LL << 30);
	add_padded("abc", 3);
	add_pax('x', "mtime=-1.25\natime=5.5\n");
	add_member("time", '0', "");
	add_pax('x', "SCHILY.xattr.user.a=x=y\n");
	add_member("xattr", '0', "");
	add_member("own", '0', "");
	add_pax('x', "VENDOR.x=a\n");
	archive.data[archive.len - TAR_BLOCK + 13] = 0;
	add_member("binary", '0', "");
	read_from_start(archive.len);
	ok(next() && e->size == 3 && !strcmp(got.data, "abc"),
	    "size of the extended header counts");
	ok(next() && e->mtime.tv_sec == -2 && e->mtime.tv_nsec == 750000000,
	    "a negative time with a fraction");
	ok(e->atime.tv_sec == 5 && e->atime.tv_nsec == 500000000,
	    "and a time of access");
	ok(next() && e->nxattrs == 1 && !strcmp(e->xattrs->name, "user.a") &&
		e->xattrs->len == 3 && !memcmp(e->xattrs->value, "x=y", 3),
	    "an extended attribute");
	ok(next() && e->uid == 0 && !e->nxattrs, "they don't last");
	ok(next(), "a record nobody knows may have a NUL");
}

/* An extended header with so many attributes, and a file. */
static void
add_attributes(int n)
{
	char record[32];

	begin();
	add_header("x", 'x', n * 28);
	for (int i = 0; i < n; i++) {
		sprintf(record, "28 SCHILY.xattr.user.%04d=x\n", i);
		buf_add(&archive, record, 28);
	}
	buf_add(&archive, (char[TAR_BLOCK]){0}, tar_padding(n * 28));
	add_member("many", '0', "");
	read_from_start(archive.len);
}

static void
limits(void)
{
	add_attributes(1024);
	ok(next() && e->nxattrs == 1024, "1024 extended attributes");
	add_attributes(1025);
	ok(!next() && strstr(why, "more than 1024"), "one more is refused");
	begin();
	add_member("a", '0', "");
	add_pax('g', "comment=nothing\n");
	add_end();
	read_from_start(archive.len);
	ok(next() && !next() && tar_ended(reader),
	    "the end may come behind a global header");
}

static void
damaged(void)
{
	static const char *const records[] = {"", "5", "5 a=", "6 a=b",
	    "0 a=b\n", "99 a=b\n", "5 a=b\n", "6 =ab\n", "7 size\n",
	    "10 size=x\n", "11 uid=-1\n ", "99999999999999999999 a=b\n",
	    "-6 a=b\n", "13 mtime=1.x\n", "7 uid=\n", "8 path=\n", "6 a=bc"};
	int wrong = 0;

	for (size_t i = 1; i < sizeof records / sizeof *records; i++) {
		begin();
		add_member("x", 'x', records[i]);
		add_member("a", '0', "");
		if (!refused("extended header is damaged")) {
			printf("# %s\n", records[i]);
			wrong++;
		}
	}
	ok(wrong == 0, "damaged records are refused");
	begin();
	add_header("x", 'x', 1LL << 40);
	ok(refused("longer than 1 MiB"), "an extended header of a terabyte");
	begin();
	add_header("x", 'L', 1LL << 40);
	ok(refused("longer than 1 MiB"), "a long name of a terabyte");
	begin();
	add_pax('x', "uid=1\n");
	ok(refused("ends after an extended header"), "a header for nothing");
	begin();
	add_pax('x', "uid=4294967295\n");
	add_member("a", '0', "");
	ok(refused("owner is out of range"), "the owner -1");
	begin();
	add_pax('x', "size=9223372036854775807\n");
	add_header("a", '0', 0);
	ok(refused("size is out of range"), "a size near the largest");
	begin();
	add_member("", '0', "");
	ok((read_from_start(99), next()) && !*e->name,
	    "a header without a name is no end");
}

static void
gnu_names(void)
{
	char name[300], link[300];

	memset(name, 'n', 299);
	memset(link, 'l', 299);
	name[299] = link[299] = 0;
	for (int order = 0; order < 2; order++) {
		begin();
		add_member(
		    "././@LongLink", order ? 'K' : 'L', order ? link : name);
		add_member(
		    "././@LongLink", order ? 'L' : 'K', order ? name : link);
		add_member("nnn", '2', "");
		add_member("short", '0', "");
		read_from_start(archive.len);
		ok(next() && !strcmp(e->name, name) && !strcmp(e->link, link) &&
			next() && !strcmp(e->name, "short"),
		    order ? "K before L" : "L before K");
	}
}

int
main(void)
{
	extended();
	limits();
	damaged();
	gnu_names();
	tar_reader_free(reader);
	buf_free(&archive);
	buf_free(&got);
	return tap_end();
}
