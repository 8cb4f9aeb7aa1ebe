/* SPDX-License-Identifier: ISC */
/*
 * The header block of tar by libtar.  Of it only this is used.  Not th_read:
 * it follows long names by itself, takes a header without a name for the end
 * of the archive, and its callback would need a table of blocks that all
 * threads share.  Nor its numbers, which are ints.
 */
#include "lib/tarheader.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <libtar.h>

/* libtar has pointers of its own behind the same fields. */
_Static_assert(
    sizeof(struct tarheader) == offsetof(struct tar_header, padding) +
				    sizeof((struct tar_header *)0)->padding,
    "libtar's header");

const char *
tarheader_library(void)
{
	static char text[32];

	snprintf(text, sizeof text, "libtar/%s", libtar_version);
	return text;
}

int
tarheader_sum(const struct tarheader *h)
{
	TAR t = {0};

	memcpy(&t.th_buf, h, sizeof *h);
	return th_crc_calc(&t);
}

int
tarheader_signed_sum(const struct tarheader *h)
{
	TAR t = {0};

	memcpy(&t.th_buf, h, sizeof *h);
	return th_signed_crc_calc(&t);
}

void
tarheader_finish(struct tarheader *h)
{
	TAR t = {0};

	memcpy(&t.th_buf, h, sizeof *h);
	th_finish(&t);
	memcpy(h, &t.th_buf, sizeof *h);
}
