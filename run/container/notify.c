/* SPDX-License-Identifier: ISC */
/* Readiness. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/mem.h"
#include "run/container/notify.h"
#include "run/container/signals.h"
#include "run/container/sync.h"
#include "run/process/environment.h"
#include "run/spec/spec.h"

#define DIRECTORY "notify"
#define NAME DIRECTORY "/notify.sock"
#define INSIDE "/run/" DIRECTORY
#define VARIABLE "NOTIFY_SOCKET"

#define MESSAGE_MAX 4096 /* as systemd takes them */
#define BARRIER_MS 30000
#define WAITING_MOST 1000 /* messages: a socket holds fewer */
#define SIGNALS_MS 100    /* how often those are looked for */

/* The socket that this program's environment names, or NULL. */
static const char *
outer(void)
{
	const char *path = getenv(VARIABLE);

	return path && *path ? path : NULL;
}

/* The path of the sockets' directory below dir; owned. */
static char *
path_of(int dir)
{
	char *link = xasprintf("/proc/self/fd/%d", dir), path[4096];
	ssize_t n = readlink(link, path, sizeof path);

	if (n < 0 || n == sizeof path)
		diesys("%s", link);
	free(link);
	return xasprintf("%.*s/" DIRECTORY, (int)n, path);
}

void
notify_prepare(int dir, struct spec *spec)
{
	const char *const options[] = {
	    "bind", "nosuid", "noexec", "nodev", "ro", NULL};
	const struct namespace_spec *mount = spec_namespace(spec, CLONE_NEWNS);
	char **copy;

	if (!outer() || environment_get(spec->process.env, VARIABLE))
		return;
	if (mount && mount->path)
		die(VARIABLE ": can't be passed on with the path of a mount "
			     "namespace (%s): unset it, or set it in "
			     "config.json's process.env",
		    mount->path);
	if (mkdirat(dir, DIRECTORY, 0755) < 0 ||
	    fchmodat(dir, DIRECTORY, 0755, 0) < 0)
		diesys(DIRECTORY " in the container's directory");
	copy = xcalloc(1, sizeof options);
	for (size_t i = 0; options[i]; i++)
		copy[i] = xstrdup(options[i]);
	spec->mounts = xreallocarray(
	    spec->mounts, spec->nmounts + 1, sizeof *spec->mounts);
	spec->mounts[spec->nmounts++] = (struct mount_spec){
	    .destination = xstrdup(INSIDE),
	    .type = "",
	    .source = path_of(dir),
	    .options = copy,
	};
	environment_add(&spec->process.env, xstrdup(VARIABLE "=/run/" NAME));
}

int
notify_open(int dir)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	mode_t mask;
	int fd;

	if (!outer() || faccessat(dir, DIRECTORY, F_OK, 0) < 0)
		return -1;
	snprintf(a.sun_path, sizeof a.sun_path, "/proc/self/fd/%d/" NAME, dir);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* Whoever was to start it before may have left one. */
	unlinkat(dir, NAME, 0);
	mask = umask(0); /* whoever the program is, it may write there */
	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) < 0)
		diesys(NAME " in the container's directory");
	umask(mask);
	return fd;
}

/* Descriptors that come with it, as those of BARRIER=1, are closed by that. */
bool
notify_hears(int fd)
{
	char message[MESSAGE_MAX + 1], *rest = message, *line;
	ssize_t n = recv(fd, message, MESSAGE_MAX, 0);

	message[n < 0 ? 0 : n] = '\0';
	while ((line = strsep(&rest, "\n")))
		if (strcmp(line, "READY=1") == 0)
			return true;
	return false;
}

/* A socket that is connected to the path, which begins with @ if abstract. */
static int
outer_connect(const char *path)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	size_t len = strlen(path);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	errno = EINVAL;
	if (fd < 0 || (*path != '/' && *path != '@') || len > sizeof a.sun_path)
		return -1;
	memcpy(a.sun_path, path, len);
	if (*path == '@')
		*a.sun_path = '\0';
	len += offsetof(struct sockaddr_un, sun_path);
	return connect(fd, (struct sockaddr *)&a, len) < 0 ? -1 : fd;
}

/* systemd looks at who sent a message: until it has, this program is to live.
 */
static void
barrier(int fd)
{
	static const char message[] = "BARRIER=1";
	struct pollfd p = {.events = POLLIN};
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		diesys("pipe");
	if (sync_hand(fd, message, strlen(message), ends[1]) < 0)
		warnsys(VARIABLE ": %s", message);
	close(ends[1]);
	p.fd = ends[0];
	if (poll(&p, 1, BARRIER_MS) == 0)
		warn(VARIABLE ": %s: nobody has heard it for %d seconds",
		    message, BARRIER_MS / 1000);
	close(ends[0]);
}

void
notify_pass(pid_t pid)
{
	char message[64];
	const char *path = outer();
	int fd = path ? outer_connect(path) : -1;
	int n = snprintf(message, sizeof message,
	    pid ? "MAINPID=%d\nREADY=1" : "READY=1", (int)pid);

	if (path && (fd < 0 || send(fd, message, n, MSG_NOSIGNAL) < 0))
		warnsys(VARIABLE ": %s", path);
	else if (pid)
		barrier(fd);
	if (fd >= 0)
		close(fd);
}

void
notify_await(int fd, pid_t pid, int pidfd)
{
	struct pollfd p[] = {
	    {.fd = fd, .events = POLLIN}, {.fd = pidfd, .events = POLLIN}};
	bool ready = false;

	while (fd >= 0 && !ready && !(p[1].revents & POLLIN)) {
		signals_end();
		p[1].revents = 0;
		if (poll(p, 2, SIGNALS_MS) < 0 && errno != EINTR)
			diesys("poll");
		if (p[0].revents)
			ready = notify_hears(fd);
		/* What it said before its end counts, of a flood not all. */
		for (int i = 0; i < WAITING_MOST && p[1].revents && !ready &&
				poll(p, 1, 0) > 0;
		     i++)
			ready = notify_hears(fd);
	}
	if (fd >= 0)
		close(fd);
	if (ready)
		notify_pass(pid);
}
