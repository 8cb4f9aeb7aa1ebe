/* SPDX-License-Identifier: ISC */
/*
 * What a new file system takes from the directory that it will cover.  The
 * names are the image's, so each is opened below its directory's descriptor
 * and never followed, and what is no plain file is not opened at all.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "lib/die.h"
#include "run/rootfs/copyup.h"
#include "run/rootfs/mount_options.h"

#define DEPTH_MAX 256 /* each level holds two descriptors */

struct copy {
	const char *what;
	int depth;
};

static _Noreturn void
copy_die(const struct copy *c, const char *name)
{
	diesys("config.json: mounts: %s: tmpcopyup: %s", c->what, name);
}

/* EXDEV where another file system is mounted on name. */
static int
source_open(int from, const char *name, int flags)
{
	struct open_how how = {
	    .flags = flags | O_NOFOLLOW | O_CLOEXEC,
	    .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV,
	};

	return syscall(SYS_openat2, from, name, &how, sizeof how);
}

/* A tmpfs can't keep every attribute, nor can a user namespace set it. */
static void
attributes_copy(int from, int to)
{
	char names[XATTR_LIST_MAX], value[XATTR_SIZE_MAX];
	ssize_t n = flistxattr(from, names, sizeof names), size;

	for (char *name = names; n > 0 && name < names + n;
	     name += strlen(name) + 1) {
		size = fgetxattr(from, name, value, sizeof value);
		if (size >= 0)
			(void)!fsetxattr(to, name, value, size, 0);
	}
}

/* An id that the user namespace doesn't map stays the copier's. */
static void
owner_set(int to, const char *name, uid_t uid, gid_t gid)
{
	(void)!fchownat(
	    to, name, uid, gid, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH);
}

/*
 * The owner first, for a change of it takes set-user-ID and the file's
 * capabilities away.
 */
static void
metadata_copy(int from, int to, const struct stat *st)
{
	const struct timespec times[] = {st->st_atim, st->st_mtim};

	owner_set(to, "", st->st_uid, st->st_gid);
	attributes_copy(from, to);
	if (fchmod(to, st->st_mode & 07777) == 0)
		futimens(to, times);
}

/* The data between the holes: an image may hold a file of 1 TiB of nothing. */
static int
data_copy(int from, int to, off_t size)
{
	off_t at = 0, end;
	ssize_t n;

	if (ftruncate(to, size) < 0)
		return -1;
	while (at < size) {
		at = lseek(from, at, SEEK_DATA);
		if (at < 0)
			return errno == ENXIO ? 0 : -1;
		end = lseek(from, at, SEEK_HOLE);
		if (end < 0 || lseek(to, at, SEEK_SET) < 0)
			return -1;
		while (at < end) {
			n = sendfile(to, from, &at, end - at);
			if (n < 0)
				return -1;
			if (n == 0)
				return 0; /* shorter meanwhile */
		}
	}
	return 0;
}

static void
file_copy(const struct copy *c, int from, int to, const char *name)
{
	int in = source_open(from, name, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	int out = openat(to, name,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	struct stat st;

	if (in < 0 || out < 0 || fstat(in, &st) < 0)
		copy_die(c, name);
	if (!S_ISREG(st.st_mode))
		die("config.json: mounts: %s: tmpcopyup: %s: changed meanwhile",
		    c->what, name);
	if (data_copy(in, out, st.st_size) < 0)
		copy_die(c, name);
	metadata_copy(in, out, &st);
	close(in);
	close(out);
}

static void
link_copy(const struct copy *c, int at, int to, const char *name)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(at, "", target, sizeof target - 1);

	if (n < 0)
		copy_die(c, name);
	target[n] = '\0';
	if (symlinkat(target, to, name) < 0)
		copy_die(c, name);
}

static void directory_copy(struct copy *c, int from, int to);

static void
subdirectory_copy(struct copy *c, int from, int to, const char *name)
{
	int in = source_open(from, name, O_RDONLY | O_DIRECTORY), out;

	if (in < 0 || mkdirat(to, name, 0700) < 0)
		copy_die(c, name);
	out = openat(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (out < 0)
		copy_die(c, name);
	if (++c->depth > DEPTH_MAX)
		die("config.json: mounts: %s: tmpcopyup: %s: more than %d "
		    "directories deep",
		    c->what, name, DEPTH_MAX);
	directory_copy(c, in, out);
	c->depth--;
	close(out);
}

static void
entry_copy(struct copy *c, int from, int to, const char *name)
{
	int at = source_open(from, name, O_PATH);
	struct timespec times[2];
	struct stat st;

	if (at < 0 && errno == EXDEV)
		return;
	if (at < 0 || fstat(at, &st) < 0)
		copy_die(c, name);
	if (S_ISDIR(st.st_mode)) {
		subdirectory_copy(c, from, to, name);
	} else if (S_ISREG(st.st_mode)) {
		file_copy(c, from, to, name);
	} else {
		if (S_ISLNK(st.st_mode))
			link_copy(c, at, to, name);
		else if (mknodat(to, name, st.st_mode, st.st_rdev) < 0 &&
			 errno != EPERM) /* a device, in a user namespace */
			copy_die(c, name);
		owner_set(to, name, st.st_uid, st.st_gid);
		times[0] = st.st_atim;
		times[1] = st.st_mtim;
		utimensat(to, name, times, AT_SYMLINK_NOFOLLOW);
	}
	close(at);
}

/* Takes from; the metadata last, for each new entry changes the times. */
static void
directory_copy(struct copy *c, int from, int to)
{
	DIR *dir = fdopendir(from);
	struct dirent *e;
	struct stat st;

	if (!dir || fstat(from, &st) < 0)
		copy_die(c, ".");
	while (errno = 0, (e = readdir(dir)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			entry_copy(c, from, to, e->d_name);
	if (errno)
		copy_die(c, ".");
	metadata_copy(from, to, &st);
	closedir(dir);
}

void
copyup(int from, int mount, const struct mount_options *o, const char *what)
{
	struct copy c = {.what = what};
	int in = openat(from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int out = openat(mount, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat given;

	if (in < 0 || out < 0 || fstat(out, &given) < 0)
		copy_die(&c, ".");
	directory_copy(&c, in, out);
	if (mount_options_give(o, "uid="))
		owner_set(out, "", given.st_uid, -1);
	if (mount_options_give(o, "gid="))
		owner_set(out, "", -1, given.st_gid);
	if (mount_options_give(o, "mode="))
		fchmod(out, given.st_mode & 07777);
	close(out);
}
