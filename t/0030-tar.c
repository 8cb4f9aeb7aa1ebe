/* SPDX-License-Identifier: ISC */
/* lib/tar, lib/tarread: headers, numbers, names in headers, ends. */
#include <stdlib.h>
#include <string.h>

#include "t/tap.h"
#include "t/tararchive.h"

static bool
number(const char *field, size_t len, int64_t want)
{
	int64_t v;

	return tar_number(field, len, &v) == 0 && v == want;
}

static void
numbers(void)
{
	int64_t v;

	ok(number("0000644", 8, 0644), "octal with a NUL");
	ok(number("77777777", 8, 077777777), "octal without one");
	ok(number("   644 ", 8, 0644), "octal between spaces");
	ok(number("777777777777", 12, 0777777777777), "twelve digits");
	ok(number("\0\0\0\0\0\0\0", 8, 0), "an empty field is 0");
	ok(number("\x80\0\0\0\0\0\0\x02\x40\0\0\0", 12, 9LL << 30),
	    "9 GiB in base-256");
	ok(number("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12, -1),
	    "-1 in base-256");
	ok(number("\xff\xff\xff\xff\x80\0\0\0\0\0\0\0", 12, INT64_MIN),
	    "the least number");
	ok(tar_number("\xff\xff\xff\xff\x7f\0\0\0\0\0\0\0", 12, &v) < 0,
	    "one below it");
	ok(tar_number("\x80\0\0\0\x80\0\0\0\0\0\0\0", 12, &v) < 0,
	    "one above the largest");
	ok(tar_number("00008\0\0", 8, &v) < 0, "8 is no octal digit");
	ok(tar_number("64 4\0\0\0", 8, &v) < 0, "two numbers are none");
}

static void
headers(void)
{
	static const int64_t sizes[] = {
	    0, 1, 0xffffffff, (8LL << 30) - 1, 8LL << 30, INT64_MAX - 512};
	unsigned char block[TAR_BLOCK];
	struct tarheader h;
	bool good = true;
	int64_t v;

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		tar_header_make(block, "blobs/x", '0', 0644, sizes[i]);
		good = good && tar_header_read(block, &h) &&
		       tar_number(h.size, sizeof h.size, &v) == 0 &&
		       v == sizes[i];
	}
	ok(good, "sizes up to the largest go in and come out");
	ok(h.typeflag == '0' && !strcmp(h.name, "blobs/x") &&
		number(h.mode, 8, 0644) && !memcmp(h.magic, "ustar", 6),
	    "so do name, type and mode, as ustar");
	ok(!memcmp(h.magic, "ustar\00000", 8) &&
		!memcmp(h.chksum, " 13434 ", sizeof h.chksum),
	    "its last fields are those that libtar writes, to the byte");
	block[0] ^= 1;
	ok(!tar_header_read(block, &h), "a flipped bit is noticed");
	block[0] = 0x80 | 'b';
	sprintf((char *)block + 148, "%06o", sum_of(block, true));
	ok(tar_header_read(block, &h), "a sum of signed characters is right");
	sprintf((char *)block + 148, "%06o", sum_of(block, false));
	ok(tar_header_read(block, &h), "so is one of unsigned characters");
}

static void
runs_of_any_length(void)
{
	begin();
	add_member("a", '0', "one");
	add_pax('x', "path=long/name\n");
	add_member("b", '0', "two and more");
	add_end();
	buf_adds(&archive, "junk behind the end");
	for (size_t run = 1; run <= archive.len; run += 129) {
		char name[80];
		bool good;

		read_from_start(run);
		good = next() && !strcmp(e->name, "a") &&
		       !strcmp(got.data, "one") && next() &&
		       !strcmp(e->name, "long/name") &&
		       !strcmp(got.data, "two and more") && !next() &&
		       tar_ended(reader) && tar_drain(reader, &why) == 0 &&
		       !runs.left;
		sprintf(name, "an archive in runs of %zu bytes", run);
		ok(good, name);
	}
}

/* Whether reading comes to the end without an error. */
static bool
readable(size_t len)
{
	size_t whole = archive.len;
	int r;

	archive.len = len;
	read_from_start(4096);
	while ((r = tar_next(reader, &e, &why)) > 0)
		;
	archive.len = whole;
	return r == 0;
}

static void
cuts(void)
{
	int wrong = 0;

	begin();
	add_member("a", '0', "one");
	add_member("b", '0', "two");
	add_end();
	for (size_t len = 0; len < archive.len; len++) {
		size_t in = len % 1024; /* an entry: its header, 3 bytes */
		bool complete = !in || (in >= 515 && len < 2048) || len == 2560;

		if (readable(len) != complete)
			wrong++;
	}
	ok(wrong == 0,
	    "a cut anywhere but in what fills the last block is an error");
	archive.len -= 2 * TAR_BLOCK;
	read_from_start(archive.len);
	ok(next() && next() && !next() && !tar_ended(reader),
	    "a missing end is told from one that is there");
}

static void
ustar_names(void)
{
	begin();
	add_header("x", '0', 0);
	memset(last_header()->name, 'n', 100);
	memset(last_header()->prefix, 'p', 155);
	resum();
	add_header("x", '1', 0);
	memset(last_header()->linkname, 'l', 100);
	resum();
	add_header("dir/", 0, 0);
	resum();
	add_header("file", '7', 0);
	add_header("dumped", 'D', 5);
	add_padded("Yabc", 5);
	add_header("link", '2', 5); /* no data, whatever it says */
	add_member("last", '0', "abc");
	read_from_start(archive.len);
	ok(next() && strlen(e->name) == 256 && e->name[155] == '/',
	    "a prefix and a name without their NULs");
	ok(next() && strlen(e->link) == 100, "a link without its NUL");
	ok(next() && e->type == '5', "a directory of before there was a type");
	ok(next() && e->type == '0', "a contiguous file is a file");
	ok(next() && e->type == '5' && next() && e->type == '2' &&
		e->size == 0 && next() && !strcmp(got.data, "abc"),
	    "GNU's directory has data, a link has none");
}

int
main(void)
{
	numbers();
	headers();
	runs_of_any_length();
	cuts();
	ustar_names();
	tar_reader_free(reader);
	buf_free(&archive);
	buf_free(&got);
	return tap_end();
}
