/* SPDX-License-Identifier: ISC */
/* The libraries that decompress. */
#include "unpack/input/libraries.h"

#include <stdio.h>

#include <zlib.h>
#include <zstd.h>

const char *
libraries_gzip(void)
{
	static char text[32];

	snprintf(text, sizeof text, "zlib/%s", zlibVersion());
	return text;
}

const char *
libraries_zstd(void)
{
	static char text[32];

	snprintf(text, sizeof text, "libzstd/%s", ZSTD_versionString());
	return text;
}
