/* SPDX-License-Identifier: ISC */
/* Places of the host, opened for the container's process. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/mem.h"
#include "run/container/container.h"
#include "run/container/exit.h"
#include "run/container/launch.h"
#include "run/container/place.h"
#include "run/container/signals.h"
#include "run/container/sync.h"
#include "run/spec/spec.h"

/* In another mount namespace the working directory is "/"; owned. */
static char *
absolute(const char *path)
{
	char here[PATH_MAX];

	if (*path == '/')
		return xstrdup(path);
	if (!getcwd(here, sizeof here))
		diesys("working directory");
	return xasprintf("%s/%s", here, path);
}

/* A process of its own, for there is no way back from there. */
static _Noreturn void
open_there(int there, const char *path, int sync)
{
	int fd = -1;

	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (setns(there, CLONE_NEWNS) == 0)
		fd = open(path, O_PATH | O_CLOEXEC);
	_exit(sync_send(sync, SYNC_PLACE, fd < 0 ? errno : 0, fd) < 0);
}

void
place_open(const struct launch *l, int which)
{
	const struct spec *spec = l->spec;
	bool known = which >= 0 && (size_t)which < spec->nmounts;
	char *path = absolute(known ? spec->mounts[which].source : spec->root);
	pid_t pid = fork();
	int pidfd;

	if (pid == 0)
		open_there(l->container->pidfd, path, l->sync);
	pidfd = pid < 0 ? -1 : syscall(SYS_pidfd_open, pid, 0);
	if (pidfd < 0)
		diesys("process that opens %s", path);
	signals_wait(l->signals, pidfd);
	if (exit_wait(pidfd) != 0)
		die("process that opens %s: it failed", path);
	close(pidfd);
	free(path);
}
