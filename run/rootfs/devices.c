/* SPDX-License-Identifier: ISC */
/* Device nodes and the links beside them. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/mem.h"
#include "run/rootfs/devices.h"
#include "run/rootfs/mount.h"
#include "run/rootfs/path.h"
#include "run/rootfs/root.h"
#include "run/spec/spec.h"

static const struct device_spec defaults[] = {
    {.path = "/dev/null", .type = 'c', .major = 1, .minor = 3, .mode = 0666},
    {.path = "/dev/zero", .type = 'c', .major = 1, .minor = 5, .mode = 0666},
    {.path = "/dev/full", .type = 'c', .major = 1, .minor = 7, .mode = 0666},
    {.path = "/dev/random", .type = 'c', .major = 1, .minor = 8, .mode = 0666},
    {.path = "/dev/urandom", .type = 'c', .major = 1, .minor = 9, .mode = 0666},
    {.path = "/dev/tty", .type = 'c', .major = 5, .minor = 0, .mode = 0666},
};

static const struct {
	const char *path, *target;
} links[] = {
    {"/dev/fd", "/proc/self/fd"},
    {"/dev/stdin", "/proc/self/fd/0"},
    {"/dev/stdout", "/proc/self/fd/1"},
    {"/dev/stderr", "/proc/self/fd/2"},
    {"/dev/ptmx", "pts/ptmx"},
};

/* The part of path before its last component, "/" at least; owned. */
static char *
parent_path(const char *path)
{
	char *copy = xstrdup(path), *parent = xstrdup(dirname(copy));

	free(copy);
	return parent;
}

/*
 * The directory that path is to be made in, made itself if need be; -1 when
 * that, or the first of those above it that is there, is none of ours.
 */
static int
parent_open(const struct root *root, const char *path, char **name)
{
	char *copy = xstrdup(path), *parent = parent_path(path), *above;
	int fd = path_open(root, parent);

	*name = xstrdup(basename(copy));
	free(copy);
	while (fd < 0 && errno == ENOENT && strcmp(parent, "/") != 0) {
		above = parent_path(parent);
		free(parent);
		parent = above;
		fd = path_open(root, parent);
	}
	free(parent);
	if (fd < 0)
		diesys("config.json: linux.devices: %s", path);
	if (!root_has(root, fd)) {
		close(fd);
		return -1;
	}
	close(fd);
	parent = parent_path(path);
	fd = path_make(root, parent, true);
	free(parent);
	if (fd < 0)
		diesys("config.json: linux.devices: %s", path);
	/* It may be another by now. */
	if (root_has(root, fd))
		return fd;
	close(fd);
	return -1;
}

static mode_t
node_type(const struct device_spec *d)
{
	return d->type == 'c' ? S_IFCHR : d->type == 'b' ? S_IFBLK : S_IFIFO;
}

static bool
is_the_device(int fd, const struct device_spec *d)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (st.st_mode & S_IFMT) == node_type(d) &&
	       (d->type == 'p' || st.st_rdev == makedev(d->major, d->minor));
}

/*
 * A node that is there already is taken when it is the very device: the image
 * or the bundle may have made it.  Anything else in its place is an error.
 * False: none can be made here, as in the user namespace of whoever called us.
 */
static bool
node_make(int dir, const char *name, const struct device_spec *d)
{
	int fd, r;

	r = mknodat(
	    dir, name, node_type(d) | d->mode, makedev(d->major, d->minor));
	if (r < 0 && errno == EPERM && d->type != 'p')
		return false;
	if (r < 0 && errno != EEXIST)
		diesys("config.json: linux.devices: %s", d->path);
	fd = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || !is_the_device(fd, d))
		die("config.json: linux.devices: %s: something else is there",
		    d->path);
	if (r == 0 && (d->uid || d->gid) &&
	    fchownat(fd, "", d->uid, d->gid, AT_EMPTY_PATH) < 0)
		diesys("config.json: linux.devices: %s", d->path);
	close(fd);
	return true;
}

/*
 * The place that the host's device is put at: a file that is there, or that
 * is made.  The name is no link, for a node can't be found through one either.
 */
static int
file_open(int dir, const char *name, const char *path)
{
	int fd = openat(dir, name,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);

	if (fd >= 0)
		close(fd);
	else if (errno != EEXIST)
		diesys("config.json: linux.devices: %s", path);
	return openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
}

static void
node_bind(int dir, const char *name, const struct device_spec *d)
{
	int host, clone, target;

	host = open(d->path, O_PATH | O_CLOEXEC);
	if (host < 0)
		diesys("config.json: linux.devices: %s on the host", d->path);
	if (!is_the_device(host, d))
		die("config.json: linux.devices: %s: no node can be made here, "
		    "only the host's device of that name can be had",
		    d->path);
	clone = mount_clone(host, false);
	target = file_open(dir, name, d->path);
	if (clone < 0 || target < 0 || mount_attach(clone, target) < 0)
		diesys("config.json: linux.devices: %s", d->path);
	close(host);
	close(clone);
	close(target);
}

/* In what is bound from the host a device is there, or it can't be had. */
static void
node_find(const struct root *root, const struct device_spec *d)
{
	int fd = path_open(root, d->path);

	if (fd < 0 || !is_the_device(fd, d))
		warn("config.json: linux.devices: %s: is not there, and in "
		     "what is bound from the host nothing is made",
		    d->path);
	if (fd >= 0)
		close(fd);
}

/* given: the bundle asks for it, by name. */
static void
device_make(const struct spec *spec, const struct root *root,
    const struct device_spec *d, bool given)
{
	char *name;
	int dir = parent_open(root, d->path, &name);

	if (dir < 0 && given)
		node_find(root, d);
	else if (dir >= 0 &&
		 ((d->type != 'p' && spec_namespace(spec, CLONE_NEWUSER)) ||
		     !node_make(dir, name, d)))
		node_bind(dir, name, d);
	free(name);
	if (dir >= 0)
		close(dir);
}

static bool
is_given(const struct spec *spec, const char *path)
{
	for (size_t i = 0; i < spec->ndevices; i++)
		if (strcmp(spec->devices[i].path, path) == 0)
			return true;
	return false;
}

static void
links_make(const struct root *root)
{
	char *name;
	int dir;

	for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
		dir = parent_open(root, links[i].path, &name);
		if (dir >= 0 && symlinkat(links[i].target, dir, name) < 0 &&
		    errno != EEXIST)
			diesys("%s", links[i].path);
		free(name);
		if (dir >= 0)
			close(dir);
	}
}

void
devices_make(const struct spec *spec, const struct root *root)
{
	for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
		if (!is_given(spec, defaults[i].path))
			device_make(spec, root, &defaults[i], false);
	for (size_t i = 0; i < spec->ndevices; i++)
		device_make(spec, root, &spec->devices[i], true);
	links_make(root);
}

int
devices_null(void)
{
	const struct device_spec null = {.type = 'c', .major = 1, .minor = 3};
	int fd = open("/dev/null", O_PATH | O_CLOEXEC);

	if (fd < 0)
		diesys("/dev/null");
	if (!is_the_device(fd, &null))
		die("/dev/null: is not the null device");
	return fd;
}
