/* SPDX-License-Identifier: ISC */
/* The array mounts: what comes first is mounted first. */
#include "bundle/mounts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bundle/idmap.h"
#include "bundle/imageconfig.h"
#include "bundle/imagefile.h"
#include "bundle/mountentry.h"
#include "bundle/options.h"
#include "bundle/path.h"
#include "lib/buf.h"
#include "lib/die.h"
#include "lib/inside.h"
#include "lib/json.h"
#include "lib/mem.h"

#define TTY_GROUP 5

static void
put(cJSON *mounts, const char *destination, const char *type,
    const char *source, const char *options)
{
	mountentry_put(
	    mounts, mountentry_make(destination, type, source, options));
}

static void
defaults_put(cJSON *mounts, const struct options *o, const struct idmap *ids)
{
	bool has_tty_group = id_is_mapped(&ids->gids, TTY_GROUP);

	put(mounts, "/proc", "proc", "proc", "nosuid,noexec,nodev");
	put(mounts, "/dev", "tmpfs", "tmpfs",
	    "nosuid,strictatime,mode=755,size=65536k");
	put(mounts, "/dev/pts", "devpts", "devpts",
	    has_tty_group ? "nosuid,noexec,newinstance,ptmxmode=0666,mode=0620,"
			    "gid=5"
			  : "nosuid,noexec,newinstance,ptmxmode=0666,"
			    "mode=0620");
	put(mounts, "/dev/shm", "tmpfs", "shm",
	    "nosuid,noexec,nodev,mode=1777,size=65536k");
	put(mounts, "/dev/mqueue", "mqueue", "mqueue", "nosuid,noexec,nodev");
	/*
	 * A new sysfs shows a network namespace, so the kernel wants it to
	 * belong to the user namespace of who mounts it.
	 */
	if (o->host_network && o->rootless)
		put(mounts, "/sys", "bind", "/sys",
		    "rbind,nosuid,noexec,nodev,ro");
	else
		put(mounts, "/sys", "sysfs", "sysfs", "nosuid,noexec,nodev,ro");
	put(mounts, "/sys/fs/cgroup", "cgroup", "cgroup",
	    "nosuid,noexec,nodev,relatime,ro");
}

/* Who uses the host's network wants to find the hosts in it. */
static void
network_files_put(cJSON *mounts)
{
	static const char *const files[] = {"/etc/hosts", "/etc/resolv.conf"};

	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		if (access(files[i], R_OK) == 0)
			put(mounts, files[i], "bind", files[i],
			    "bind,rprivate,nosuid,noexec,nodev,ro");
}

static bool
dir_is_empty(int root, const char *path)
{
	struct dirent *entry;
	bool empty = true;
	int fd = inside_root_open(root, path, O_RDONLY | O_DIRECTORY, true);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir)
		diesys("%s in the image", path);
	while (empty && (entry = readdir(dir)))
		empty =
		    !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..");
	closedir(dir);
	return empty;
}

_Noreturn static void
die_volume(const char *path, const char *why)
{
	die("config.Volumes of the image: '%s': %s; --image-volume=ignore does "
	    "without",
	    path, why);
}

/*
 * A volume is a tmpfs of the container's own, which begins as the image's
 * directory: with its mode, its owner and what is in it.
 */
static cJSON *
volume_make(const char *path, const struct idmap *ids, int root)
{
	struct buf options = {0};
	struct stat st = {.st_mode = S_IFDIR | 0755};
	int64_t uid = 0, gid = 0;
	int fd = root < 0
		     ? -1
		     : inside_root_open(root, path, O_PATH | O_DIRECTORY, true);
	cJSON *mount;

	if (root >= 0 && fd < 0 && errno != ENOENT)
		die_volume(path, strerror(errno));
	buf_adds(&options, "nosuid,nodev");
	if (fd >= 0) {
		if (fstat(fd, &st) < 0)
			diesys("%s in the image", path);
		close(fd);
		uid = id_from_host(&ids->uids, st.st_uid);
		gid = id_from_host(&ids->gids, st.st_gid);
		if (!dir_is_empty(root, path))
			buf_adds(&options, ",tmpcopyup");
	}
	buf_addf(&options, ",mode=%04o", st.st_mode & 07777);
	if (uid > 0)
		buf_addf(&options, ",uid=%lld", (long long)uid);
	if (gid > 0)
		buf_addf(&options, ",gid=%lld", (long long)gid);
	mount = mountentry_make(path, "tmpfs", "tmpfs", options.data);
	buf_free(&options);
	return mount;
}

