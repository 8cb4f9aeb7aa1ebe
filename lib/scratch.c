/* SPDX-License-Identifier: ISC */
/* A file without a name, for what has to wait; it ends with its process. */
#include "lib/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/mem.h"

const char *
scratch_dir(const char *other)
{
	const char *dir = getenv("TMPDIR");

	return dir && *dir ? dir : other;
}

int
scratch_open(const char *dir)
{
	int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	char *name;

	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
		return fd;
	/* NFS, and overlayfs of old, give each file a name. */
	name = xasprintf("%s/oci.XXXXXX", dir);
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		unlink(name);
	free(name);
	return fd;
}
