/* SPDX-License-Identifier: ISC */
/* Containers that nobody will finish or remove any more. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/state.h"
#include "lib/statedir.h"
#include "run/cgroup/cgroup.h"
#include "run/container/leftover.h"
#include "run/hooks/hooks.h"
#include "run/spec/spec.h"

#define REMOVED_MOST 16
#define LOOKED_AT_MOST 3 /* of those that are there for good: it takes time */

/*
 * Whether the container that has the ID may make room: a stopped one if
 * replace is said, in any case one that nobody has finished or that a restart
 * of the machine ended.  locked: nobody else is at it, so that one that is
 * "creating" has lost its creator.
 */
static bool
is_over(int root, const char *id, struct state *old, bool replace, bool locked)
{
	const char *why, *status;

	*old = (struct state){0};
	if (state_read(root, id, old, &why) < 0)
		return state_is_torn(root, id);
	status = state_status(old);
	if (old->abandoned || !state_is_of_this_boot(old) ||
	    (replace && strcmp(status, "stopped") == 0) ||
	    (locked && strcmp(status, "creating") == 0))
		return true;
	state_free(old);
	return false; /* state_claim knows what to say */
}

/* What came of an attempt. */
enum outcome {
	STAYS, /* it is no leftover, or somebody else is at it */
	GONE,
	FAILED, /* as a warning has said */
};

static enum outcome
outcome_of(int failed)
{
	return failed ? FAILED : GONE;
}

/*
 * The cgroup of a container that is over may still hold processes that its
 * program had started.  Closes dir, which is locked; the container stays when
 * it is another one's by now, who was quicker to take the name.
 */
static enum outcome
locked_remove(int root, const char *id, int dir, bool replace)
{
	struct hook_list hooks[HOOK_POINTS];
	struct state old;
	int r = 0;

	if (!is_over(root, id, &old, replace, true)) {
		state_unlock(dir);
		return STAYS;
	}
	if (state_is_of_this_boot(&old))
		r = cgroup_destroy(&old.cgroups);
	spec_hooks_kept(dir, hooks);
	if (r == 0 && hooks_poststop(hooks, &old)) {
		r = state_remove(root, id, dir);
	} else {
		state_unlock(dir); /* whoever comes next tries it again */
		r = -1;
	}
	state_free(&old);
	return outcome_of(r);
}

void
leftover_make_room(int root, const char *id, bool replace)
{
	struct state old;
	int dir;

	if (!is_over(root, id, &old, replace, false))
		return;
	state_free(&old);
	dir = state_lock(root, id);
	if (dir >= 0)
		locked_remove(root, id, dir, replace);
}

static bool
is_nameless(const char *name)
{
	return *name == '.';
}

/*
 * Whoever has the directory's lock is at it.  A directory without a name is of
 * a creator that was killed before it gave it one.  A removal that was cut
 * short leaves an empty directory; a directory with anything in it but a state
 * is of another runtime, to which the same --root was given.
 */
static enum outcome
name_remove(int root, const char *name, bool replace)
{
	bool nameless = is_nameless(name), over = nameless;
	struct state old = {0};
	int dir;

	if (!nameless && unlinkat(root, name, AT_REMOVEDIR) == 0)
		return GONE;
	if (!nameless)
		over = is_over(root, name, &old, replace, false);
	state_free(&old);
	dir = over ? state_try_lock(root, name) : -1;
	if (dir < 0)
		return STAYS;
	if (nameless)
		return state_remove_nameless(root, name, dir) == 0 ? GONE
								   : STAYS;
	return locked_remove(root, name, dir, replace);
}

/* The names in root that are of containers, or would have become one; owned. */
static size_t
names_read(int root, char ***names)
{
	int fd = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;
	size_t n = 0;

	while (d && (e = readdir(d))) {
		if (!state_id_valid(e->d_name + is_nameless(e->d_name)))
			continue;
		*names = xreallocarray(*names, n + 1, sizeof **names);
		(*names)[n++] = xstrdup(e->d_name);
	}
	if (d)
		closedir(d);
	return n;
}

static void
names_free(char **names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(names[i]);
	free(names);
}

/*
 * Directories without a name are always leftovers.  Of the others each run
 * begins with another one, so that all have their turn.
 */
void
leftover_sweep(int root)
{
	char **names = NULL, *name;
	int removed = 0, looked_at = 0;
	size_t n = names_read(root, &names);

	for (size_t i = 0; i < n && removed < REMOVED_MOST; i++)
		if (is_nameless(names[i]))
			removed += name_remove(root, names[i], false) == GONE;
	for (size_t i = 0;
	     i < n && removed < REMOVED_MOST && looked_at < LOOKED_AT_MOST;
	     i++) {
		name = names[((size_t)getpid() + i) % n];
		if (is_nameless(name))
			continue;
		if (name_remove(root, name, false) == GONE)
			removed++;
		else
			looked_at++;
	}
	names_free(names, n);
}

static int
names_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int
leftover_remove(int root, bool stopped, void (*gone)(const char *name))
{
	char **names = NULL;
	enum outcome how;
	size_t n = names_read(root, &names);
	int r = 0;

	if (n)
		qsort(names, n, sizeof *names, names_compare);
	for (size_t i = 0; i < n; i++) {
		how = name_remove(root, names[i], stopped);
		if (how == GONE)
			gone(names[i]);
		if (how == FAILED)
			r = -1;
	}
	names_free(names, n);
	return r;
}
