/* SPDX-License-Identifier: ISC */
/* A root file system that is an overlay mount of layers. */
#include "bundle/overlay.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "bundle/links.h"
#include "lib/buf.h"
#include "lib/die.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/syscalls.h"

#define ABOUT_MAX 4096 /* bytes of layers.json */
#define LOWER_MAX 500  /* directories below a mount's upper: the kernel's */

static int
dir_open(int dir, const char *name)
{
	int fd =
	    openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		diesys("rootfs of the bundle: %s", name);
	return fd;
}

/* Attributes as they are in the topmost layer, but for overlay's own. */
static void
xattrs_copy(int from, int to)
{
	char names[65536], value[65536];
	ssize_t n = flistxattr(from, names, sizeof names), len;

	for (char *p = names; n > 0 && p < names + n; p += strlen(p) + 1) {
		if (!strncmp(p, "trusted.overlay.", 16) ||
		    !strncmp(p, "user.overlay.", 13) ||
		    !strcmp(p, "security.selinux"))
			continue;
		len = fgetxattr(from, p, value, sizeof value);
		if (len < 0 || fsetxattr(to, p, value, (size_t)len, 0))
			diesys(
			    "rootfs of the bundle: extended attribute %s", p);
	}
}

/* The mount's root has what the upper directory has. */
static void
upper_make(int rootfs, int layers)
{
	int upper,
	    top = openat(layers, "0", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat st = {.st_mode = 0755};

	if (mkdirat(rootfs, "upper", 0700))
		diesys("rootfs of the bundle: upper");
	upper = dir_open(rootfs, "upper");
	if (top >= 0 && fstat(top, &st))
		diesys("the topmost layer");
	if (fchown(upper, st.st_uid, st.st_gid) ||
	    fchmod(upper, st.st_mode & 07777))
		diesys("rootfs of the bundle: upper");
	if (top >= 0)
		xattrs_copy(top, upper);
	if (futimens(upper, (struct timespec[]){st.st_atim, st.st_mtim}))
		diesys("rootfs of the bundle: upper");
	close(upper);
	if (top >= 0)
		close(top);
}

void
overlay_trust(int fd, const char *path)
{
	struct stat st;

	if (fstat(fd, &st))
		diesys("%s", path);
	if (st.st_uid != geteuid() || st.st_mode & 022)
		die("%s: %s, so its mount may be another than that of the "
		    "layers",
		    path,
		    st.st_uid != geteuid() ? "belongs to another user"
					   : "others may write there");
}

int
overlay_make(int dir, const char *store, const char *names)
{
	static const char *const parts[] = {"layers", "work", "empty", "root"};
	int rootfs, layers;

	if (mkdirat(dir, "rootfs", 0755))
		diesys("rootfs of the bundle");
	rootfs = dir_open(dir, "rootfs");
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (mkdirat(rootfs, parts[i], 0755))
			diesys("rootfs of the bundle: %s", parts[i]);
	layers = dir_open(rootfs, "layers");
	links_make(layers, store, names);
	upper_make(rootfs, layers);
	close(layers);
	return rootfs;
}

/* Whether opaque directories are marked as user namespaces need it. */
static bool
is_for_users(const char *store)
{
	char *path = xasprintf("%s/layers.json", store);
	char *text = io_slurp_at(AT_FDCWD, path, ABOUT_MAX, NULL);
	const char *why = "no JSON", *form;
	cJSON *about;
	bool is;

	if (!text)
		diesys("%s", path);
	about = json_parse(text, strlen(text), &why);
	if (!about)
		die("%s: %s", path, why);
	form = json_string(about, "overlay");
	is = form && !strcmp(form, "user");
	if (!is && (!form || strcmp(form, "trusted")))
		die("%s: \"overlay\" is neither trusted nor user", path);
	cJSON_Delete(about);
	free(text);
	free(path);
	return is;
}

/*
 * "lowerdir=0:1:../empty,...", of n links, from where they are; owned.  Without
 * an upper directory there have to be two lower ones.
 */
static char *
options_make(int n, bool for_users, bool read_only)
{
	struct buf text = {0};

	if (n + read_only > LOWER_MAX)
		die("%d layers: with --read-only no more than %d can be "
		    "mounted, for the bundle has one, too",
		    n, LOWER_MAX - 1);
	buf_adds(&text, read_only ? "lowerdir=../upper:" : "lowerdir=");
	for (int i = 0; i < n; i++)
		buf_addf(&text, "%s%d", i ? ":" : "", i);
	if (!n)
		buf_adds(&text, "../empty");
	if (!read_only)
		buf_adds(&text, ",upperdir=../upper,workdir=../work,index=off");
	if (for_users)
		buf_adds(&text, ",userxattr");
	return buf_take(&text);
}

/*
 * In a mount namespace of its own, of which only the clone outlasts this
 * process: whoever kills it leaves no mount.
 */
_Noreturn static void
mounter(int rootfs, int fd, const char *options)
{
	int layers, clone;

	die_in_child(NULL);
	layers = dir_open(rootfs, "layers");
	/* The working directory goes along to the new mounts. */
	if (fchdir(layers))
		diesys("rootfs of the bundle: layers");
	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		diesys("a mount namespace");
	if (mount("overlay", "../root", "overlay", 0, options))
		diesys("rootfs of the bundle: overlay mount%s",
		    errno == EINVAL ? " (can this file system have an upper "
				      "directory? overlay and NFS can't)"
				    : "");
	clone = open_tree(AT_FDCWD, "../root",
	    OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_SYMLINK_NOFOLLOW);
	if (clone < 0 || dup3(clone, fd, O_CLOEXEC) < 0)
		diesys("rootfs of the bundle: open_tree");
	_exit(0);
}

/* Whether the directory, or fd itself, is one that something is mounted on. */
static bool
is_mount(int fd, const char *path)
{
	struct statx st;

	return !statx(fd, path, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW, STATX_INO,
		   &st) &&
	       st.stx_attributes & STATX_ATTR_MOUNT_ROOT;
}

int
overlay_mounted(int rootfs)
{
	int fd = dir_open(rootfs, "root");
	struct statfs fs;

	if (!is_mount(fd, "")) {
		close(fd);
		return -1;
	}
	if (fstatfs(fd, &fs))
		diesys("rootfs of the bundle: root");
	if (fs.f_type != OVERLAYFS_SUPER_MAGIC)
		die("rootfs of the bundle: what is mounted on root is no "
		    "overlay mount; unmount it");
	return fd;
}

bool
overlay_read_only(int mount)
{
	struct statvfs fs;

	if (fstatvfs(mount, &fs))
		diesys("rootfs of the bundle: root");
	return fs.f_flag & ST_RDONLY;
}

int
overlay_mount(int rootfs, const char *store, const char *names, bool read_only)
{
	int fd = dir_open(rootfs, "root"), root, status;
	int layers = dir_open(rootfs, "layers");
	char *options = options_make(
	    links_check(layers, store, names), is_for_users(store), read_only);
	pid_t pid;

	close(layers);
	/* The child puts the mount in the place of that descriptor. */
	pid = (pid_t)syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
	if (pid < 0)
		diesys("clone");
	if (!pid)
		mounter(rootfs, fd, options);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			diesys("rootfs of the bundle");
	if (status)
		exit(1);
	root = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		diesys("rootfs of the bundle: root");
	close(fd);
	free(options);
	return root;
}

void
overlay_attach(int mnt, int rootfs)
{
	if (move_mount(mnt, "", rootfs, "root", MOVE_MOUNT_F_EMPTY_PATH))
		diesys("rootfs of the bundle: move_mount");
}

void
overlay_detach(int dir, const char *name)
{
	char *path = xasprintf("/proc/self/fd/%d/%s/root", dir, name);
	char *links = xasprintf("%s/layers", name);

	/* One mount may be on top of another. */
	if (!faccessat(dir, links, F_OK, AT_SYMLINK_NOFOLLOW))
		while (is_mount(AT_FDCWD, path) &&
		       !umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW))
			continue;
	free(path);
	free(links);
}
