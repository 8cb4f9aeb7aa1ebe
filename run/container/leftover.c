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

/*
 * Its cgroup may still hold processes that its program had started.  Closes
 * dir, which is locked; false when another one was quicker to take the name.
 */
static bool
locked_remove(int root, const char *id, int dir, bool replace)
{
	struct hook_list hooks[HOOK_POINTS];
	struct state old;

	if (!is_over(root, id, &old, replace, true)) {
		state_unlock(dir);
		return false;
	}
	if (state_is_of_this_boot(&old))
		cgroup_destroy(&old.cgroups);
	spec_hooks_kept(dir, hooks);
	hooks_poststop(hooks, &old);
	state_remove(root, id, dir);
	state_free(&old);
	return true;
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

/*
 * Whether it was one, and is gone.  Whoever has the lock is at it.  A removal
 * that was cut short leaves an empty directory; one with anything in it but a
 * state is of another runtime, to which the same --root was given.
 */
static bool
named_remove(int root, const char *id)
{
	struct state old;
	bool over;
	int dir;

	if (unlinkat(root, id, AT_REMOVEDIR) == 0)
		return true;
	over = is_over(root, id, &old, false, false);
	state_free(&old);
	dir = over ? state_try_lock(root, id) : -1;
	return dir >= 0 && locked_remove(root, id, dir, false);
}

/* Of a creator that was killed before it gave the directory its name. */
static bool
nameless_remove(int root, const char *name)
{
	int dir = state_try_lock(root, name);

	return dir >= 0 && state_remove(root, name, dir) == 0;
}

/* The names of containers, owned; those with a dot are removed at once. */
static size_t
names_read(int root, char ***names, int *removed)
{
	int fd = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;
	size_t n = 0;

	while (d && (e = readdir(d)))
		if (*e->d_name == '.' && state_id_valid(e->d_name + 1)) {
			if (*removed < REMOVED_MOST)
				*removed += nameless_remove(root, e->d_name);
		} else if (state_id_valid(e->d_name)) {
			*names = xreallocarray(*names, n + 1, sizeof **names);
			(*names)[n++] = xstrdup(e->d_name);
		}
	if (d)
		closedir(d);
	return n;
}

/* Each run begins with another one, so that all have their turn. */
void
leftover_sweep(int root)
{
	char **names = NULL;
	int removed = 0, looked_at = 0;
	size_t n = names_read(root, &names, &removed);

	for (size_t i = 0;
	     i < n && removed < REMOVED_MOST && looked_at < LOOKED_AT_MOST; i++)
		if (named_remove(root, names[((size_t)getpid() + i) % n]))
			removed++;
		else
			looked_at++;
	for (size_t i = 0; i < n; i++)
		free(names[i]);
	free(names);
}
