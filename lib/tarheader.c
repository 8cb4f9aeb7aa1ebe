/* SPDX-License-Identifier: ISC */
/* The header block of tar where there is no libtar, to the byte as libtar. */
#include "lib/tarheader.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

const char *
tarheader_library(void)
{
	return "libtar/none";
}

/* Whether byte i of a block is of the checksum. */
static int
is_sum(size_t i)
{
	return i - offsetof(struct tarheader, chksum) <
	       sizeof((struct tarheader *)0)->chksum;
}

int
tarheader_sum(const struct tarheader *h)
{
	const unsigned char *p = (const unsigned char *)h;
	int sum = 0;

	for (size_t i = 0; i < sizeof *h; i++)
		sum += is_sum(i) ? ' ' : p[i];
	return sum;
}

int
tarheader_signed_sum(const struct tarheader *h)
{
	const signed char *p = (const signed char *)h;
	int sum = 0;

	for (size_t i = 0; i < sizeof *h; i++)
		sum += is_sum(i) ? ' ' : p[i];
	return sum;
}

void
tarheader_finish(struct tarheader *h)
{
	char sum[sizeof h->chksum];

	memcpy(h->magic, "ustar", sizeof h->magic);
	memcpy(h->version, "00", sizeof h->version);
	snprintf(sum, sizeof sum, "%6o ", (unsigned)tarheader_sum(h) & 0777777);
	memcpy(h->chksum, sum, sizeof sum);
}
