/* SPDX-License-Identifier: ISC */
/* oci-init as the container's first process. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "lib/mem.h"
#include "run/container/clone.h"
#include "run/container/reaper.h"
#include "run/container/seal.h"

#define PROGRAM "oci-init"

static int
program_open(const char *dir, size_t len)
{
	char *path = xasprintf("%.*s/" PROGRAM, (int)len, dir);
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	free(path);
	return fd;
}

int
reaper_find(const char *self, const char *option)
{
	const char *slash = strrchr(self, '/'), *path = getenv("PATH"), *end;
	int fd = -1;

	if (slash)
		fd = program_open(self, slash - self);
	for (; !slash && path && fd < 0; path = *end ? end + 1 : NULL) {
		end = strchrnul(path, ':');
		if (end > path)
			fd = program_open(path, end - path);
	}
	if (fd < 0)
		die("%s: " PROGRAM " is not beside %s", option,
		    program_invocation_short_name);
	return fd;
}

int
reaper_open(const char *self)
{
	int fd = reaper_find(self, "--init");
	int copy = seal_copy(fd, PROGRAM);

	close(fd);
	return copy;
}

/* The foreground job is the program's: Ctrl-C is not for the reaper. */
static void
job_begin(void)
{
	if (setpgid(0, 0) < 0 || tcsetpgrp(0, getpid()) < 0)
		diesys("--init: foreground job of the terminal");
}

/* Wait until the parent is the reaper: what it was holds things of the host. */
static void
gate_pass(int fd)
{
	char byte;

	while (read(fd, &byte, 1) < 0)
		if (errno != EINTR)
			diesys("--init: pipe");
	close(fd);
}

pid_t
reaper_fork(bool terminal, int channel, int *executed)
{
	sigset_t all, before;
	int gate[2], end[2];
	pid_t pid;

	/* Without a pid namespace of its own it isn't process 1. */
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
		diesys("--init: PR_SET_CHILD_SUBREAPER");
	if (pipe2(gate, O_CLOEXEC) < 0 || pipe2(end, O_CLOEXEC) < 0)
		diesys("--init: pipe");
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	pid = clone_fork();
	if (pid < 0)
		diesys("--init: fork");
	*executed = end[0];
	if (pid > 0) {
		close(end[1]);
		if (fcntl(end[0], F_SETFD, 0) < 0 ||
		    fcntl(channel, F_SETFD, 0) < 0)
			diesys("--init: descriptors");
		return pid;
	}
	close(gate[1]);
	close(end[0]);
	if (terminal)
		job_begin();
	gate_pass(gate[0]);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return 0;
}

void
reaper_become(int reaper, pid_t program, int executed, int channel)
{
	char *argv[] = {xstrdup(PROGRAM), xasprintf("%d", (int)program),
	    xasprintf("%d", executed), xasprintf("%d", channel), NULL};
	char *env[] = {NULL};

	fexecve(reaper, argv, env);
	diesys("--init: " PROGRAM);
}
