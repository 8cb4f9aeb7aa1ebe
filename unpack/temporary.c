/* SPDX-License-Identifier: ISC */
/* A directory that has another name until it is whole. */
#include "unpack/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/directory.h"
#include "unpack/tree/removal.h"

void
temporary_settle(int fd, const char *name)
{
	fremovexattr(fd, "system.posix_acl_default");
	fremovexattr(fd, "system.posix_acl_access");
	if (fchown(fd, (uid_t)-1, getegid()) < 0 || fchmod(fd, 0700) < 0)
		diesys("%s", name);
}

int
temporary_remove(int parent, const char *name, int fd)
{
	if (fchmod(fd, 0700) < 0 || removal_empty(fd) < 0)
		return -1;
	if (!directory_has(parent, name, fd)) {
		errno = ESTALE;
		return -1;
	}
	return unlinkat(parent, name, AT_REMOVEDIR);
}
