/* SPDX-License-Identifier: ISC */
/* Where the first process of a created container waits to be started. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/die.h"
#include "run/container/gate.h"
#include "run/container/sync.h"
#include "run/spec/spec.h"

#define NAME "start"

/* However long the directory's own path is, this one fits. */
static struct sockaddr_un
address(int dir)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};

	snprintf(a.sun_path, sizeof a.sun_path, "/proc/self/fd/%d/" NAME, dir);
	return a;
}

static int
gate_socket(void)
{
	return socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

int
gate_make(int dir)
{
	struct sockaddr_un a = address(dir);
	mode_t mask = umask(0177);
	int fd = gate_socket();

	/* A killed creator may have left one. */
	gate_remove(dir);
	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) < 0)
		diesys("socket in the container's directory");
	umask(mask);
	return fd;
}

void
gate_remove(int dir)
{
	unlinkat(dir, NAME, 0);
}

void
gate_room(int gate, const struct process_spec *p)
{
	int lowest = fcntl(gate, F_DUPFD_CLOEXEC, 0);

	if (lowest < 0)
		diesys("descriptor for oci-start");
	close(lowest);
	for (size_t i = 0; i < p->nrlimits; i++)
		if (p->rlimits[i].resource == RLIMIT_NOFILE &&
		    p->rlimits[i].soft <= (rlim_t)lowest)
			die("process.rlimits.RLIMIT_NOFILE: soft must be more "
			    "than %d: a descriptor comes with oci-start",
			    lowest);
}

static void
end(int signal)
{
	_exit(128 + signal);
}

/* Who starts this one may be killed just then; that is no end of it. */
static void
go_on(int signal)
{
	(void)signal;
}

void
gate_signals(void)
{
	const int ending[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};

	for (size_t i = 0; i < sizeof ending / sizeof *ending; i++)
		signal(ending[i], end);
	signal(SIGPIPE, go_on);
}

/* As recvmsg(2) without taking anything: 0 when the other end is closed. */
static ssize_t
peek(int fd)
{
	char byte;
	struct iovec io = {&byte, 1};
	struct msghdr msg = {.msg_iov = &io, .msg_iovlen = 1};

	return recvmsg(fd, &msg, MSG_PEEK | MSG_DONTWAIT);
}

void
gate_check(int gate)
{
	if (peek(gate) < 0 && errno != EAGAIN)
		diesys("waiting for oci-start: recvmsg, which a seccomp filter "
		       "without noNewPrivileges has to allow");
}

int
gate_wait(int gate)
{
	int channel;

	for (;;) {
		channel = -1;
		if (sync_receive(gate, NULL, &channel) == SYNC_GO &&
		    channel >= 0 && peek(channel) != 0 &&
		    sync_send(channel, SYNC_THROUGH, 0, -1) == 0)
			break;
		/* Whoever sent it has been killed since: that is no start. */
		if (channel >= 0)
			close(channel);
	}
	close(gate);
	return channel;
}

int
gate_open(int dir)
{
	struct sockaddr_un a = address(dir);
	int fd = gate_socket(), ends[2], r, error;

	if (fd < 0)
		diesys("socket");
	sync_pair(ends);
	r = connect(fd, (struct sockaddr *)&a, sizeof a);
	if (r == 0)
		r = sync_send(fd, SYNC_GO, 0, ends[1]);
	error = errno;
	close(fd);
	close(ends[1]);
	if (r == 0)
		return ends[0];
	close(ends[0]);
	errno = error;
	return -1;
}
