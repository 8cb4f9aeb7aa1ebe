/* SPDX-License-Identifier: ISC */
/* lib/sparse, lib/tarread: sparse files in their four formats. */
#include "t/tap.h"
#include "t/tararchive.h"

static bool
holes(void)
{
	return next() && !strcmp(e->name, "holes") && e->type == '0' &&
	       e->sparse && e->size == 1000000 && e->nsegments == 2 &&
	       e->segments[0].offset == 512 && e->segments[0].len == 3 &&
	       e->segments[1].offset == 999997 && e->segments[1].len == 3 &&
	       !strcmp(got.data, "abcxyz");
}

static void
sparse(void)
{
	char *h;

	begin();
	add_pax('x', "GNU.sparse.size=1000000\nGNU.sparse.numblocks=2\n"
		     "GNU.sparse.offset=512\nGNU.sparse.numbytes=3\n"
		     "GNU.sparse.offset=999997\nGNU.sparse.numbytes=3\n");
	add_member("holes", '0', "abcxyz");
	add_pax('x', "GNU.sparse.size=1000000\nGNU.sparse.name=holes\n"
		     "GNU.sparse.map=512,3,999997,3\n");
	add_member("GNUSparseFile.1/holes", '0', "abcxyz");
	add_pax('x', "GNU.sparse.major=1\nGNU.sparse.minor=0\n"
		     "GNU.sparse.name=holes\nGNU.sparse.realsize=1000000\n");
	add_header("GNUSparseFile.1/holes", '0', TAR_BLOCK + 6);
	add_padded("2\n512\n3\n999997\n3\n", 17);
	add_padded("abcxyz", 6);
	add_header("holes", 'S', 6);
	h = (char *)last_header();
	memcpy(h + 257, "ustar  ", 8);
	sprintf(h + 386, "%011o", 512);
	sprintf(h + 398, "%011o", 3);
	sprintf(h + 410, "%011o", 999997);
	sprintf(h + 422, "%011o", 3);
	sprintf(h + 483, "%011o", 1000000);
	resum();
	add_padded("abcxyz", 6);
	add_member("after", '0', "them");
	read_from_start(777);
	ok(holes(), "a sparse file, PAX format 0.0");
	ok(holes(), "PAX format 0.1");
	ok(holes(), "PAX format 1.0");
	ok(holes(), "GNU's format");
	ok(next() && !strcmp(got.data, "them") && !e->sparse,
	    "and what comes after them");
}

static void
sparse_damaged(void)
{
	static const char *const maps[] = {"512,3,511,3", "512,3,514,3", "0,7",
	    "0,5", "0,6,2000000,0", "0,6,7", "0,,6", "9223372036854775807,6"};
	char text[200];
	int wrong = 0;

	for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
		snprintf(text, sizeof text,
		    "GNU.sparse.map=%s\nGNU.sparse.size=1000000\n", maps[i]);
		begin();
		add_pax('x', text);
		add_member("holes", '0', "abcxyz");
		if (!refused("sparse map") && !refused("damaged")) {
			printf("# %s\n", maps[i]);
			wrong++;
		}
	}
	ok(wrong == 0, "maps that go back, overlap or don't fit are refused");
}

int
main(void)
{
	sparse();
	sparse_damaged();
	tar_reader_free(reader);
	buf_free(&archive);
	buf_free(&got);
	return tap_end();
}
