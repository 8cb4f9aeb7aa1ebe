/* SPDX-License-Identifier: ISC */
/*
 * Layers on their way.  One is made under the name ALGORITHM/.DIGITS.tmp,
 * which is locked meanwhile: who else wants that layer waits for the lock, and
 * finds it.  What isn't locked is a leftover.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/directory.h"
#include "lib/mem.h"
#include "unpack/layers/store.h"
#include "unpack/stop.h"
#include "unpack/temporary.h"

#define FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/* What is being made, for atexit(3): there is one in a process at a time. */
static struct {
	int parent, fd;
	char *temporary; /* NULL: nothing is */
	char *name;
} making;

static void
abandon(void)
{
	stop_ending();
	if (making.temporary &&
	    temporary_remove(making.parent, making.temporary, making.fd) < 0)
		warnsys("%s", making.temporary);
}

/* Have the lock, or be stopped by a signal. */
static void
lock(int fd, const char *name)
{
	while (flock(fd, LOCK_EX) < 0) {
		if (errno != EINTR)
			diecall("flock", name);
		stop_check();
	}
}

/*
 * Make the directory and lock it: -1 when it has to be tried again, for
 * somebody was at work there, or was killed, whose rest is removed.
 */
static int
temporary_make(const struct store *s, const char *name)
{
	bool made = mkdirat(s->dir, name, 0700) == 0;
	int fd;

	if (!made && errno != EEXIST)
		diesys("%s/%s", s->path, name);
	fd = openat(s->dir, name, FLAGS);
	if (fd < 0 && errno == ENOENT)
		return -1;
	if (fd < 0)
		diesys("%s/%s", s->path, name);
	lock(fd, name);
	if (directory_has(s->dir, name, fd)) {
		/* Made anew by another run it may be full already. */
		if (made && directory_is_empty(fd))
			return fd;
		if (temporary_remove(s->dir, name, fd) < 0)
			diesys("%s/%s", s->path, name);
	}
	close(fd);
	return -1;
}

static void
algorithm_make(const struct store *s, const char *chain)
{
	char *name = xstrndup(chain, strcspn(chain, ":"));

	if (mkdirat(s->dir, name, 0700) < 0 && errno != EEXIST)
		diesys("%s/%s", s->path, name);
	free(name);
}

/* From here on the end of the process removes it. */
static void
making_begin(const struct store *s, const char *chain, char *temporary, int fd)
{
	static bool registered;

	making.parent = s->dir;
	making.fd = fd;
	making.name = store_path(chain, "", "");
	making.temporary = temporary;
	if (!registered)
		atexit(abandon);
	registered = true;
	temporary_settle(fd, temporary);
}

int
store_begin(const struct store *s, const char *chain, int *begun)
{
	int there = store_find(s, chain), fd;
	char *name;

	if (there >= 0)
		return there;
	algorithm_make(s, chain);
	name = store_path(chain, ".", ".tmp");
	do
		fd = temporary_make(s, name);
	while (fd < 0 && (there = store_find(s, chain)) < 0);
	/* It may be made after we looked and before we had the lock. */
	if (fd >= 0)
		there = store_find(s, chain);
	if (there < 0) {
		making_begin(s, chain, name, fd);
		*begun = fd;
		return -1;
	}
	if (fd >= 0) {
		temporary_remove(s->dir, name, fd);
		close(fd);
	}
	free(name);
	return there;
}

/*
 * It is on the disk before it has its name, for nobody looks at it again: what
 * a power failure left of it would be taken for whole by all images to come.
 */
void
store_publish(void)
{
	int parent;

	if (syncfs(making.fd) < 0 || renameat(making.parent, making.temporary,
					 making.parent, making.name) < 0)
		diesys("%s", making.name);
	free(making.temporary);
	making.temporary = NULL;
	*strrchr(making.name, '/') = 0;
	parent = openat(making.parent, making.name, FLAGS);
	if (parent < 0 || fsync(parent) < 0)
		diesys("%s", making.name);
	close(parent);
	flock(making.fd, LOCK_UN);
	free(making.name);
}

/* One that nobody is at work on. */
static void
leftover_remove(int dir, const char *name)
{
	int fd = openat(dir, name, FLAGS);

	if (fd < 0)
		return;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 && directory_has(dir, name, fd) &&
	    temporary_remove(dir, name, fd) < 0 && errno != EROFS)
		warnsys("%s: the rest of a killed run", name);
	close(fd);
}

static void
leftovers_remove(int dir)
{
	DIR *all = fdopendir(dir);
	const struct dirent *e;

	if (!all)
		diesys("layers");
	while ((e = readdir(all))) {
		size_t n = strlen(e->d_name);

		if (*e->d_name == '.' && n > 4 &&
		    !strcmp(e->d_name + n - 4, ".tmp"))
			leftover_remove(dir, e->d_name);
	}
	closedir(all);
}

void
store_sweep(const struct store *s)
{
	static const char *const algorithms[] = {"sha256", "sha512"};

	for (size_t i = 0; i < 2; i++) {
		int dir = openat(s->dir, algorithms[i], FLAGS);

		if (dir >= 0)
			leftovers_remove(dir);
	}
}
