/* SPDX-License-Identifier: ISC */
/* The directory of a container in one cgroup hierarchy. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "lib/statecgroup.h"
#include "run/cgroup/claim.h"
#include "run/cgroup/dir.h"
#include "run/cgroup/tree.h"

#define PROCS_MAX (64 << 20)
#define DIR_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

static void
close_keeping_errno(int fd)
{
	int error = errno;

	close(fd);
	errno = error;
}

/* Open name in the directory and make it if need be; closes dirfd. */
static int
step(int dirfd, const char *name, bool *made)
{
	int fd = openat(dirfd, name, DIR_FLAGS);

	*made = false;
	if (fd < 0 && errno == ENOENT) {
		if (mkdirat(dirfd, name, 0755 | CLAIM_COMING) == 0)
			*made = true;
		else if (errno == EEXIST)
			errno = 0; /* somebody else was faster */
		if (*made || errno == 0)
			fd = openat(dirfd, name, DIR_FLAGS);
	}
	close_keeping_errno(dirfd);
	return fd;
}

static void
list_made(
    struct state_cgroups *list, const char *path, int fd, enum cgroup_role role)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		diesys("%s", path);
	state_cgroups_made(list, path, st.st_dev, st.st_ino, role);
}

/*
 * Go down from the mount point to d->path: a descriptor of the last directory.
 * The parents that were made are marked, as far as that can be done, for they
 * are known by their inodes, too.
 */
static int
walk(struct cgroup_dir *d, struct state_cgroups *list)
{
	size_t at = strlen(d->in->mount);
	char *path = xstrdup(d->path);
	int fd = open(d->in->mount, DIR_FLAGS);
	size_t end;

	d->made = false;
	while (fd >= 0 && path[at]) {
		if (d->made) {
			path[at] = '\0';
			claim_set(fd, list->claim, CGROUP_PARENT);
			claim_came(fd);
			list_made(list, path, fd, CGROUP_PARENT);
			path[at] = '/';
		}
		end = at + 1 + strcspn(path + at + 1, "/");
		path[end] = '\0';
		fd = step(fd, path + at + 1, &d->made);
		path[end] = d->path[end];
		at = end;
	}
	free(path);
	return fd;
}

bool
cgroup_dir_has_children(int fd)
{
	struct stat st;

	/* The kernel keeps the count of directories here as of old. */
	return fstat(fd, &st) == 0 && st.st_nlink > 2;
}

/* v2 tells of processes below too; in v1 each directory stands for itself. */
bool
cgroup_dir_is_populated(int fd)
{
	char *text = io_slurp_at(fd, "cgroup.events", PROCS_MAX, NULL);
	bool populated;

	if (text) {
		populated = strstr(text, "populated 1") != NULL;
	} else {
		text = io_slurp_at(fd, "cgroup.procs", PROCS_MAX, NULL);
		populated = text && *text;
	}
	free(text);
	return populated;
}

/* Whether a cgroup's file has a line that begins so. */
static bool
file_says(int fd, const char *file, const char *text)
{
	char *is = io_slurp_at(fd, file, PROCS_MAX, NULL);
	bool says = false;

	for (const char *line = is; line && !says; line = strchr(line, '\n')) {
		line += *line == '\n';
		says = strncmp(line, text, strlen(text)) == 0;
	}
	free(is);
	return says;
}

/* A new one below one that is frozen is so, too. */
bool
cgroup_dir_is_frozen(int fd)
{
	return file_says(fd, "cgroup.freeze", "1") ||
	       file_says(fd, "cgroup.events", "frozen 1") ||
	       file_says(fd, "freezer.state", "FR");
}

/* What was there may be another container's. */
static void
check_empty(const struct cgroup_dir *d)
{
	if (cgroup_dir_is_populated(d->fd))
		die("linux.cgroupsPath: %s: there are processes in it; a "
		    "container needs a cgroup of its own",
		    d->path);
	if (cgroup_dir_is_frozen(d->fd))
		die("linux.cgroupsPath: %s: it is frozen, or one above it is; "
		    "nothing would run in it",
		    d->path);
	if (d->made)
		return;
	if (cgroup_dir_has_children(d->fd))
		die("linux.cgroupsPath: %s: there are cgroups below it; a "
		    "container needs one of its own",
		    d->path);
	if (claim_is_held(d->fd))
		die("linux.cgroupsPath: %s: another container is being made "
		    "or removed there",
		    d->path);
}

/*
 * One try: false when it has to be done again, because the directory was
 * removed by another container's end, or was left of a container and is removed
 * now.  A directory that was left is made anew: its limits go with it, and a
 * container that holds it in memory, or is only about to enter it, finds
 * another inode.
 */
static bool
try(struct cgroup_dir *d, struct state_cgroups *list)
{
	enum cgroup_role role;
	int error;

	d->fd = walk(d, list);
	if (d->fd < 0)
		return errno != ENOENT && errno != ENODEV;
	if (!d->made && claim_is_of_made(d->fd) && !claim_is_held(d->fd) &&
	    rmdir(d->path) == 0) {
		close(d->fd);
		d->fd = -1;
		errno = ENOENT;
		return false;
	}
	if (!d->made)
		check_empty(d);
	role = d->made ? CGROUP_MADE : CGROUP_TAKEN;
	if (claim_set(d->fd, list->claim, role) < 0) {
		error = errno;
		if (d->made)
			rmdir(d->path);
		close(d->fd);
		d->fd = -1;
		errno = error;
		return true;
	}
	claim_came(d->fd);
	check_empty(d); /* now that others see the claim: claim.h */
	list_made(list, d->path, d->fd, role);
	return true;
}

int
cgroup_dir_make(struct cgroup_dir *d, const struct hierarchy *in,
    const char *name, struct state_cgroups *list)
{
	*d = (struct cgroup_dir){.in = in, .fd = -1, .procs = -1};
	d->path = xasprintf("%s%s", in->mount, name);
	for (int tries = 0; tries < 10 && !try(d, list); tries++)
		;
	return d->fd < 0 ? -1 : 0;
}

void
cgroup_dir_descend(const struct cgroup_dir *d,
    void (*visit)(int dirfd, const char *path, void *arg), void *arg)
{
	char *path = xstrdup(d->path);
	size_t at = strlen(d->in->mount);
	int fd;

	for (;;) {
		path[at] = '\0';
		fd = open(path, DIR_FLAGS);
		if (fd < 0)
			diesys("%s", path);
		visit(fd, path, arg);
		close(fd);
		if (!d->path[at])
			break;
		path[at] = '/';
		at += 1 + strcspn(path + at + 1, "/");
	}
	free(path);
}
