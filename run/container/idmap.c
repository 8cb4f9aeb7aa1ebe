/* SPDX-License-Identifier: ISC */
/* The id maps of a user namespace. */
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "run/container/idmap.h"
#include "run/spec/spec.h"

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

void
idmaps_write(const struct spec *spec, pid_t pid)
{
	if (geteuid() == 0) {
		map_write(pid, "gid_map", spec->gid_map, spec->ngid_map);
		map_write(pid, "uid_map", spec->uid_map, spec->nuid_map);
		return;
	}
	if (is_own_id(spec->gid_map, spec->ngid_map, getegid())) {
		/* Else the user could drop a group that denies him things. */
		file_write(pid, "setgroups", "deny");
		map_write(pid, "gid_map", spec->gid_map, spec->ngid_map);
	} else {
		helper_run("newgidmap", pid, spec->gid_map, spec->ngid_map);
	}
	if (is_own_id(spec->uid_map, spec->nuid_map, geteuid()))
		map_write(pid, "uid_map", spec->uid_map, spec->nuid_map);
	else
		helper_run("newuidmap", pid, spec->uid_map, spec->nuid_map);
}
