/* SPDX-License-Identifier: ISC */
/* The id maps of a user namespace. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "run/container/clone.h"
#include "run/container/exit.h"
#include "run/container/idmap.h"
#include "run/spec/spec.h"

#define MAP_MAX 65536 /* bytes of a map as the kernel prints it */
#define HELPER_ARGS_MAX (2 + 3 * 340 + 1)

/* One write: the kernel takes no second one. */
static void
file_write(pid_t pid, const char *name, const char *text)
{
	char *path = xasprintf("/proc/%d/%s", (int)pid, name);
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || io_write(fd, text, strlen(text)) < 0)
		diesys("config.json: linux.uidMappings: %s", path);
	close(fd);
	free(path);
}

static void
map_write(pid_t pid, const char *name, const struct idmap *map, size_t n)
{
	struct buf text = {0};

	for (size_t i = 0; i < n; i++)
		buf_addf(&text, "%u %u %u\n", map[i].inside, map[i].outside,
		    map[i].count);
	file_write(pid, name, text.data);
	buf_free(&text);
}

/* HELPER PID INSIDE OUTSIDE COUNT ..., which has the rights by set-user-ID. */
static void
helper_run(const char *helper, pid_t pid, const struct idmap *map, size_t n)
{
	char *args[HELPER_ARGS_MAX], **a = args;
	pid_t child;
	int status, r;

	*a++ = xstrdup(helper);
	*a++ = xasprintf("%d", (int)pid);
	for (size_t i = 0; i < n; i++) {
		*a++ = xasprintf("%u", map[i].inside);
		*a++ = xasprintf("%u", map[i].outside);
		*a++ = xasprintf("%u", map[i].count);
	}
	*a = NULL;
	r = posix_spawnp(&child, helper, NULL, NULL, args, environ);
	if (r)
		die("%s: %s; it comes with the package uidmap or shadow",
		    helper, strerror(r));
	if (waitpid(child, &status, 0) < 0 || !WIFEXITED(status) ||
	    WEXITSTATUS(status) != 0)
		die("%s failed: are the ranges of linux.uidMappings and "
		    "gidMappings yours in /etc/subuid and /etc/subgid?",
		    helper);
	while (--a >= args)
		free(*a);
}

static int
is_own_id(const struct idmap *map, size_t n, uint32_t id)
{
	return n == 1 && map->count == 1 && map->outside == id;
}

uid_t
idmap_outside(const struct spec *spec, uid_t uid)
{
	const struct idmap *m = spec->uid_map;

	for (; m < spec->uid_map + spec->nuid_map; m++)
		if (uid >= m->inside && uid - m->inside < m->count)
			return m->outside + (uid - m->inside);
	return -1;
}

static void
maps_write(pid_t pid, const struct idmap *uids, size_t nuids,
    const struct idmap *gids, size_t ngids)
{
	if (geteuid() == 0) {
		map_write(pid, "gid_map", gids, ngids);
		map_write(pid, "uid_map", uids, nuids);
		return;
	}
	if (is_own_id(gids, ngids, getegid())) {
		/* Else the user could drop a group that denies him things. */
		file_write(pid, "setgroups", "deny");
		map_write(pid, "gid_map", gids, ngids);
	} else {
		helper_run("newgidmap", pid, gids, ngids);
	}
	if (is_own_id(uids, nuids, geteuid()))
		map_write(pid, "uid_map", uids, nuids);
	else
		helper_run("newuidmap", pid, uids, nuids);
}

void
idmaps_write(const struct spec *spec, pid_t pid)
{
	maps_write(
	    pid, spec->uid_map, spec->nuid_map, spec->gid_map, spec->ngid_map);
}

/* The lines of a map: inside, outside, count.  Owned. */
static struct idmap *
map_read(pid_t pid, const char *name, size_t *n)
{
	char *path = xasprintf("/proc/%d/%s", (int)pid, name), *line, *rest;
	char *text = io_slurp_at(AT_FDCWD, path, MAP_MAX, NULL);
	struct idmap *map = NULL, m;

	if (!text)
		diesys("%s", path);
	rest = text;
	*n = 0;
	while ((line = strsep(&rest, "\n"))) {
		if (sscanf(line, "%u %u %u", &m.inside, &m.outside, &m.count) !=
		    3)
			continue;
		map = xreallocarray(map, *n + 1, sizeof *map);
		map[(*n)++] = m;
	}
	free(text);
	free(path);
	return map;
}

/* Whoever has rights in there is not to look into this process. */
static bool
hidden_join(int user_namespace)
{
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
	       setns(user_namespace, CLONE_NEWUSER) == 0 &&
	       prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

/*
 * A process in the user namespace, that of -1 being a new one, until the pipe
 * that is returned in *release is closed.  -1 with errno.
 */
static pid_t
holder_start(int user_namespace, int *pidfd, int *release)
{
	int wait[2], said[2], error = 0;
	pid_t pid;
	char none;

	if (pipe2(wait, O_CLOEXEC) < 0 || pipe2(said, O_CLOEXEC) < 0)
		diesys("pipe");
	pid = clone_process(user_namespace < 0 ? CLONE_NEWUSER : 0, -1, pidfd);
	if (pid == 0) {
		close(wait[1]);
		if (user_namespace >= 0 && !hidden_join(user_namespace))
			error = errno;
		if (write(said[1], &error, sizeof error) == sizeof error)
			(void)!read(wait[0], &none, 1);
		_exit(0);
	}
	close(wait[0]);
	close(said[1]);
	*release = wait[1];
	if (pid > 0 && read(said[0], &error, sizeof error) != sizeof error)
		error = ECHILD;
	close(said[0]);
	if (error)
		errno = error;
	return error ? -1 : pid;
}

static void
holder_end(int pidfd, int release)
{
	close(release);
	exit_reap(pidfd);
	close(pidfd);
}

int
idmap_namespace(const struct mount_spec *m)
{
	int release, pidfd, fd;
	pid_t pid = holder_start(-1, &pidfd, &release);
	char path[40];

	if (pid < 0)
		diesys("clone: a user namespace for the ids of a mount");
	maps_write(pid, m->uid_map, m->nuid_map, m->gid_map, m->ngid_map);
	snprintf(path, sizeof path, "/proc/%d/ns/user", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		diesys("%s", path);
	holder_end(pidfd, release);
	return fd;
}

void
idmaps_read(struct spec *spec, int user_namespace, const char *path)
{
	int release, pidfd;
	pid_t pid = holder_start(user_namespace, &pidfd, &release);

	if (pid < 0)
		diesys("config.json: linux.namespaces: %s", path);
	spec->uid_map = map_read(pid, "uid_map", &spec->nuid_map);
	spec->gid_map = map_read(pid, "gid_map", &spec->ngid_map);
	holder_end(pidfd, release);
}
