/* SPDX-License-Identifier: ISC */
/* What writers that died left in a layout. */
#include "layout/inventory/leftover.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "layout/store/removal.h"
#include "layout/store/staging.h"
#include "lib/die.h"
#include "lib/mem.h"

enum { HOUR = 3600 };

static bool
is_ours(const char *name)
{
	return staging_is_name(name, NULL);
}

/* skopeo: a blob that is being written; umoci: a directory, which it locks. */
static bool
is_others(const char *name)
{
	return !strncmp(name, "oci-put-blob", 12) ||
	       !strncmp(name, ".umoci-", 7);
}

/* Whether nobody holds a lock on it: its writer has died, or locks nothing. */
static bool
is_unlocked(int dir, const char *name)
{
	int fd = openat(dir, name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	bool is = fd >= 0 && !flock(fd, LOCK_EX | LOCK_NB);

	if (fd >= 0)
		close(fd);
	return is;
}

static bool
is_old(int dir, const char *name)
{
	struct stat st;

	return !fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) &&
	       st.st_mtime < time(NULL) - HOUR;
}

/* Of those in the directory, which has the path below the layout. */
static void
directory_look(
    struct findings *f, int layout, const char *path, bool ours, bool remove)
{
	int fd = openat(
	    layout, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct finding *one;
	struct dirent *e;
	char *name;

	while (dir && (e = readdir(dir))) {
		if (ours ? !is_ours(e->d_name)
			 : !is_others(e->d_name) || !is_old(fd, e->d_name))
			continue;
		if (!is_unlocked(fd, e->d_name))
			continue;
		name = strcmp(path, ".") ? xasprintf("%s/%s", path, e->d_name)
					 : xstrdup(e->d_name);
		one = findings_file(
		    f, "leftover", name, "its writer has not finished it");
		if (remove)
			one->repaired = removal_entry(fd, e->d_name);
		free(name);
	}
	if (dir)
		closedir(dir);
}

void
leftovers_find(struct findings *f, int layout, bool remove)
{
	directory_look(f, layout, "blobs", true, remove);
	directory_look(f, layout, ".", false, remove);
}
