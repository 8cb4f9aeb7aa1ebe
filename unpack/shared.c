/* SPDX-License-Identifier: ISC */
/* Directories that images share something in, which they have to trust. */
#include "unpack/shared.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/directory.h"

static void
owner_check(int fd, const char *path)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		diesys("%s", path);
	if (st.st_uid != geteuid())
		die("%s: belongs to another user", path);
	if (st.st_mode & 022)
		die("%s: others may write there, who could change what images "
		    "share",
		    path);
}

int
shared_there(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		diesys("%s", path);
	owner_check(fd, path);
	return fd;
}

int
shared_open(const char *path)
{
	struct directory made;
	int fd = directory_make(path, 0700, &made);

	directory_forget(&made);
	if (fd < 0)
		return shared_there(path);
	owner_check(fd, path);
	return fd;
}
