/* SPDX-License-Identifier: ISC */
/* The root file system of a container. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/syscalls.h"
#include "run/rootfs/detach.h"
#include "run/rootfs/mount.h"
#include "run/rootfs/move.h"
#include "run/rootfs/root.h"
#include "run/spec/spec.h"

#define PROTECT_TRIES 200 /* 10 ms apart */

/*
 * Mounts of the host are to be seen in the container's namespace at most
 * (slave), and never the other way round; "shared" is for the container's own
 * root, which is made so when it is in place.
 */
static unsigned long
host_propagation(const struct spec *spec)
{
	if (spec->root_propagation & MS_PRIVATE)
		return MS_PRIVATE;
	return MS_SLAVE;
}

/* With the id of the mount that fd lies in; dies. */
static void
place_stat(int fd, struct statx *st)
{
	if (statx(fd, "", AT_EMPTY_PATH, STATX_INO | STATX_MNT_ID, st) < 0)
		diesys("statx");
	if (!(st->stx_mask & STATX_MNT_ID))
		die("statx: this kernel tells no mount's id; it needs Linux "
		    "5.8");
}

bool
root_same(int a, int b)
{
	struct statx x, y;

	place_stat(a, &x);
	place_stat(b, &y);
	return x.stx_mnt_id == y.stx_mnt_id && x.stx_ino == y.stx_ino &&
	       x.stx_dev_major == y.stx_dev_major &&
	       x.stx_dev_minor == y.stx_dev_minor;
}

int
root_open_outside(
    const struct root *root, const char *path, int which, int flags)
{
	int fd = open(path, O_PATH | O_CLOEXEC | flags), error = errno;

	if (fd < 0 && error == EACCES && root->opener) {
		fd = root->opener(which);
		if (errno == EPERM) /* it could not get here */
			errno = error;
	}
	return fd;
}

void
root_prepare(struct root *root, const struct spec *spec, place_opener *opener)
{
	int at;

	if (mount(NULL, "/", NULL, host_propagation(spec) | MS_REC, NULL) < 0) {
		if (errno == EINVAL)
			die("/: is a chroot: its directory has to be a mount, "
			    "which mount --bind DIR DIR makes it before");
		diesys("mount propagation of /");
	}
	*root = (struct root){.opener = opener};
	at = root_open_outside(root, spec->root, -1, O_DIRECTORY);
	if (at < 0)
		diesys("%s", spec->root);
	/* A mount of its own: pivot_root(2) wants one. */
	root->fd = mount_clone(at, true);
	if (root->fd < 0 || mount_attach(root->fd, at) < 0)
		diesys("%s: bind on itself", spec->root);
	close(at);
	root_add(root, root->fd, true);
}

void
root_add(struct root *root, int fd, bool own)
{
	struct statx st;

	place_stat(fd, &st);
	root->mounts = xreallocarray(
	    root->mounts, root->nmounts + 1, sizeof *root->mounts);
	root->mounts[root->nmounts++] =
	    (struct root_mount){.id = st.stx_mnt_id, .own = own};
}

void
root_protect_late(struct root *root, int fd)
{
	int *late;

	root->late =
	    xreallocarray(root->late, root->nlate + 1, sizeof *root->late);
	late = &root->late[root->nlate++];
	*late = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (*late < 0)
		diesys("descriptor of a read-only mount");
}

ssize_t
root_mount_of(const struct root *root, int fd)
{
	struct statx st;

	place_stat(fd, &st);
	for (size_t i = root->nmounts; i-- > 0;)
		if (root->mounts[i].id == st.stx_mnt_id)
			return i;
	return -1;
}

bool
root_made(const struct root *root, uint64_t id)
{
	for (size_t i = 0; i < root->nmounts; i++)
		if (root->mounts[i].id == id)
			return true;
	return false;
}

bool
root_has(const struct root *root, int fd)
{
	ssize_t i = root_mount_of(root, fd);

	return i >= 0 && root->mounts[i].own;
}

/* The initramfs is no mount that can be put away. */
static void
root_pivot(const struct root *root, const char *path)
{
	if (fchdir(root->fd) < 0)
		diesys("%s", path);
	if (syscall(SYS_pivot_root, ".", ".") < 0)
		diesys("%s: pivot_root%s", path,
		    errno == EINVAL ? " (is the host's root the initramfs? "
				      "--no-pivot does without)"
				    : "");
	/* The old root now lies on top of the new one, at ".". */
	if (umount2(".", MNT_DETACH) < 0 || chdir("/") < 0)
		diesys("leaving the host's root");
}

/*
 * The kernel refuses while a file is written there, or the time of an access:
 * what a hook has left running may do either, mostly for a moment.
 */
static void
protect(int fd, const char *what)
{
	const struct timespec pause = {.tv_nsec = 10000000};

	for (int i = 0; i < PROTECT_TRIES; i++) {
		if (mount_change(fd, false, MOUNT_ATTR_RDONLY, 0, 0) == 0)
			return;
		if (errno != EBUSY)
			diesys("config.json: %s", what);
		nanosleep(&pause, NULL);
	}
	die("config.json: %s: a process has a file open there for writing, "
	    "perhaps one that a hook has left running",
	    what);
}

/*
 * Read-only first: by the pivot, what hooks have left running in this
 * namespace comes to use the container's root as its own.
 */
void
root_enter(const struct root *root, const struct spec *spec)
{
	unsigned long p = spec->root_propagation;

	for (size_t i = 0; i < root->nlate; i++) {
		protect(root->late[i], "mounts: option ro of a tmpfs");
		close(root->late[i]);
	}
	if (spec->root_readonly)
		protect(root->fd, "root.readonly");
	if (root->mounts_in >= 0)
		root_detach(root, spec->root);
	else if (root->no_pivot)
		root_move(root, spec->root);
	else
		root_pivot(root, spec->root);
	if (p & (MS_SHARED | MS_UNBINDABLE) &&
	    mount(NULL, "/", NULL, p, NULL) < 0)
		diesys("config.json: linux.rootfsPropagation");
	close(root->fd);
}
