/* SPDX-License-Identifier: ISC */
/*
 * Objects that no tree has: files with one link, and contents none of whose
 * blocks another file has.  Nobody has to be kept away meanwhile: who unpacks
 * has his own link or his own file before the object is gone, or makes it anew.
 */
#include "unpack/objects/garbage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "unpack/objects/names.h"
#include "unpack/objects/objects.h"

#define DIRECTORY (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#define EXTENTS 64 /* that are asked for at once */

/* Whether some of the file's blocks are another's, too; -1 with errno. */
static int
is_shared(int fd)
{
	union {
		struct fiemap map;
		char room[sizeof(struct fiemap) +
			  EXTENTS * sizeof(struct fiemap_extent)];
	} u;
	struct fiemap_extent *e;
	uint64_t at = 0;

	do {
		u.map = (struct fiemap){.fm_start = at,
		    .fm_length = FIEMAP_MAX_OFFSET - at,
		    .fm_flags = FIEMAP_FLAG_SYNC,
		    .fm_extent_count = EXTENTS};
		if (ioctl(fd, FS_IOC_FIEMAP, &u.map) < 0)
			return -1;
		e = u.map.fm_extents;
		for (unsigned i = 0; i < u.map.fm_mapped_extents; i++) {
			if (e[i].fe_flags & FIEMAP_EXTENT_SHARED)
				return 1;
			at = e[i].fe_logical + e[i].fe_length;
		}
	} while (u.map.fm_mapped_extents == EXTENTS);
	return 0;
}

/* Whether nothing but the directory of objects has it. */
static bool
is_garbage(int dir, const char *name, const struct stat *st, bool content)
{
	int fd, shared;

	if (!content)
		return st->st_nlink == 1;
	fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	shared = fd < 0 ? -1 : is_shared(fd);
	if (shared < 0)
		warnsys("%s: whether it is shared", name);
	if (fd >= 0)
		close(fd);
	return !shared;
}

struct garbage {
	const char *kind; /* OBJECT_CONTENTS, OBJECT_INODES */
	bool dry;
};

static void
sort_out(const struct garbage *g, int dir, const char *in, const char *name)
{
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    !S_ISREG(st.st_mode) ||
	    !is_garbage(dir, name, &st, !strcmp(g->kind, OBJECT_CONTENTS)))
		return;
	if (!g->dry && unlinkat(dir, name, 0) < 0) {
		if (errno == ENOENT)
			return;
		diesys("%s/%s/%s", g->kind, in, name);
	}
	printf("{\"object\":\"%s/%s/%s\",\"size\":%" PRId64 "}\n", g->kind, in,
	    name, (int64_t)st.st_size);
}

/* Each name in a directory, whose descriptor becomes ours. */
static void
each(const struct garbage *g, int fd, const char *in)
{
	DIR *dir = fdopendir(fd);
	const struct dirent *e;
	int below;

	if (!dir)
		diesys("%s", g->kind);
	while ((e = readdir(dir))) {
		if (!names_digits(e->d_name, in ? NAMES_REST : NAMES_FIRST))
			continue;
		if (in) {
			sort_out(g, fd, in, e->d_name);
			continue;
		}
		below = openat(fd, e->d_name, DIRECTORY);
		if (below >= 0)
			each(g, below, e->d_name);
	}
	closedir(dir);
}

void
objects_garbage(const char *path, int dir, bool dry)
{
	static const char *const kinds[] = {OBJECT_CONTENTS, OBJECT_INODES};
	int fd;

	names_check(path, dir);
	for (size_t i = 0; i < 2; i++) {
		fd = openat(dir, kinds[i], DIRECTORY);
		if (fd >= 0)
			each(&(struct garbage){kinds[i], dry}, fd, NULL);
		else if (errno != ENOENT)
			diesys("%s/%s", path, kinds[i]);
	}
}
