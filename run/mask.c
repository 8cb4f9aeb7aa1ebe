/* SPDX-License-Identifier: ISC */
/* Masked and read-only paths. */
#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "run/devices.h"
#include "run/mask.h"
#include "run/mount.h"
#include "run/path.h"
#include "run/spec.h"

/*
 * One empty read-only tmpfs serves all masked directories: the first gets it,
 * the others get clones.
 */
static int
directory_mask(int *empty)
{
	const char *const data[] = {"nr_blocks=1", "nr_inodes=1", NULL};

	if (*empty >= 0)
		return mount_clone(*empty, false);
	*empty = mount_new("tmpfs", "tmpfs", data,
	    MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
		MOUNT_ATTR_NOEXEC,
	    "config.json: linux.maskedPaths");
	return fcntl(*empty, F_DUPFD_CLOEXEC, 3);
}

static void
path_mask(int root, const char *path, int null, int *empty)
{
	int target = path_open(root, path, O_PATH), mask;
	struct stat st;

	if (target < 0 && (errno == ENOENT || errno == ENOTDIR))
		return;
	if (target < 0 || fstat(target, &st) < 0)
		diesys("config.json: linux.maskedPaths: %s", path);
	if (S_ISDIR(st.st_mode))
		mask = directory_mask(empty);
	else
		mask = mount_clone(null, false);
	if (mask < 0 || mount_attach(mask, target) < 0)
		diesys("config.json: linux.maskedPaths: %s", path);
	close(mask);
	close(target);
}

static void
path_protect(int root, const char *path)
{
	int target = path_open(root, path, O_PATH), clone;

	if (target < 0 && (errno == ENOENT || errno == ENOTDIR))
		return;
	if (target < 0)
		diesys("config.json: linux.readonlyPaths: %s", path);
	clone = mount_clone(target, true);
	if (clone < 0 ||
	    mount_change(clone, true, MOUNT_ATTR_RDONLY, 0, 0) < 0 ||
	    mount_attach(clone, target) < 0)
		diesys("config.json: linux.readonlyPaths: %s", path);
	close(clone);
	close(target);
}

void
masks_make(const struct spec *spec, int root)
{
	int null, empty = -1;

	for (char **path = spec->readonly; *path; path++)
		path_protect(root, *path);
	if (!*spec->masked)
		return;
	null = devices_null();
	for (char **path = spec->masked; *path; path++)
		path_mask(root, *path, null, &empty);
	close(null);
	if (empty >= 0)
		close(empty);
}
