/* SPDX-License-Identifier: ISC */
/*
 * The header block of tar, as POSIX's ustar has it: its fields, its checksum,
 * its end.  libtar does this where the system has it (tarheader_libtar.c),
 * tarheader.c where not; GNUmakefile chooses, and the bytes are the same.
 */
#ifndef LIB_TARHEADER_H
#define LIB_TARHEADER_H

struct tarheader {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12];
	char chksum[8], typeflag, linkname[100], magic[6], version[2];
	char uname[32], gname[32], devmajor[8], devminor[8], prefix[155];
	char padding[12];
};

/* "libtar/1.2.20", of the library that runs; "libtar/none" without one. */
const char *tarheader_library(void);

/*
 * The sum of the block's bytes with spaces for chksum.  Some old programs
 * summed signed characters.
 */
int tarheader_sum(const struct tarheader *h);
int tarheader_signed_sum(const struct tarheader *h);

/* All other fields are there: add magic, version and chksum. */
void tarheader_finish(struct tarheader *h);

#endif
