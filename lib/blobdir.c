/* SPDX-License-Identifier: ISC */
/* The directories of a layout that blobs are moved into. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/blob.h"

/* Whether nobody but this user and root can put a link of his own there. */
static bool
is_ours(int blobs, const char *name)
{
	struct stat st, dir;

	if (fstatat(blobs, name, &st, AT_SYMLINK_NOFOLLOW) ||
	    fstat(blobs, &dir))
		return false;
	return S_ISLNK(st.st_mode) && !(dir.st_mode & 022) &&
	       (st.st_uid == geteuid() || st.st_uid == 0) &&
	       (dir.st_uid == geteuid() || dir.st_uid == 0);
}

int
blob_directory(int blobs, const char *digest)
{
	const char *name = strncmp(digest, "sha512:", 7) ? "sha256" : "sha512";
	int follow = is_ours(blobs, name) ? 0 : O_NOFOLLOW;

	if (!follow || !mkdirat(blobs, name, 0777) || errno == EEXIST)
		return openat(
		    blobs, name, O_RDONLY | O_DIRECTORY | follow | O_CLOEXEC);
	return -1;
}
