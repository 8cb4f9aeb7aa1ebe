/* SPDX-License-Identifier: ISC */
/* Protection of this program's own file from the container. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/syscalls.h"
#include "run/container/seal.h"

#define SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

/*
 * An overlay without an upper directory is read-only for good, one of the
 * host's as long as the host wants it; memory with these seals is, too.
 */
static bool
is_sealed(int exe)
{
	struct statfs fs;
	struct statvfs vfs;
	int seals = fcntl(exe, F_GET_SEALS);

	if (seals >= 0 && (seals & SEALS) == SEALS)
		return true;
	if (fstatfs(exe, &fs) < 0 || fstatvfs(exe, &vfs) < 0)
		diesys("/proc/self/exe");
	return fs.f_type == OVERLAYFS_SUPER_MAGIC && (vfs.f_flag & ST_RDONLY);
}

/* A file that this user can't write to needs neither. */
static bool
is_out_of_reach(void)
{
	struct stat st;

	return geteuid() != 0 && stat("/proc/self/exe", &st) == 0 &&
	       st.st_uid != geteuid() && access("/proc/self/exe", W_OK) < 0;
}

/*
 * A descriptor of the program in a new overlay that is mounted nowhere; -1
 * when there is none to be had.  Without an upper directory the kernel wants
 * two lower ones: the second is one that every machine has.
 */
static int
overlay_open(void)
{
	char path[PATH_MAX], lower[PATH_MAX + 16], *name;
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
	int fs, mount = -1, exe = -1;

	if (n <= 0)
		return -1;
	path[n] = '\0';
	name = strrchr(path, '/');
	if (!name || name == path || strpbrk(path, ":,\\"))
		return -1;
	*name++ = '\0';
	snprintf(lower, sizeof lower, "%s:/sys/kernel", path);
	fs = fsopen("overlay", FSOPEN_CLOEXEC);
	if (fs >= 0 &&
	    fsconfig(fs, FSCONFIG_SET_STRING, "lowerdir", lower, 0) == 0 &&
	    fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
		mount = fsmount(fs, FSMOUNT_CLOEXEC,
		    MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOSUID);
	if (mount >= 0) {
		exe = openat(mount, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
		close(mount);
	}
	if (fs >= 0)
		close(fs);
	return exe;
}

int
seal_copy(int exe, const char *name)
{
	int copy = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	struct stat st;
	off_t done = 0;

	if (copy < 0 || fstat(exe, &st) < 0)
		diesys("copy of %s in memory", name);
	while (done < st.st_size)
		if (sendfile(copy, exe, &done, st.st_size - done) <= 0)
			diesys("copy of %s in memory", name);
	if (fchmod(copy, 0555) < 0 || fcntl(copy, F_ADD_SEALS, SEALS) < 0)
		diesys("copy of %s in memory", name);
	return copy;
}

void
seal_self(char **argv)
{
	int exe = open("/proc/self/exe", O_RDONLY | O_CLOEXEC), sealed;

	if (exe < 0 && is_out_of_reach())
		return;
	if (exe < 0)
		diesys("/proc/self/exe");
	if (is_sealed(exe) || is_out_of_reach()) {
		prctl(PR_SET_NAME, program_invocation_short_name);
		close(exe);
		return;
	}
	sealed = overlay_open();
	if (sealed >= 0 && is_sealed(sealed))
		fexecve(sealed, argv, environ);
	sealed = seal_copy(exe, program_invocation_short_name);
	fexecve(sealed, argv, environ);
	diesys("sealed copy of the program");
}
