/* SPDX-License-Identifier: ISC */
/* Signals to the processes of a cgroup one by one. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/io.h"
#include "run/cgroup/kill.h"
#include "run/cgroup/setting.h"

#define PROCS_MAX (64 << 20)
#define DEPTH_MAX 500 /* a descriptor each */
#define DIR_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

static bool
is_listed(int dirfd, const char *pid)
{
	char *text = io_slurp_at(dirfd, "cgroup.procs", PROCS_MAX, NULL);
	char *rest = text, *line;
	bool found = false;

	while (rest && !found && (line = strsep(&rest, "\n")))
		found = strcmp(line, pid) == 0;
	free(text);
	return found;
}

/*
 * A pid that was read may be another process's by now.  While they are held
 * none is freed; else the process is pinned before a second look.
 */
static void
pid_signal(int dirfd, const char *text, int signal, bool held)
{
	long pid = strtol(text, NULL, 10);
	int fd;

	if (pid <= 1)
		return;
	if (held) {
		kill(pid, signal);
		return;
	}
	fd = syscall(SYS_pidfd_open, pid, 0);
	if (fd < 0)
		return;
	if (is_listed(dirfd, text))
		syscall(SYS_pidfd_send_signal, fd, signal, NULL, 0);
	close(fd);
}

static void
procs_signal(int dirfd, int signal, bool held)
{
	char *text = io_slurp_at(dirfd, "cgroup.procs", PROCS_MAX, NULL);
	char *rest = text, *line;

	while (rest && (line = strsep(&rest, "\n")))
		pid_signal(dirfd, line, signal, held);
	free(text);
}

/* Closes dirfd. */
static void
tree_signal(int dirfd, int signal, bool held, int depth)
{
	DIR *dir = fdopendir(dirfd);
	struct dirent *e;
	int fd;

	procs_signal(dirfd, signal, held);
	while (dir && depth < DEPTH_MAX && (e = readdir(dir))) {
		if (e->d_type != DT_DIR || strcmp(e->d_name, ".") == 0 ||
		    strcmp(e->d_name, "..") == 0)
			continue;
		fd = openat(dirfd, e->d_name, DIR_FLAGS);
		if (fd >= 0)
			tree_signal(fd, signal, held, depth + 1);
	}
	if (held)
		control_write(dirfd, "freezer.state", "THAWED");
	if (dir)
		closedir(dir);
	else
		close(dirfd);
}

void
cgroup_kill(int dirfd)
{
	bool held = control_write(dirfd, "freezer.state", "FROZEN") == 0;
	int fd = openat(dirfd, ".", DIR_FLAGS);

	if (fd >= 0)
		tree_signal(fd, SIGKILL, held, 0);
}

void
cgroup_signal(int dirfd, int signal)
{
	int fd = openat(dirfd, ".", DIR_FLAGS);

	if (fd >= 0)
		tree_signal(fd, signal, false, 0);
}
