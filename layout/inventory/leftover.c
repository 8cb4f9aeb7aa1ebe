/* SPDX-License-Identifier: ISC */
/* What writers that died left in a layout. */
#include "layout/inventory/leftover.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "layout/inventory/age.h"
#include "layout/store/removal.h"
#include "layout/store/staging.h"
#include "lib/die.h"
#include "lib/mem.h"
#include "lib/partial.h"

enum { HOUR = 3600 };

/* A place in a layout where there may be some, and what they are. */
struct place {
	const char *path; /* below the layout */
	bool (*is_name)(const char *name);
	bool aged; /* what has no lock may be in use all the same */
	const char *reason;
};

static bool
is_ours(const char *name)
{
	return staging_is_name(name, NULL);
}

/* skopeo: a blob that is being written; umoci: a directory, which it locks. */
static bool
is_others(const char *name)
{
	return !strncmp(name, "oci-put-blob", 12) ||
	       !strncmp(name, ".umoci-", 7);
}

/* Whether nobody holds a lock on it: its writer has died, or locks nothing. */
static bool
is_unlocked(int dir, const char *name)
{
	int fd = openat(dir, name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	bool is = fd >= 0 && !flock(fd, LOCK_EX | LOCK_NB);

	if (fd >= 0)
		close(fd);
	return is;
}

static bool
is_old(int dir, const char *name)
{
	struct stat st;

	return !fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) &&
	       st.st_mtime < time(NULL) - HOUR;
}

static void
place_look(struct findings *f, int layout, const struct place *p, bool remove)
{
	int fd = openat(
	    layout, p->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct finding *one;
	struct dirent *e;
	char *name;

	while (dir && (e = readdir(dir))) {
		if (!p->is_name(e->d_name) ||
		    (p->aged && !is_old(fd, e->d_name)) ||
		    !is_unlocked(fd, e->d_name))
			continue;
		name = strcmp(p->path, ".")
			   ? xasprintf("%s/%s", p->path, e->d_name)
			   : xstrdup(e->d_name);
		one = findings_file(f, "leftover", name, p->reason);
		if (remove)
			one->repaired = removal_entry(fd, e->d_name);
		free(name);
	}
	if (dir)
		closedir(dir);
}

void
leftovers_find(struct findings *f, int layout, bool remove)
{
	static const char unfinished[] = "its writer has not finished it";
	static const struct place places[] = {
	    {"blobs", is_ours, false, unfinished},
	    {".", is_others, true, unfinished},
	    {PARTIAL_DIRECTORY, partial_is_name, true,
		"a part of a blob, which oci-fetch --cache goes on with"}};

	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		place_look(f, layout, &places[i], remove);
}

/* With its lock, or else who began to use it would write to what is gone. */
static void
part_remove(int dir, const char *name, time_t before)
{
	int fd = partial_open(dir, name, O_RDONLY);
	struct stat st;

	if (fd < 0)
		return;
	if (!fstat(fd, &st) && !age_is_young(&st, before))
		unlinkat(dir, name, 0);
	close(fd);
}

void
leftovers_parts(int layout, time_t before)
{
	int fd = openat(layout, PARTIAL_DIRECTORY,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;

	while (dir && (e = readdir(dir)))
		if (partial_is_name(e->d_name))
			part_remove(fd, e->d_name, before);
	if (dir)
		closedir(dir);
}
