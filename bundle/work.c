/* SPDX-License-Identifier: ISC */
/* The directory that a bundle's parts lie in until they are whole. */
#include "bundle/work.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bundle/overlay.h"
#include "bundle/unpacking.h"
#include "lib/die.h"
#include "lib/directory.h"

bool
is_there(int dir, const char *name)
{
	return !faccessat(dir, name, F_OK, AT_SYMLINK_NOFOLLOW);
}

bool
work_open(struct work *w)
{
	struct stat st;

	if (mkdirat(w->in, w->name, 0700) && errno != EEXIST)
		diesys("%s", w->of);
	w->fd = openat(
	    w->in, w->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (w->fd < 0 && errno == ENOENT)
		return false;
	if (w->fd < 0 || fstat(w->fd, &st))
		diesys("%s", w->path);
	if (st.st_uid != geteuid() || st.st_mode & 022)
		die("%s: another user has put a directory in its place",
		    w->path);
	return true;
}

/* Files at once, directories by the program that can. */
void
work_empty(const struct work *w)
{
	int fd = openat(w->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;

	if (!dir)
		return;
	while ((e = readdir(dir))) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..") ||
		    !unlinkat(w->fd, e->d_name, 0) ||
		    !unlinkat(w->fd, e->d_name, AT_REMOVEDIR))
			continue;
		overlay_detach(w->fd, e->d_name);
		unpacking_remove(w->fd, e->d_name, w->rootless);
	}
	closedir(dir);
}

void
work_remove(struct work *w)
{
	work_empty(w);
	if (directory_has(w->in, w->name, w->fd) &&
	    unlinkat(w->in, w->name, AT_REMOVEDIR))
		warnsys("%s", w->path);
	close(w->fd);
	w->fd = -1;
}
