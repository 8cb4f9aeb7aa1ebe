/* SPDX-License-Identifier: ISC */
/* The file of --pid-file. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "run/container/pidfile.h"

static char *written;

static void
written_remove(void)
{
	if (written)
		unlink(written);
}

/*
 * Whether a file put in its place would take something else away: a device, a
 * pipe, or what /dev/stdout is.  A link that somebody left is taken away, for
 * it may lead anywhere.
 */
static bool
is_to_stay(const char *path)
{
	struct open_how how = {
	    .flags = O_PATH | O_CLOEXEC,
	    .resolve = RESOLVE_NO_MAGICLINKS,
	};
	int fd = syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
	struct stat st;
	bool stays;

	if (fd < 0)
		return errno == ELOOP;
	stays =
	    fstat(fd, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
	close(fd);
	return stays;
}

/* Who reads a pipe has to be there. */
static int
write_to(const char *path, const char *text, size_t n)
{
	int fd = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	int r = fd < 0 ? -1 : io_write(fd, text, n), error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
	return r;
}

static int
replace(const char *path, const char *text, size_t n)
{
	char *copy = xstrdup(path), *other = xstrdup(path);
	int dir = open(dirname(copy), O_PATH | O_DIRECTORY | O_CLOEXEC);
	int r = dir < 0 ? -1 : io_replace(dir, basename(other), text, n, 0644);
	int error = errno;

	if (dir >= 0)
		close(dir);
	free(copy);
	free(other);
	errno = error;
	return r;
}

void
pidfile_write(const char *path, pid_t pid)
{
	bool stays = is_to_stay(path);
	char text[16];
	int n = snprintf(text, sizeof text, "%d", (int)pid);

	if ((stays ? write_to(path, text, n) : replace(path, text, n)) < 0)
		diesys("--pid-file: %s", path);
	if (stays)
		return;
	written = xstrdup(path);
	atexit(written_remove);
}

void
pidfile_keep(void)
{
	free(written);
	written = NULL;
}
