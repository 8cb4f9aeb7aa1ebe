/* SPDX-License-Identifier: ISC */
/* The directory of all containers: whose it is, and where. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/mem.h"
#include "lib/procstat.h"
#include "lib/statedir.h"

/* Then root is some user's name for himself, and /run isn't his. */
static bool
in_user_namespace(void)
{
	FILE *map = fopen("/proc/self/uid_map", "re");
	unsigned long count;
	bool some;

	if (!map)
		return false;
	some = fscanf(map, "%*u %*u %lu", &count) == 1 && count != UINT32_MAX;
	fclose(map);
	return some;
}

/* Where the state is without --root; owned. */
static char *
root_default(void)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	bool set = runtime && *runtime == '/';

	if (geteuid() == 0 && !(set && in_user_namespace()))
		return xstrdup("/run/oci");
	if (set)
		return xasprintf("%s/oci", runtime);
	return xasprintf("/tmp/oci-%u", (unsigned)geteuid());
}

static void
root_make(const char *path)
{
	char *part = xstrdup(path);

	for (char *p = part + 1; *part && *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(part, 0755) < 0 && errno != EEXIST)
			diesys("%s", part);
		*p = '/';
	}
	if (mkdir(part, 0700) < 0 && errno != EEXIST)
		diesys("%s", part);
	free(part);
}

/*
 * What stands in the state decides what is killed and removed: nobody else
 * may have written it.  The superuser may look at, not change, what others
 * have.
 */
static void
root_check(int fd, const char *path, enum state_use use)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		diesys("%s", path);
	if (st.st_uid != geteuid() && (use != STATE_LOOK || geteuid() != 0))
		die("%s: belongs to another user; choose one with --root",
		    path);
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		die("%s: others can write to it; try chmod go-w", path);
}

int
state_root(const char *root, enum state_use use)
{
	/* What stands in /tmp may be a link that somebody else made. */
	int follow = root ? 0 : O_NOFOLLOW, fd;
	char *path = root ? xstrdup(root) : root_default();

	procstat_check(); /* by which all states are judged */
	if (use == STATE_MAKE)
		root_make(path);
	fd = open(path, STATE_OPEN | follow);
	if (fd < 0 && (errno != ENOENT || use == STATE_MAKE))
		diesys("%s", path);
	if (fd >= 0)
		root_check(fd, path, use);
	free(path);
	return fd;
}
