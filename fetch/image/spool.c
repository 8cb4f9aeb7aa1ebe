/* SPDX-License-Identifier: ISC */
/* Where a layer waits for its turn. */
#include "fetch/image/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/mem.h"

int
spool_open(void)
{
	const char *dir = getenv("TMPDIR");
	char *name;
	int fd;

	if (!dir || !*dir)
		dir = "/var/tmp";
	fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
		/* Some file systems, overlayfs of old among them, have none. */
		name = xasprintf("%s/oci-fetch.XXXXXX", dir);
		fd = mkostemp(name, O_CLOEXEC);
		if (fd >= 0)
			unlink(name);
		free(name);
	}
	if (fd < 0)
		diesys("%s: no temporary file for layers; TMPDIR can name "
		       "another place, and -j 1 needs none",
		    dir);
	return fd;
}
