/* SPDX-License-Identifier: ISC */
/* Names as archives have them, and paths. */
#include "unpack/apply/path.h"

#include <string.h>

#include "lib/die.h"

void
path_of(const char *name, char path[PATH_MAX])
{
	size_t len = 0;

	for (const char *p = name; *p; p += strspn(p, "/")) {
		size_t n = strcspn(p, "/");

		if (n == 2 && !memcmp(p, "..", 2))
			die("%s: the name has \"..\" in it", name);
		if (n && !(n == 1 && *p == '.')) {
			if (len + n + 2 > PATH_MAX)
				die("%.60s...: the name is longer than %d "
				    "bytes",
				    name, PATH_MAX - 1);
			if (len)
				path[len++] = '/';
			memcpy(path + len, p, n);
			len += n;
		}
		p += n;
	}
	path[len] = 0;
}

const char *
path_split(const char *name, char dir[PATH_MAX], char path[PATH_MAX])
{
	char *slash;

	path_of(name, path);
	slash = strrchr(path, '/');
	*dir = 0;
	if (!slash)
		return path;
	memcpy(dir, path, (size_t)(slash - path));
	dir[slash - path] = 0;
	return slash + 1;
}

void
path_join(char path[PATH_MAX], const char *dir, const char *name)
{
	size_t n = strlen(dir);

	if (n + strlen(name) + 2 > PATH_MAX)
		die("%.60s...: the path is longer than %d bytes", dir,
		    PATH_MAX - 1);
	memmove(path, dir, n);
	if (n)
		path[n++] = '/';
	strcpy(path + n, name);
}
