/* SPDX-License-Identifier: ISC */
/* The file of --pid-file. */
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

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

void
pidfile_write(const char *path, pid_t pid)
{
	char *copy = xstrdup(path), *other = xstrdup(path), text[16];
	int n = snprintf(text, sizeof text, "%d", (int)pid);
	int dir = open(dirname(copy), O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0 || io_replace(dir, basename(other), text, n, 0644) < 0)
		diesys("--pid-file: %s", path);
	written = xstrdup(path);
	atexit(written_remove);
	close(dir);
	free(copy);
	free(other);
}

void
pidfile_keep(void)
{
	free(written);
	written = NULL;
}
