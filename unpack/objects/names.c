/* SPDX-License-Identifier: ISC */
/* The names that a directory of objects has. */
#include "unpack/objects/names.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "lib/die.h"
#include "unpack/objects/objects.h"

bool
names_digits(const char *name, size_t n)
{
	return strlen(name) == n && strspn(name, "0123456789abcdef") == n;
}

/* kind NULL: in the directory itself. */
static bool
is_known(const char *kind, const char *name)
{
	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return true;
	return kind ? names_digits(name, NAMES_FIRST)
		    : !strcmp(name, OBJECT_CONTENTS) ||
			  !strcmp(name, OBJECT_INODES) ||
			  !strcmp(name, "lost+found");
}

static void
each_check(const char *path, int in, const char *kind)
{
	int fd = openat(in, kind ? kind : ".",
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;

	if (!dir && errno == ENOENT)
		return;
	if (!dir)
		diesys("%s/%s", path, kind ? kind : "");
	while ((e = readdir(dir)))
		if (!is_known(kind, e->d_name))
			die("%s: neither a directory of shared files, for it "
			    "has %s%s%s, nor an empty one",
			    path, kind ? kind : "", kind ? "/" : "", e->d_name);
	closedir(dir);
}

void
names_check(const char *path, int dir)
{
	each_check(path, dir, NULL);
	each_check(path, dir, OBJECT_CONTENTS);
	each_check(path, dir, OBJECT_INODES);
}
