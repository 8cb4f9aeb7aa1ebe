/* SPDX-License-Identifier: ISC */
/* Masked and read-only paths. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/syscalls.h"
#include "run/rootfs/devices.h"
#include "run/rootfs/mask.h"
#include "run/rootfs/mount.h"
#include "run/rootfs/path.h"
#include "run/rootfs/root.h"
#include "run/spec/spec.h"

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

/*
 * Where a path is: below the mount that its text names, which nobody can move
 * away, and where it leads by name, if that is another place: a link of the
 * image's, or a later mount above the first, is what the container will see.
 * Returns how many of the two there are.
 */
static int
places_find(const struct root *root, const char *path, const char *property,
    int places[2])
{
	int (*const find[])(const struct root *, const char *) = {
	    path_open_anchored, path_open_by_name};
	int n = 0, fd;

	for (int i = 0; i < 2; i++) {
		fd = find[i](root, path);
		if (fd < 0 && errno != ENOENT && errno != ENOTDIR)
			diesys("config.json: linux.%s: %s", property, path);
		if (fd >= 0 && n && root_same(fd, places[0]))
			close(fd);
		else if (fd >= 0)
			places[n++] = fd;
	}
	return n;
}

static void
place_mask(int target, const char *path, int null, int *empty)
{
	struct stat st;
	int mask;

	if (fstat(target, &st) < 0)
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
place_protect(int target, const char *path)
{
	int clone = mount_clone(target, true);

	if (clone < 0 ||
	    mount_change(clone, true, MOUNT_ATTR_RDONLY, 0, 0) < 0 ||
	    mount_attach(clone, target) < 0)
		diesys("config.json: linux.readonlyPaths: %s", path);
	close(clone);
	close(target);
}

void
masks_make(const struct spec *spec, const struct root *root)
{
	int places[2], null, empty = -1;

	for (char **path = spec->readonly; *path; path++)
		for (int n = places_find(root, *path, "readonlyPaths", places);
		     n > 0; n--)
			place_protect(places[n - 1], *path);
	if (!*spec->masked)
		return;
	null = devices_null();
	for (char **path = spec->masked; *path; path++)
		for (int n = places_find(root, *path, "maskedPaths", places);
		     n > 0; n--)
			place_mask(places[n - 1], *path, null, &empty);
	close(null);
	if (empty >= 0)
		close(empty);
}
