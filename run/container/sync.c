/* SPDX-License-Identifier: ISC */
/* What parent and child say to each other while a container starts. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/die.h"
#include "run/container/sync.h"

#define LINE_LENGTH_MAX 4096 /* of lib/die.c */

struct said {
	struct sync_packet head;
	char line[LINE_LENGTH_MAX];
};

union control {
	struct cmsghdr align;
	char space[CMSG_SPACE(sizeof(int))];
};

void
sync_pair(int ends[2])
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		diesys("socketpair");
}

int
sync_hand(int end, const void *data, size_t n, int fd)
{
	struct iovec io = {(void *)data, n};
	union control c = {0};
	struct msghdr msg = {.msg_iov = &io,
	    .msg_iovlen = 1,
	    .msg_control = &c,
	    .msg_controllen = sizeof c};
	struct cmsghdr *h = CMSG_FIRSTHDR(&msg);

	h->cmsg_level = SOL_SOCKET;
	h->cmsg_type = SCM_RIGHTS;
	h->cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(h), &fd, sizeof fd);
	return sendmsg(end, &msg, MSG_NOSIGNAL) == (ssize_t)n ? 0 : -1;
}

int
sync_send(int end, enum sync_message m, int value, int fd)
{
	struct sync_packet p = {m, value};

	if (fd < 0)
		return write(end, &p, sizeof p) == sizeof p ? 0 : -1;
	return sync_hand(end, &p, sizeof p, fd);
}

int
sync_say(int end, enum die_level level, const char *line, size_t n)
{
	struct sync_packet p = {SYNC_SAID, level};
	struct iovec io[] = {{&p, sizeof p}, {(char *)line, n}};
	struct msghdr msg = {.msg_iov = io, .msg_iovlen = 2};

	return sendmsg(end, &msg, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

/* One packet: its length, or -1; *fd is the descriptor that came, or -1. */
static ssize_t
packet_receive(int end, struct said *s, int *fd)
{
	struct iovec io = {s, sizeof *s};
	union control c;
	struct msghdr msg = {.msg_iov = &io,
	    .msg_iovlen = 1,
	    .msg_control = &c,
	    .msg_controllen = sizeof c};
	struct cmsghdr *h;
	ssize_t n;

	do
		n = recvmsg(end, &msg, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	*fd = -1;
	h = n < 0 ? NULL : CMSG_FIRSTHDR(&msg);
	if (h && h->cmsg_type == SCM_RIGHTS)
		memcpy(fd, CMSG_DATA(h), sizeof *fd);
	return n;
}

enum sync_message
sync_await(int end)
{
	struct sync_packet p;
	ssize_t n;

	do
		n = read(end, &p, sizeof p);
	while (n < 0 && errno == EINTR);
	return n == sizeof p ? (enum sync_message)p.message : SYNC_END;
}

int
sync_end(int end)
{
	struct sync_packet p;
	ssize_t n;

	do
		n = read(end, &p, sizeof p);
	while (n < 0 && errno == EINTR);
	return n == sizeof p && p.message == SYNC_DIED ? p.value : 0;
}

enum sync_message
sync_receive(int end, int *value, int *fd)
{
	struct said s;
	ssize_t n;
	int got;

	while ((n = packet_receive(end, &s, &got)) > (ssize_t)sizeof s.head &&
	       s.head.message == SYNC_SAID)
		die_pass(s.head.value, s.line, n - sizeof s.head);
	if (n != sizeof s.head)
		return SYNC_END;
	if (fd)
		*fd = got;
	else if (got >= 0)
		close(got);
	if (value)
		*value = s.head.value;
	return s.head.message;
}
