/* SPDX-License-Identifier: ISC */
/* The container's side of its terminal. */
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <termios.h>
#include <unistd.h>

#include "lib/die.h"
#include "run/rootfs/mount.h"
#include "run/rootfs/path.h"
#include "run/rootfs/root.h"
#include "run/spec/spec.h"
#include "run/terminal/console.h"

#define PTS_MAJOR 136 /* the first of eight: Documentation/admin-guide */

static void
slave_check(int slave)
{
	struct statfs fs;
	struct stat st;

	if (fstatfs(slave, &fs) < 0 || fstat(slave, &st) < 0)
		diesys("console");
	if (fs.f_type != DEVPTS_SUPER_MAGIC || !S_ISCHR(st.st_mode) ||
	    major(st.st_rdev) < PTS_MAJOR || major(st.st_rdev) > PTS_MAJOR + 7)
		die("console: the container's devpts gave something other than "
		    "a terminal");
}

/*
 * Nothing but a devpts is opened: a device might do something by that.  In
 * there nobody can put another file in the place of ptmx, except by a mount.
 */
static int
master_open(const struct root *root)
{
	const char *const property = "process.terminal: /dev/pts/ptmx";
	int at = path_open_plain(root, "/dev/pts"), fd;
	struct statfs fs;

	if (at < 0 || fstatfs(at, &fs) < 0)
		diesys("%s (is a devpts among the mounts?)", property);
	if (fs.f_type != DEVPTS_SUPER_MAGIC)
		die("process.terminal: /dev/pts is not a devpts; add one to "
		    "the mounts");
	fd = path_open_in(at, "ptmx", O_RDWR | O_NOCTTY);
	if (fd < 0)
		diesys("%s", property);
	close(at);
	return fd;
}

int
console_open(const struct process_spec *p, const struct root *root, int *master)
{
	struct winsize size = {.ws_row = p->rows, .ws_col = p->columns};
	int unlock = 0, slave;

	*master = master_open(root);
	if (ioctl(*master, TIOCSPTLCK, &unlock) < 0)
		diesys("console");
	slave = ioctl(*master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave < 0)
		diesys("console");
	slave_check(slave);
	if (size.ws_row && size.ws_col)
		ioctl(*master, TIOCSWINSZ, &size);
	if (fchown(slave, p->uid, -1) < 0)
		diesys("console: owner");
	return slave;
}

/*
 * What is there in /dev, or is made; a link of the image's itself, for that
 * may lead to a volume, and what it leads to need not be there so far.
 */
static int
place_open(int dev)
{
	int fd = openat(dev, "console",
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);

	if (fd >= 0)
		close(fd);
	return openat(dev, "console", O_PATH | O_NOFOLLOW | O_CLOEXEC);
}

void
console_bind(int slave, const struct root *root)
{
	int dev = path_make(root, "/dev", true), target, clone;

	if (dev < 0)
		diesys("/dev");
	if (!root_has(root, dev) &&
	    faccessat(dev, "console", F_OK, AT_SYMLINK_NOFOLLOW) < 0) {
		close(dev);
		return;
	}
	target = place_open(dev);
	clone = mount_clone(slave, false);
	if (target < 0 || clone < 0 || mount_attach(clone, target) < 0)
		diesys("/dev/console");
	close(dev);
	close(target);
	close(clone);
}

void
console_take(int slave)
{
	if (ioctl(slave, TIOCSCTTY, 0) < 0)
		diesys("console: controlling terminal");
	for (int fd = 0; fd < 3; fd++)
		if (dup2(slave, fd) < 0)
			diesys("console");
	if (slave > 2)
		close(slave);
}
