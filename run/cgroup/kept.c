/* SPDX-License-Identifier: ISC */
/* The cgroups of a container that another program made. */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "lib/statecgroup.h"
#include "run/cgroup/backend.h"
#include "run/cgroup/claim.h"
#include "run/cgroup/dir.h"
#include "run/cgroup/kept.h"
#include "run/cgroup/kill.h"

const struct cgroup_backend *
kept_backend(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0)
		return NULL;
	if (fs.f_type == CGROUP2_SUPER_MAGIC)
		return &cgroup_v2;
	return fs.f_type == CGROUP_SUPER_MAGIC ? &cgroup_v1 : NULL;
}

/* A cgroup that was planned has been made, or taken, if it has the mark. */
static bool
planned_is_ours(int fd, const char *claim, enum cgroup_role *role)
{
	return claim_is(fd, claim, role) ||
	       (claim_never_came(fd) && !cgroup_dir_is_populated(fd) &&
		   !cgroup_dir_has_children(fd));
}

/* A user may not have been allowed to mark a parent. */
static bool
made_is_ours(int fd, const char *claim, enum cgroup_role role)
{
	return claim_is(fd, claim, NULL) ||
	       (role == CGROUP_PARENT && !claim_is_there(fd));
}

static bool
is_ours(int fd, const char *claim, struct state_cgroup *c)
{
	struct stat st;

	if (!claim || !kept_backend(fd) || fstat(fd, &st) < 0)
		return false;
	if (c->inode)
		return c->device == st.st_dev && c->inode == st.st_ino &&
		       made_is_ours(fd, claim, c->role);
	c->device = st.st_dev;
	c->inode = st.st_ino;
	return planned_is_ours(fd, claim, &c->role);
}

int
kept_open(const struct state_cgroups *list, struct state_cgroup *c)
{
	int fd = open(c->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 || is_ours(fd, list->claim, c))
		return fd;
	close(fd);
	return -1;
}

/* In the first they are found; v1's freezer has to let go of what is killed. */
int
kept_signal(const struct state_cgroups *list, int signal)
{
	bool found = false;

	for (size_t i = 0; i < list->n; i++) {
		struct state_cgroup c = list->v[i];
		int fd = c.role == CGROUP_PARENT ? -1 : kept_open(list, &c);

		if (fd < 0)
			continue;
		if (signal != SIGKILL && !found)
			cgroup_signal(fd, signal);
		else if (!found ||
			 (signal == SIGKILL &&
			     faccessat(fd, "freezer.state", F_OK, 0) == 0))
			kept_backend(fd)->kill(fd);
		found = true;
		close(fd);
	}
	return found ? 0 : -1;
}

bool
kept_is_populated(const struct state_cgroups *list)
{
	bool populated = false;

	for (size_t i = 0; i < list->n && !populated; i++) {
		struct state_cgroup c = list->v[i];
		int fd = c.role == CGROUP_PARENT ? -1 : kept_open(list, &c);

		if (fd < 0)
			continue;
		populated = cgroup_dir_is_populated(fd);
		close(fd);
	}
	return populated;
}

static const char *
freeze_fault(bool freeze)
{
	if (errno == ETIMEDOUT)
		return "its processes aren't frozen within two seconds, and go "
		       "on: one of them may be waiting for a device";
	if (errno == EBUSY && !freeze)
		return "a cgroup above its own is frozen";
	return strerror(errno);
}

int
kept_freeze(const struct state_cgroups *list, bool freeze, const char **why)
{
	bool found = false, done = false;

	for (size_t i = 0; i < list->n && !(freeze && done); i++) {
		struct state_cgroup c = list->v[i];
		int fd = c.role == CGROUP_PARENT ? -1 : kept_open(list, &c), r;

		if (fd < 0)
			continue;
		found = true;
		r = kept_backend(fd)->freeze(fd, freeze);
		close(fd);
		if (r < 0 && errno != ENOENT) {
			*why = freeze_fault(freeze);
			return -1;
		}
		done |= r == 0;
	}
	*why = found ? "none of its cgroups has a freezer" : "it has no cgroup";
	return done ? 0 : -1;
}
