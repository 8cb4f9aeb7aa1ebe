/* SPDX-License-Identifier: ISC */
/* The libraries of the programs that read layers, for their --version. */
#ifndef UNPACK_INPUT_LIBRARIES_H
#define UNPACK_INPUT_LIBRARIES_H

#include "lib/digest.h"
#include "lib/json.h"
#include "lib/tarheader.h"

#define LIBRARIES                                                              \
	{                                                                      \
		json_library, digest_library, tarheader_library,               \
		    libraries_gzip, libraries_zstd                             \
	}

/* Those that decompress: "zlib/1.2.13". */
const char *libraries_gzip(void);
const char *libraries_zstd(void);

#endif
