/* SPDX-License-Identifier: ISC */
/* Settings that the kernel takes through /proc. */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "run/process/procfs.h"
#include "run/spec/spec.h"

static int
proc_open(void)
{
	struct statfs fs;
	int fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fstatfs(fd, &fs) < 0)
		diesys("/proc");
	if (fs.f_type != PROC_SUPER_MAGIC)
		die("/proc: is not a proc file system");
	return fd;
}

/* No link and no other mount on the way: 0, or -1 with errno. */
static int
proc_write(int proc, const char *path, const char *value)
{
	struct open_how how = {
	    .flags = O_WRONLY | O_CLOEXEC,
	    .resolve = RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS,
	};
	int fd = syscall(SYS_openat2, proc, path, &how, sizeof how), r, error;

	if (fd < 0)
		die_if_missing("openat2", "5.6");
	if (fd < 0)
		return -1;
	r = io_write(fd, value, strlen(value));
	error = errno;
	close(fd);
	errno = error;
	return r;
}

void
procfs_oom_score(const struct spec *spec, pid_t pid)
{
	char path[64], value[32];
	int proc;

	if (spec->process.oom_score_adj == UNSET)
		return;
	proc = proc_open();
	snprintf(path, sizeof path, "%d/oom_score_adj", (int)pid);
	snprintf(value, sizeof value, "%lld",
	    (long long)spec->process.oom_score_adj);
	if (proc_write(proc, path, value) < 0)
		diesys("process.oomScoreAdj");
	close(proc);
}

void
procfs_time_offsets(const struct spec *spec, pid_t pid)
{
	char path[64], text[200] = "", *end = text;
	const struct time_offset *o = spec->time_offsets;
	int proc = proc_open();

	snprintf(path, sizeof path, "%d/timens_offsets", (int)pid);
	for (; o < spec->time_offsets + spec->ntime_offsets; o++)
		end += sprintf(end, "%s %lld %lld\n", o->clock,
		    (long long)o->seconds, (long long)o->nanoseconds);
	if (proc_write(proc, path, text) < 0)
		diesys("config.json: linux.timeOffsets%s",
		    errno == ERANGE ? " (a clock stays between 0 and 146 "
				      "years)"
				    : "");
	close(proc);
}

/* "self" is a link, so it is read: /proc may be that of another namespace. */
bool
procfs_groups_denied(void)
{
	char self[32], path[64], text[5] = "";
	int proc = proc_open(), fd;
	ssize_t n;

	n = readlinkat(proc, "self", self, sizeof self - 1);
	if (n <= 0)
		diesys("/proc/self");
	self[n] = '\0';
	snprintf(path, sizeof path, "%s/setgroups", self);
	fd = openat(proc, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	n = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
	if (fd >= 0)
		close(fd);
	close(proc);
	return n > 0 && strcmp(text, "deny") == 0;
}

/* The namespace that a sysctl belongs to; 0: none, it is the whole host's. */
static int
sysctl_namespace(const char *name)
{
	static const char *const ipc[] = {"kernel.msgmax", "kernel.msgmnb",
	    "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax",
	    "kernel.shmmni", "kernel.shm_rmid_forced"};

	if (strncmp(name, "net.", 4) == 0)
		return CLONE_NEWNET;
	if (strncmp(name, "fs.mqueue.", 10) == 0)
		return CLONE_NEWIPC;
	for (size_t i = 0; i < sizeof ipc / sizeof *ipc; i++)
		if (strcmp(name, ipc[i]) == 0)
			return CLONE_NEWIPC;
	if (strcmp(name, "kernel.domainname") == 0 ||
	    strcmp(name, "kernel.hostname") == 0)
		return CLONE_NEWUTS;
	return 0;
}

/* "net/../vm/x" begins as one of the network does and is the host's. */
static bool
is_roundabout(const char *path)
{
	size_t n;

	for (;; path += n + 1) {
		n = strcspn(path, "/");
		if (n < 3 && strncmp(path, "..", n) == 0)
			return true;
		if (!path[n])
			return false;
	}
}

/* Dots and slashes may be either way round, as sysctl(8) has it. */
static void
sysctl_set(
    const struct spec *spec, int proc, const char *name, const char *value)
{
	char *dotted = xstrdup(name), *path = xasprintf("sys/%s", name);
	int ns;

	if (strcspn(name, "./") == strcspn(name, "/"))
		for (char *c = dotted; *c; c++)
			*c = *c == '/' ? '.' : *c == '.' ? '/' : *c;
	else
		for (char *c = path + 4; *c; c++)
			*c = *c == '/' ? '.' : *c == '.' ? '/' : *c;
	ns = is_roundabout(path) ? 0 : sysctl_namespace(dotted);
	if (!ns || !spec_namespace(spec, ns))
		die("config.json: linux.sysctl: %s: is the host's; only one "
		    "of a namespace that the container has can be set",
		    name);
	if (proc_write(proc, path, value) < 0)
		diesys("config.json: linux.sysctl: %s", name);
	free(dotted);
	free(path);
}

void
procfs_sysctls(const struct spec *spec)
{
	int proc;

	if (!spec->sysctl)
		return;
	proc = proc_open();
	for (char **p = spec->sysctl; *p; p += 2)
		sysctl_set(spec, proc, p[0], p[1]);
	close(proc);
}
