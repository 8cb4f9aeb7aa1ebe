/* SPDX-License-Identifier: ISC */
/* Room for a file whose size is known before its bytes come. */
#include "lib/room.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

/*
 * On a tmpfs the pages themselves would be made, 93 MB of them in 20 ms, while
 * who writes to the pipe waits.  What is free is looked at instead.
 */
static int
memory_look(int fd, int64_t n, const struct statfs *fs)
{
	struct stat st;

	if (fstat(fd, &st))
		return -1;
	n -= st.st_blocks * 512;
	if (!fs->f_blocks || /* it has no limit of its own */
	    n <= 0 || (uint64_t)(n - 1) / (uint64_t)fs->f_bsize < fs->f_bavail)
		return 0;
	errno = ENOSPC;
	return -1;
}

int
room_make(int fd, int64_t n)
{
	struct statfs fs;

	if (n < ROOM_LARGE)
		return 0;
	if (!fstatfs(fd, &fs) && fs.f_type == TMPFS_MAGIC)
		return memory_look(fd, n, &fs);
	/* Unlike posix_fallocate(3) this never writes zeros. */
	if (!fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, n))
		return 0;
	return errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? -1 : 0;
}
