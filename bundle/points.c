/* SPDX-License-Identifier: ISC */
/*
 * The places in a root file system that a container's mounts need.  What is
 * below another mount is made there, by the runtime.
 */
#include "bundle/points.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/inside.h"
#include "lib/json.h"
#include "lib/mem.h"

static int
place_open(int root, const char *path)
{
	return inside_root_open(root, path, O_PATH, false);
}

/* Whether the path is below one that something is mounted on. */
static bool
is_below(const cJSON *mounts, const char *path)
{
	const cJSON *m;

	cJSON_ArrayForEach(m, mounts)
	{
		const char *at = json_string(m, "destination");
		size_t n = at ? strlen(at) : 0;

		if (n > 1 && !strncmp(path, at, n) && path[n] == '/')
			return true;
	}
	return false;
}

/* Of a file of the host the place is a file. */
static bool
is_file(const cJSON *mount)
{
	const char *source = json_string(mount, "source"),
		   *type = json_string(mount, "type");
	struct stat st;

	return source && type && !strcmp(type, "bind") && !stat(source, &st) &&
	       !S_ISDIR(st.st_mode);
}

/* One more component, in a directory that is there. */
static int
component_make(int root, const char *path, int parent, bool file)
{
	const char *name = strrchr(path, '/') + 1;
	int fd = -1;

	if (file)
		fd = openat(parent, name,
		    O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0644);
	else
		mkdirat(parent, name, 0755);
	if (fd >= 0)
		close(fd);
	return place_open(root, path);
}

/* As far as it goes: a link that leads nowhere ends it. */
static void
place_make(int root, const char *path, bool file)
{
	char *copy = xstrdup(path), *end = copy;
	int parent = place_open(root, "/"), fd;
	char rest;

	while (parent >= 0 && *end) {
		end += strspn(end, "/");
		end += strcspn(end, "/");
		rest = *end;
		*end = '\0';
		fd = place_open(root, copy);
		if (fd < 0 && errno == ENOENT)
			fd = component_make(root, copy, parent, file && !rest);
		*end = rest;
		close(parent);
		parent = fd;
	}
	if (parent >= 0)
		close(parent);
	free(copy);
}

static const char *
start_of(const cJSON *config)
{
	return json_string(json_get(config, "process"), "cwd");
}

void
points_make(int root, const cJSON *config)
{
	const cJSON *mounts = json_get(config, "mounts"), *m;
	const char *path = start_of(config);
	mode_t mask = umask(0);

	cJSON_ArrayForEach(m, mounts)
	{
		const char *at = json_string(m, "destination");

		if (at && !is_below(mounts, at))
			place_make(root, at, is_file(m));
	}
	if (path && !is_below(mounts, path))
		place_make(root, path, false);
	umask(mask);
}

static bool
is_lacking(int root, const cJSON *mounts, const char *path)
{
	int fd;

	if (!path || is_below(mounts, path))
		return false;
	fd = place_open(root, path);
	if (fd >= 0)
		close(fd);
	return fd < 0;
}

const char *
points_lack(int root, const cJSON *config)
{
	const cJSON *mounts = json_get(config, "mounts"), *m;

	cJSON_ArrayForEach(m, mounts)
	{
		if (is_lacking(root, mounts, json_string(m, "destination")))
			return json_string(m, "destination");
	}
	return is_lacking(root, mounts, start_of(config)) ? start_of(config)
							  : NULL;
}
