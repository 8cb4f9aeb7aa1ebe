/* SPDX-License-Identifier: ISC */
/* A root without pivot_root(2). */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "run/cgroup/tree.h"
#include "run/rootfs/move.h"
#include "run/rootfs/root.h"

#define MOUNTINFO_MAX (64 << 20)

/* The mount point of a whole proc or sysfs that isn't the container's. */
static char *
revealing(const struct root *root, const char *line)
{
	char within[2], *at = NULL, *found = NULL;
	const char *type = strstr(line, " - ");
	unsigned long long id;

	if (!type ||
	    (strncmp(type, " - proc ", 8) != 0 &&
		strncmp(type, " - sysfs ", 9) != 0) ||
	    sscanf(line, "%llu %*u %*s %1s %ms", &id, within, &at) != 3)
		return NULL;
	/* One whose root is below "/" hides something already. */
	if (strstr(line, " / ") && !root_made(root, id))
		found = mountinfo_unescape(at);
	free(at);
	return found;
}

/* Where a user namespace doesn't let go of one it is covered. */
static void
hide(const char *at)
{
	if (umount2(at, MNT_DETACH | UMOUNT_NOFOLLOW) == 0)
		return;
	if ((errno != EINVAL && errno != EPERM) ||
	    mount("tmpfs", at, "tmpfs", MS_RDONLY, "size=4k") < 0)
		diesys("--no-pivot: %s of the host", at);
}

static void
host_hide(const struct root *root)
{
	char *text =
	    io_slurp_at(AT_FDCWD, "/proc/self/mountinfo", MOUNTINFO_MAX, NULL);
	char *rest = text, *line, *at;

	if (!text)
		diesys("--no-pivot: /proc/self/mountinfo");
	while ((line = strsep(&rest, "\n"))) {
		at = revealing(root, line);
		if (at)
			hide(at);
		free(at);
	}
	free(text);
}

void
root_move(const struct root *root, const char *path)
{
	host_hide(root);
	if (fchdir(root->fd) < 0 || mount(".", "/", NULL, MS_MOVE, NULL) < 0 ||
	    chroot(".") < 0 || chdir("/") < 0)
		diesys("%s: --no-pivot", path);
}
