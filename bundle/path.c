/* SPDX-License-Identifier: ISC */
/* Paths in config.json, as an image or a user writes them. */
#include "bundle/path.h"

#include <stdlib.h>
#include <string.h>

#include "bundle/imagefile.h"
#include "lib/buf.h"
#include "lib/die.h"

char *
destination_clean(const char *path, const char **why)
{
	struct buf clean = {0};
	size_t len;

	*why = *path == '/' ? NULL : "must be an absolute path";
	for (; *path && !*why; path += len) {
		path += strspn(path, "/");
		len = strcspn(path, "/");
		if (len == 2 && !strncmp(path, "..", 2))
			*why = "must not have .. in it";
		if (len == 0 || (len == 1 && *path == '.'))
			continue;
		buf_addc(&clean, '/');
		buf_add(&clean, path, len);
	}
	if (!*why && !clean.len)
		*why = "must not be the root directory";
	if (!*why)
		return buf_take(&clean);
	buf_free(&clean);
	return NULL;
}

char *
path_tidy(const char *path)
{
	struct buf tidy = {0};
	size_t len;

	if (*path == '/')
		buf_addc(&tidy, '/');
	for (; *path; path += len) {
		path += strspn(path, "/");
		len = strcspn(path, "/");
		if (len == 0 || (len == 1 && *path == '.'))
			continue;
		if (tidy.len && tidy.data[tidy.len - 1] != '/')
			buf_addc(&tidy, '/');
		buf_add(&tidy, path, len);
	}
	if (!tidy.len)
		buf_addc(&tidy, '.');
	return buf_take(&tidy);
}

bool
destination_is_within(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	return !strncmp(path, dir, len) && (path[len] == '/' || !path[len]);
}

void
workdir_check(int root, const char *dir)
{
	/* The links in /dev are the runtime's (runtime-linux.md). */
	static const char *const doors[] = {
	    "/dev/fd", "/dev/stdin", "/dev/stdout", "/dev/stderr"};
	char *real;
	bool is_door;

	if (*dir != '/')
		die("working directory %s: must be an absolute path", dir);
	if (root < 0)
		return;
	real = imagefile_resolve(root, dir);
	is_door = !strncmp(real, "/proc/", 6);
	for (size_t i = 0; i < sizeof doors / sizeof *doors; i++)
		is_door |= destination_is_within(real, doors[i]);
	if (is_door)
		die("working directory %s: leads to %s, where no container may "
		    "start; choose another with --workdir",
		    dir, real);
	free(real);
}
