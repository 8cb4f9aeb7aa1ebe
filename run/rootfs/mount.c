/* SPDX-License-Identifier: ISC */
/* Mounts by descriptor: fsopen(2), open_tree(2), move_mount(2). */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/syscalls.h"
#include "run/rootfs/mount.h"

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

int
mount_idmap(int mount, bool recursive, int user_namespace)
{
	struct mount_attr a = {
	    .attr_set = MOUNT_ATTR_IDMAP,
	    .userns_fd = user_namespace,
	};
	int r = mount_setattr(mount, "",
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

static int
context_open(const char *type, const char *source, const char *const *data,
    const char *what)
{
	int fs = fsopen(type, FSOPEN_CLOEXEC);

	if (fs < 0)
		die_if_missing("fsopen", "5.2");
	if (fs < 0)
		diesys("%s: file system %s", what, type);
	if (*source &&
	    fsconfig(fs, FSCONFIG_SET_STRING, "source", source, 0) < 0)
		context_die(fs, what);
	for (; data && *data; data++)
		context_set(fs, *data, what);
	return fs;
}

static bool
is_device(const char *source)
{
	struct stat st;

	return stat(source, &st) == 0 && S_ISBLK(st.st_mode);
}

int
mount_new(const char *type, const char *source, const char *const *data,
    uint64_t attributes, const char *what)
{
	int fs = context_open(type, source, data, what), fd, r;
	bool ro = attributes & MOUNT_ATTR_RDONLY && is_device(source);

	if (ro)
		context_set(fs, "ro", what);
	r = fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	if (r < 0 && ro && errno == EBUSY) {
		close(fs);
		fs = context_open(type, source, data, what);
		r = fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	}
	if (r < 0)
		context_die(fs, what);
	fd = fsmount(fs, FSMOUNT_CLOEXEC, attributes);
	if (fd < 0)
		context_die(fs, what);
	close(fs);
	return fd;
}
