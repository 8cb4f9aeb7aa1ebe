/* SPDX-License-Identifier: ISC */
/*
 * The tar reader under libFuzzer.  The first byte of the input is the length
 * of the runs, the rest an archive whose checksums are put right, or else
 * nothing would get past the first header.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/source.h"
#include "lib/tar.h"
#include "lib/tarentry.h"
#include "lib/tarread.h"
#include "t/fuzz/fuzz.h"
#include "t/runs.h"

/* Give every block that looks like a header its checksum. */
static void
checksums(unsigned char *p, size_t len)
{
	for (; len >= TAR_BLOCK; p += TAR_BLOCK, len -= TAR_BLOCK) {
		unsigned sum = 0;

		if (memcmp(p + 257, "ustar", 5) != 0)
			continue;
		memset(p + 148, ' ', 8);
		for (int i = 0; i < TAR_BLOCK; i++)
			sum += p[i];
		for (int i = 5; i >= 0; i--, sum >>= 3)
			p[148 + i] = (unsigned char)('0' + (sum & 7));
	}
}

/* Touch all that an entry says, so that a sanitizer sees it. */
static void
entry_check(struct tar_reader *t, const struct tar_entry *e)
{
	const unsigned char *p;
	const char *why;
	int64_t bytes = 0;
	ssize_t n;
	size_t sum = strlen(e->name) + strlen(e->link);

	for (size_t i = 0; i < e->nxattrs; i++)
		sum +=
		    strlen(e->xattrs[i].name) +
		    (e->xattrs[i].len
			    ? (size_t)e->xattrs[i].value[e->xattrs[i].len - 1]
			    : 0);
	while ((n = tar_data(t, &p, &why)) > 0)
		bytes += n + (p[n - 1] & 0);
	if (n < 0 || sum == SIZE_MAX)
		return;
	for (size_t i = 0; i < e->nsegments; i++) {
		const struct tar_segment *s = &e->segments[i];

		fuzz_must(s->offset >= 0 && s->offset <= e->size - s->len,
		    "a segment is in its file");
		bytes -= s->len;
	}
	fuzz_must(e->type != '0' || bytes == (e->sparse ? 0 : e->size),
	    "a file's data has its size");
}

static void
archive(void *arg)
{
	const struct tar_entry *e;
	struct tar_reader *t = tar_reader_new(arg);
	const char *why = NULL;
	int r;

	do {
		while ((r = tar_next(t, &e, &why)) > 0)
			entry_check(t, e);
		fuzz_must(r == 0 || why, "there is a reason");
	} while (r == 0 && (r = tar_again(t, &why)) > 0);
	tar_drain(t, &why);
	tar_reader_free(t);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	struct runs r = {.source.next = runs_next};
	unsigned char *copy;

	if (!len)
		return 0;
	r.run = 1 + (size_t)*data * 8;
	r.left = len - 1;
	copy = malloc(len);
	memcpy(copy, data + 1, r.left);
	checksums(copy, r.left);
	r.p = copy;
	fuzz_must(fuzz_survived(archive, &r.source), "tar is no reason to die");
	free(copy);
	return 0;
}
