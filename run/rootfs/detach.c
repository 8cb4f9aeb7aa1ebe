/* SPDX-License-Identifier: ISC */
/* A root in a mount namespace that is not the container's own. */
#include <sched.h>
#include <stdbool.h>
#include <unistd.h>

#include "lib/die.h"
#include "run/rootfs/detach.h"
#include "run/rootfs/mount.h"
#include "run/rootfs/root.h"

/*
 * A clone that is closed without having been attached is unmounted, but what
 * still uses it keeps it, and the mounts in it stay in their places: that is so
 * of open_tree(2) alone, umount2(2) with MNT_DETACH takes them apart.  There is
 * no way up from it, as there is out of a directory that was only chrooted to.
 */
void
root_detach(const struct root *root, const char *path)
{
	int tree = mount_clone(root->fd, true);

	if (tree < 0)
		diesys("%s: a tree of its mounts", path);
	if (setns(root->mounts_in, CLONE_NEWNS) < 0)
		diesys("%s: the container's mount namespace", path);
	if (fchdir(tree) < 0 || chroot(".") < 0 || chdir("/") < 0)
		diesys("%s: chroot", path);
	close(tree);
	close(root->mounts_in);
}
