/* SPDX-License-Identifier: ISC */
/* The descriptors of the container's first process. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/syscalls.h"
#include "run/process/descriptors.h"

#define STREAMS 3

void
descriptors_check(unsigned listened, unsigned preserved)
{
	unsigned own = STREAMS + listened; /* the first of --preserve-fds */
	struct stat st;

	for (int fd = 0; fd < STREAMS; fd++)
		if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
			die("standard %s is a directory: from there a "
			    "container could go anywhere on the host",
			    fd == 0   ? "input"
			    : fd == 1 ? "output"
				      : "error");
	for (unsigned fd = STREAMS; fd < own + preserved; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			diesys("%s %u: descriptor %u",
			    fd < own ? "LISTEN_FDS" : "--preserve-fds",
			    fd < own ? listened : preserved, fd);
}

static int
compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* Close from up to, but without, end. */
static void
range_close(unsigned from, unsigned end)
{
	if (from >= end || close_range(from, end - 1, 0) == 0)
		return;
	die_if_missing("close_range", "5.9");
	diesys("close_range");
}

void
descriptors_keep(unsigned preserved, int *keep, size_t n)
{
	unsigned from = STREAMS + preserved;

	qsort(keep, n, sizeof *keep, compare);
	for (size_t i = 0; i < n; i++) {
		if (keep[i] < (int)from)
			continue;
		range_close(from, keep[i]);
		from = keep[i] + 1;
	}
	range_close(from, ~0U);
}
