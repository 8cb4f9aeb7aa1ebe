/* SPDX-License-Identifier: ISC */
/* Root file systems that are not wanted any more. */
#include "unpack/remove.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/directory.h"
#include "unpack/tree/removal.h"

static void
remove_one(const char *path)
{
	struct directory at;
	struct stat st;

	directory_split(path, &at);
	if (at.parent < 0 && errno == ENOENT)
		return;
	if (at.parent < 0)
		diesys("%s", path);
	if (!*at.name || !strcmp(at.name, ".") || !strcmp(at.name, ".."))
		die("%s: not the name of a root file system", path);
	if (!fstatat(at.parent, at.name, &st, AT_SYMLINK_NOFOLLOW)) {
		if (!S_ISDIR(st.st_mode))
			die("%s: not a directory", path);
		if (removal(at.parent, at.name) < 0)
			diesys("%s", path);
	} else if (errno != ENOENT) {
		diesys("%s", path);
	}
	directory_forget(&at);
}

void
remove_all(char *const *paths, size_t n, enum rootless mode)
{
	rootless_enter(mode);
	for (size_t i = 0; i < n; i++)
		remove_one(paths[i]);
}
