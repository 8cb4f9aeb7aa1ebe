/* SPDX-License-Identifier: ISC */
/* The libraries that decompress, for --version: "zlib/1.2.13". */
#ifndef UNPACK_INPUT_LIBRARIES_H
#define UNPACK_INPUT_LIBRARIES_H

const char *libraries_gzip(void);
const char *libraries_zstd(void);

#endif
