/* SPDX-License-Identifier: ISC */
/* Where a layer waits for its turn. */
#include "fetch/image/spool.h"

#include "lib/die.h"
#include "lib/scratch.h"

int
spool_open(void)
{
	const char *dir = scratch_dir("/var/tmp");
	int fd = scratch_open(dir);

	if (fd < 0)
		diesys("%s: no temporary file for layers; TMPDIR can name "
		       "another place, and -j 1 needs none",
		    dir);
	return fd;
}
