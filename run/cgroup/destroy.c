/* SPDX-License-Identifier: ISC */
/*
 * The end of a container's cgroups, by what its state says of them alone: the
 * process that made them may be gone.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/cgroupmark.h"
#include "lib/die.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "lib/statecgroup.h"
#include "run/cgroup/backend.h"
#include "run/cgroup/cgroup.h"
#include "run/cgroup/claim.h"
#include "run/cgroup/dir.h"
#include "run/cgroup/kept.h"

#define WAIT_MS 2000
#define EVENTS_MAX 65536 /* bytes of memory.events: some ten lines */
#define DIR_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

static long
milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool
subdirectory(int fd, char name[256])
{
	int copy = openat(fd, ".", DIR_FLAGS);
	DIR *dir = copy >= 0 ? fdopendir(copy) : NULL;
	struct dirent *e;
	bool found = false;

	while (dir && !found && (e = readdir(dir)))
		if (e->d_type == DT_DIR && strcmp(e->d_name, ".") != 0 &&
		    strcmp(e->d_name, "..") != 0) {
			strcpy(name, e->d_name);
			found = true;
		}
	if (dir)
		closedir(dir);
	return found;
}

/*
 * Remove the cgroups that the container made in its own, with two descriptors
 * however deep they are.  The path is the way back up: cgroups don't move.  If
 * somebody makes new ones all the time, it ends nevertheless.
 */
static void
remove_below(int top, long end)
{
	struct buf path = {0};
	int fd = openat(top, ".", DIR_FLAGS), next;
	char name[256], *last;

	while (fd >= 0 && milliseconds() < end) {
		if (subdirectory(fd, name)) {
			buf_addf(&path, "/%s", name);
			next = openat(fd, name, DIR_FLAGS);
		} else if (path.len) {
			next = openat(fd, "..", DIR_FLAGS);
			last = strrchr(path.data, '/');
			if (unlinkat(next, last + 1, AT_REMOVEDIR) < 0) {
				close(fd);
				fd = next;
				break;
			}
			path.len = last - path.data;
			*last = '\0';
		} else {
			break;
		}
		close(fd);
		fd = next;
	}
	if (fd >= 0)
		close(fd);
	buf_free(&path);
}

/* A cgroup that is to go: fd -1 when it is gone, or was another's. */
struct doomed {
	struct state_cgroup is; /* its path is the list's */
	const struct cgroup_backend *backend;
	int fd;
};

static bool
is_same(const struct state_cgroup *c, const struct stat *st)
{
	return c->device == st->st_dev && c->inode == st->st_ino;
}

static void
forget(struct doomed *d)
{
	close(d->fd);
	d->fd = -1;
}

/* What has the name may be another container's by now: then it stays. */
static void
doomed_open(struct doomed *d, const struct state_cgroups *list, size_t i)
{
	*d = (struct doomed){.is = list->v[i]};
	d->fd = kept_open(list, &d->is);
	if (d->fd >= 0)
		d->backend = kept_backend(d->fd);
}

/*
 * Tell those who have it open what it counted, which they can't read when it
 * is gone: v1 has told them as it happened.
 */
static void
leave_counts(int fd)
{
	int file = openat(fd, "memory.events", O_RDONLY | O_CLOEXEC);
	char *text = file >= 0 ? io_slurp(file, EVENTS_MAX, NULL) : NULL;
	char *line = text ? strstr(text, "\noom_kill ") : NULL, *count;

	if (file >= 0)
		close(file);
	if (line) {
		count = line + strlen("\noom_kill ");
		count[strcspn(count, "\n")] = '\0';
		if (strcmp(count, "0") != 0)
			cgroupmark_set(fd, &cgroupmark_oom_kill, count);
	}
	free(text);
}

/* Whether it is gone; false with errno. */
static bool
try_remove(struct doomed *d)
{
	struct stat st;

	errno = EBUSY;
	if (d->is.role == CGROUP_TAKEN) {
		if (cgroup_dir_is_populated(d->fd) ||
		    cgroup_dir_has_children(d->fd))
			return false;
		claim_drop(d->fd);
	} else if (lstat(d->is.path, &st) == 0 && is_same(&d->is, &st)) {
		leave_counts(d->fd);
		if (rmdir(d->is.path) < 0 && errno != ENOENT)
			return false;
	}
	forget(d);
	return true;
}

/* How many are left. */
static size_t
round_of_removal(struct doomed *all, size_t n)
{
	size_t left = 0;

	for (size_t i = 0; i < n; i++)
		left += all[i].fd >= 0 && !try_remove(&all[i]);
	return left;
}

/*
 * The first is where a container is killed, and the freezer has to let go of
 * what it holds; in the others the same processes are seen to go, and are
 * killed only if they don't: somebody has moved them.
 */
static void
kill_all(struct doomed *all, size_t n, bool late)
{
	for (size_t i = 0; i < n; i++)
		if (all[i].fd >= 0 &&
		    (late || i == 0 ||
			faccessat(all[i].fd, "freezer.state", F_OK, 0) == 0))
			all[i].backend->kill(all[i].fd);
}

/*
 * In rounds over all of them: what is killed in one hierarchy may be frozen
 * in another, and a cgroup can be removed a little after the last of its
 * processes has ended.
 */
static void
remove_all(struct doomed *all, size_t n)
{
	long end = milliseconds() + WAIT_MS, ms = 1;

	while (round_of_removal(all, n) && milliseconds() < end) {
		kill_all(all, n, end - milliseconds() < WAIT_MS / 2);
		for (size_t i = 0; i < n; i++)
			if (all[i].fd >= 0)
				remove_below(all[i].fd, end);
		if (!round_of_removal(all, n))
			break;
		nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
		ms = ms < 50 ? 2 * ms : ms;
	}
}

/* The cgroups above the container's, the deepest first, where nobody else is.
 */
static void
parents_remove(const struct state_cgroups *list)
{
	struct doomed d;

	for (size_t i = list->n; i-- > 0;) {
		if (list->v[i].role != CGROUP_PARENT)
			continue;
		doomed_open(&d, list, i);
		if (d.fd >= 0 && !try_remove(&d))
			forget(&d);
	}
}

int
cgroup_destroy(const struct state_cgroups *list)
{
	struct doomed *all = xcalloc(list->n + 1, sizeof *all);
	size_t n = 0;
	int r = 0;

	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].role != CGROUP_PARENT)
			doomed_open(&all[n++], list, i);
	remove_all(all, n);
	for (size_t i = 0; i < n; i++)
		if (all[i].fd >= 0 && !try_remove(&all[i])) {
			warnsys(
			    "%s: the cgroup can't be removed", all[i].is.path);
			forget(&all[i]);
			r = -1;
		}
	parents_remove(list);
	free(all);
	return r;
}
