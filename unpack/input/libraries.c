/* SPDX-License-Identifier: ISC */
/* The libraries that decompress. */
#include "unpack/input/libraries.h"

#include <stdio.h>

#include <zstd.h>

#include "unpack/input/inflate.h"

const char *
libraries_gzip(void)
{
	return inflater_library();
}

const char *
libraries_zstd(void)
{
	static char text[32];

	snprintf(text, sizeof text, "libzstd/%s", ZSTD_versionString());
	return text;
}
