/* SPDX-License-Identifier: ISC */
/* New file systems by mount(2). */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/mem.h"
#include "lib/syscalls.h"
#include "run/rootfs/mount.h"
#include "run/rootfs/mount_old.h"

#define VALUE_MAX 255 /* of fsconfig(2) */
#define DATA_MAX 4095 /* of mount(2): a page */

bool
mount_old_is_needed(const char *const *data)
{
	const char *value;

	for (; *data; data++) {
		value = strchr(*data, '=');
		if (value && strlen(value + 1) > VALUE_MAX)
			return true;
	}
	return false;
}

/* mount(2) wants a path, and what it mounts there is to be nowhere so far. */
int
mount_old(const char *type, const char *source, const char *const *data,
    unsigned long flags, int target, const char *what)
{
	int place = mount_new("tmpfs", "tmpfs", NULL, 0, what), fd;
	struct buf text = {0};
	char at[32], path[40];

	for (; *data; data++)
		buf_addf(&text, "%s%s", text.len ? "," : "", *data);
	if (text.len > DATA_MAX)
		die("%s: options of more than %d bytes", what, DATA_MAX);
	if (mkdirat(place, "m", 0700) < 0 || mount_attach(place, target) < 0)
		diesys("%s", what);
	snprintf(at, sizeof at, "/proc/self/fd/%d", place);
	snprintf(path, sizeof path, "%s/m", at);
	if (mount(source, path, type, flags, text.data) < 0)
		diesys("%s: file system %s", what, type);
	fd = open_tree(place, "m", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (fd < 0 || umount2(at, MNT_DETACH) < 0)
		diesys("%s", what);
	close(place);
	buf_free(&text);
	return fd;
}
