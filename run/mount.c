/* SPDX-License-Identifier: ISC */
/* Mounts inside the new root. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/syscalls.h"
#include "run/anchor.h"
#include "run/cgroup.h"
#include "run/copyup.h"
#include "run/mount.h"
#include "run/mount_options.h"
#include "run/path.h"
#include "run/root.h"
#include "run/spec.h"

int
mount_clone(int fd, bool recursive)
{
	int mount = open_tree(fd, "",
	    OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH |
		(recursive ? AT_RECURSIVE : 0));

	if (mount < 0)
		die_if_missing("open_tree", "5.2");
	return mount;
}

int
mount_attach(int mount, int target)
{
	int r = move_mount(mount, "", target, "",
	    MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);

	if (r < 0)
		die_if_missing("move_mount", "5.2");
	return r;
}

int
mount_change(
    int fd, bool recursive, uint64_t set, uint64_t clear, uint64_t propagation)
{
	struct mount_attr a = {
	    .attr_set = set,
	    .attr_clr = clear,
	    .propagation = propagation,
	};
	int r;

	if (!set && !clear && !propagation)
		return 0;
	r = mount_setattr(fd, "",
	    AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0), &a, sizeof a);
	if (r < 0)
		die_if_missing("mount_setattr", "5.12");
	return r;
}

/* The file system's own message, "e ext4: what is wrong", if it left one. */
static _Noreturn void
context_die(int fs, const char *what)
{
	int error = errno;
	char text[256];
	ssize_t n;

	die_if_missing("fsconfig or fsmount", "5.2");
	n = read(fs, text, sizeof text - 1);

	if (n > 2) {
		text[n] = '\0';
		text[strcspn(text, "\n")] = '\0';
		die("%s: %s", what, text + 2);
	}
	errno = error;
	diesys("%s", what);
}

static void
context_set(int fs, const char *option, const char *what)
{
	const char *value = strchr(option, '=');
	char *name;
	int r;

	if (!value) {
		r = fsconfig(fs, FSCONFIG_SET_FLAG, option, NULL, 0);
	} else {
		name = xstrndup(option, value - option);
		r = fsconfig(fs, FSCONFIG_SET_STRING, name, value + 1, 0);
		free(name);
	}
	if (r < 0)
		context_die(fs, what);
}

int
mount_new(const char *type, const char *source, const char *const *data,
    uint64_t attributes, const char *what)
{
	int fs = fsopen(type, FSOPEN_CLOEXEC), fd;

	if (fs < 0)
		die_if_missing("fsopen", "5.2");
	if (fs < 0)
		diesys("%s: file system %s", what, type);
	if (*source &&
	    fsconfig(fs, FSCONFIG_SET_STRING, "source", source, 0) < 0)
		context_die(fs, what);
	for (; data && *data; data++)
		context_set(fs, *data, what);
	if (fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		context_die(fs, what);
	fd = fsmount(fs, FSMOUNT_CLOEXEC, attributes);
	if (fd < 0)
		context_die(fs, what);
	close(fs);
	return fd;
}

/*
 * Where the mount goes.  A link that the image put at /proc or /sys would
 * make these pass for something else: for them no component may be one.
 */
static int
target_open(const struct mount_spec *m, const struct root *root, bool directory)
{
	struct stat st;
	int fd;

	fd = path_make(root, m->destination, directory);
	if (fd >= 0 &&
	    (strcmp(m->type, "proc") == 0 || strcmp(m->type, "sysfs") == 0)) {
		close(fd);
		fd = path_open_plain(root, m->destination);
	}
	if (fd < 0 || fstat(fd, &st) < 0)
		diesys("config.json: mounts: %s", m->destination);
	if (root_same(fd, root->fd))
		die("config.json: mounts: %s: it would cover the root file "
		    "system, and is not done",
		    m->destination);
	if (directory != S_ISDIR(st.st_mode))
		die("config.json: mounts: %s: %s", m->destination,
		    directory ? "is not a directory in the image"
			      : "is a directory in the image, but not at its "
				"source");
	return fd;
}

static int
bind_open(
    const struct mount_spec *m, const struct mount_options *o, bool *directory)
{
	struct stat st;
	int fd, clone;

	fd = open(m->source, O_PATH | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		diesys("config.json: mounts: %s: source %s", m->destination,
		    m->source);
	clone = mount_clone(fd, o->recursive);
	if (clone < 0)
		diesys("config.json: mounts: %s: bind of %s", m->destination,
		    m->source);
	close(fd);
	*directory = S_ISDIR(st.st_mode);
	return clone;
}

/*
 * The flags go on before the mount is attached, so that nobody ever sees it
 * without them; propagation after it, for a detached mount has no peers.
 */
static void
mount_make(
    const struct mount_spec *m, const struct spec *spec, struct root *root)
{
	struct mount_options o;
	bool directory = true;
	int fd, target;

	mount_options_parse(m, &o);
	if (o.bind)
		fd = bind_open(m, &o, &directory);
	else
		fd = mount_new(m->type, m->source, o.data, 0, m->destination);
	target = target_open(m, root, directory);
	if (o.copyup)
		copyup(target, fd, &o, m->destination);
	if (mount_change(fd, true, o.tree_set, o.tree_clear, 0) < 0 ||
	    mount_change(fd, false, o.set, o.clear, 0) < 0)
		diesys("config.json: mounts: %s: options", m->destination);
	if (mount_attach(fd, target) < 0)
		diesys("config.json: mounts: %s", m->destination);
	if (mount_change(fd, o.propagate_tree, 0, 0, o.propagation) < 0)
		diesys("config.json: mounts: %s: propagation", m->destination);
	root_add(root, fd, !o.bind);
	anchor_add(root, spec, m->destination, fd);
	close(target);
	close(fd);
	free(o.data);
}

static void
mount_cgroup(const struct mount_spec *m, const struct spec *spec,
    const struct cgroup *cgroup, const struct root *root)
{
	const struct namespace_spec *ns = spec_namespace(spec, CLONE_NEWCGROUP);
	struct mount_options o;
	int target;

	mount_options_parse(m, &o);
	target = target_open(m, root, true);
	cgroup_mount(cgroup, target, o.set, ns != NULL);
	close(target);
	free(o.data);
}

void
mounts_make(
    const struct spec *spec, const struct cgroup *cgroup, struct root *root)
{
	const struct mount_spec *m = spec->mounts;

	for (; m < spec->mounts + spec->nmounts; m++)
		if (strcmp(m->type, "cgroup") == 0 ||
		    strcmp(m->type, "cgroup2") == 0)
			mount_cgroup(m, spec, cgroup, root);
		else
			mount_make(m, spec, root);
}