static int
text_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/*
 * Where a volume gives way: the destinations of mounts, sorted.  The kernel's
 * own file systems are none of these, so that a volume there is an error.
 * The array is owned, its texts borrowed.
 */
static const char **
destinations(const cJSON *mounts, size_t *n)
{
	const char **list = xcalloc(
		       (size_t)cJSON_GetArraySize(mounts) + 1, sizeof *list),
		   *type;
	const cJSON *mount;

	*n = 0;
	cJSON_ArrayForEach(mount, mounts)
	{
		type = json_string(mount, "type");
		if (strcmp(type, "proc") && strcmp(type, "sysfs"))
			list[(*n)++] = json_string(mount, "destination");
	}
	qsort(list, *n, sizeof *list, text_compare);
	return list;
}

/* The mount point of a volume; dies where a container can't have one. */
static char *
volume_path(const char *name)
{
	const char *why;
	char *path = destination_clean(name, &why);

	if (!path)
		die_volume(name, why);
	return path;
}

/*
 * In the order of their paths, so that /a is there before /a/b.  Where there
 * is a mount already, the user's or one that every container has, that stays.
 */
static void
volumes_add(cJSON *mounts, const cJSON *volumes, const struct idmap *ids,
    int root, const char *const *taken, size_t ntaken)
{
	size_t n = 0;
	char **paths =
	    xcalloc((size_t)cJSON_GetArraySize(volumes) + 1, sizeof *paths);
	const cJSON *volume;

	cJSON_ArrayForEach(volume, volumes) paths[n++] =
	    volume_path(volume->string);
	qsort(paths, n, sizeof *paths, text_compare);
	for (size_t i = 0; i < n; i++) {
		if (i && !strcmp(paths[i - 1], paths[i]))
			continue;
		if (bsearch(
			&paths[i], taken, ntaken, sizeof *taken, text_compare))
			continue;
		if (destination_is_within(paths[i], "/proc") ||
		    destination_is_within(paths[i], "/sys"))
			die_volume(paths[i], "must not be in /proc or /sys");
		cJSON_AddItemToArray(mounts, volume_make(paths[i], ids, root));
	}
	for (size_t i = 0; i < n; i++)
		free(paths[i]);
	free(paths);
}

/* Whether a mount is at the destination of another in a short list. */
static bool
is_there(const cJSON *mounts, const cJSON *mount)
{
	const char *destination = json_string(mount, "destination");
	const cJSON *old;

	cJSON_ArrayForEach(
	    old, mounts) if (!strcmp(json_string(old, "destination"),
				 destination)) return true;
	return false;
}

cJSON *
mounts_make(const struct options *o, const struct image_config *image,
    const struct idmap *ids, int root)
{
	cJSON *mounts = cJSON_CreateArray(), *own = cJSON_CreateArray(), *all;
	const cJSON *mount;
	const char **taken;
	size_t ntaken;

	defaults_put(mounts, o, ids);
	if (o->host_network)
		network_files_put(own);
	cJSON_ArrayForEach(mount, o->mounts)
	    mountentry_put(is_there(mounts, mount) ? mounts : own,
		cJSON_Duplicate(mount, true));
	all = cJSON_Duplicate(mounts, true);
	cJSON_ArrayForEach(mount, own)
	    cJSON_AddItemToArray(all, cJSON_Duplicate(mount, true));
	taken = destinations(all, &ntaken);
	if (!o->no_volumes)
		volumes_add(mounts, image->volumes, ids, root, taken, ntaken);
	while (own->child)
		cJSON_AddItemToArray(mounts, cJSON_DetachItemFromArray(own, 0));
	free(taken);
	cJSON_Delete(all);
	cJSON_Delete(own);
	return mounts;
}
