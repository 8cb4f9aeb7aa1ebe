/* SPDX-License-Identifier: ISC */
/* Files inside the image's root file system. */
#include "bundle/imagefile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/die.h"
#include "lib/inside.h"
#include "lib/io.h"
#include "lib/mem.h"

#define LINKS_MAX 40 /* as the kernel has it */

char *
imagefile_slurp(int root, const char *path, size_t max)
{
	char *text, name[32];
	struct stat st;
	size_t len;
	int place, fd;

	/* What is mounted there, /proc perhaps, is no part of the image. */
	place = inside_root_open(root, path, O_PATH, false);
	if (place < 0 &&
	    (errno == ENOENT || errno == ENOTDIR || errno == ELOOP))
		return NULL; /* or a link that ends nowhere */
	if (place < 0 || fstat(place, &st) < 0)
		diesys("%s in the image", path);
	if (!S_ISREG(st.st_mode))
		die("%s in the image: not a regular file", path);
	snprintf(name, sizeof name, "/proc/self/fd/%d", place);
	fd = open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	text = fd < 0 ? NULL : io_slurp(fd, max, &len);
	if (!text && errno == EFBIG)
		die("%s in the image: longer than %zu bytes", path, max);
	if (!text)
		diesys("%s in the image", path);
	if (memchr(text, '\0', len))
		die("%s in the image: contains a NUL byte", path);
	close(fd);
	close(place);
	return text;
}

/* The target of path when it is a link, else NULL; what isn't there is none. */
static char *
link_target(int root, const char *path)
{
	char target[PATH_MAX];
	struct stat st;
	ssize_t n = 0;
	int fd;

	fd = inside_root_open(root, path, O_PATH | O_NOFOLLOW, true);
	if (fd < 0 && errno != ENOENT && errno != ENOTDIR)
		diesys("%s in the image", path);
	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) < 0)
		diesys("%s in the image", path);
	if (S_ISLNK(st.st_mode)) {
		n = readlinkat(fd, "", target, sizeof target);
		if (n < 0)
			diesys("%s in the image", path);
	}
	close(fd);
	return n ? xstrndup(target, (size_t)n) : NULL;
}

/* Put one component behind the path that is resolved so far. */
static void
path_step(struct buf *path, const char *name, size_t len)
{
	if (len == 0 || (len == 1 && *name == '.'))
		return;
	if (len == 2 && !memcmp(name, "..", 2)) {
		while (path->len && path->data[--path->len] != '/')
			;
	} else {
		buf_addc(path, '/');
		buf_add(path, name, len);
		return;
	}
	if (path->data)
		path->data[path->len] = '\0';
}

char *
imagefile_resolve(int root, const char *path)
{
	char *rest = xstrdup(path), *target, *next;
	struct buf done = {0};
	size_t before, len;
	int links = 0;

	for (char *at = rest; *at;) {
		len = strcspn(at, "/");
		before = done.len;
		path_step(&done, at, len);
		at += len + (at[len] == '/');
		target =
		    done.len > before ? link_target(root, done.data) : NULL;
		if (!target)
			continue;
		if (++links > LINKS_MAX)
			die("%s in the image: too many symbolic links", path);
		done.len = *target == '/' ? 0 : before;
		done.data[done.len] = '\0';
		next = xasprintf("%s/%s", target, at);
		free(target);
		free(rest);
		at = rest = next;
	}
	free(rest);
	if (!done.len)
		buf_addc(&done, '/');
	return buf_take(&done);
}
