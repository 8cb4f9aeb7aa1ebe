/* SPDX-License-Identifier: ISC */
/* What there is to join of a container. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/die.h"
#include "run/container/container.h"
#include "run/container/join.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

static const struct {
	const char *name; /* in /proc/PID/ns */
	int flag;
} kinds[] = {
    {"user", CLONE_NEWUSER},
    {"mnt", CLONE_NEWNS},
    {"pid", CLONE_NEWPID},
    {"net", CLONE_NEWNET},
    {"ipc", CLONE_NEWIPC},
    {"uts", CLONE_NEWUTS},
    {"cgroup", CLONE_NEWCGROUP},
    {"time", CLONE_NEWTIME},
};

static _Noreturn void
die_of_end(const struct container *c)
{
	die("%s: container not running", c->state.id);
}

/* What was opened by its number may be another's if the process has ended. */
static void
lives_check(const struct container *c)
{
	struct pollfd p = {.fd = c->pidfd, .events = POLLIN};

	if (poll(&p, 1, 0) != 0)
		die_of_end(c);
}

/*
 * A file of the container's process can't be had.  One that is ending has left
 * its namespaces and its root, while it may still wait for its children.
 */
static _Noreturn void
refused(const struct container *c, const char *path)
{
	int error = errno;

	lives_check(c);
	if (error == ENOENT)
		die_of_end(c);
	errno = error;
	diesys("%s: %s%s", c->state.id, path,
	    error == EACCES && strcmp(c->state.status, "created") == 0
		? " (before it is started only the superuser may look there)"
		: "");
}

/* Whether the container's process has another than this one; dies. */
static bool
differs(const struct container *c, const char *kind)
{
	struct stat own, its;
	char path[64];

	snprintf(path, sizeof path, "/proc/self/ns/%s", kind);
	if (stat(path, &own) < 0)
		return false; /* the kernel hasn't got them */
	snprintf(path, sizeof path, "/proc/%d/ns/%s", (int)c->pid, kind);
	if (stat(path, &its) < 0)
		refused(c, path);
	return own.st_dev != its.st_dev || own.st_ino != its.st_ino;
}

static int
proc_open(const struct container *c, const char *name, int flags)
{
	char path[64];
	int fd;

	snprintf(path, sizeof path, "/proc/%d/%s", (int)c->pid, name);
	fd = open(path, flags | O_CLOEXEC);
	if (fd < 0)
		refused(c, path);
	return fd;
}

void
join_open(struct join *j)
{
	const struct container *c = j->container;

	j->namespaces = 0;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (differs(c, kinds[i].name))
			j->namespaces |= kinds[i].flag;
	j->mount =
	    j->namespaces & CLONE_NEWNS ? proc_open(c, "ns/mnt", O_RDONLY) : -1;
	j->root = proc_open(c, "root", O_PATH | O_DIRECTORY);
	lives_check(c);
}
