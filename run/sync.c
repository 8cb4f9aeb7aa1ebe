/* SPDX-License-Identifier: ISC */
/* What parent and child say to each other while a container starts. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/die.h"
#include "run/sync.h"

struct packet {
	int message, value;
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
sync_send(int end, enum sync_message m, int value, int fd)
{
	struct packet p = {m, value};
	struct iovec io = {&p, sizeof p};
	struct msghdr msg = {.msg_iov = &io, .msg_iovlen = 1};
	union control c = {0};
	struct cmsghdr *h;

	if (fd >= 0) {
		msg.msg_control = &c;
		msg.msg_controllen = sizeof c;
		h = CMSG_FIRSTHDR(&msg);
		h->cmsg_level = SOL_SOCKET;
		h->cmsg_type = SCM_RIGHTS;
		h->cmsg_len = CMSG_LEN(sizeof fd);
		memcpy(CMSG_DATA(h), &fd, sizeof fd);
	}
	return sendmsg(end, &msg, MSG_NOSIGNAL) == sizeof p ? 0 : -1;
}

enum sync_message
sync_receive(int end, int *value, int *fd)
{
	struct packet p;
	struct iovec io = {&p, sizeof p};
	union control c;
	struct msghdr msg = {.msg_iov = &io,
	    .msg_iovlen = 1,
	    .msg_control = &c,
	    .msg_controllen = sizeof c};
	struct cmsghdr *h;
	int got = -1;
	ssize_t n;

	do
		n = recvmsg(end, &msg, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n != sizeof p)
		return SYNC_END;
	h = CMSG_FIRSTHDR(&msg);
	if (h && h->cmsg_type == SCM_RIGHTS)
		memcpy(&got, CMSG_DATA(h), sizeof got);
	if (fd)
		*fd = got;
	else if (got >= 0)
		close(got);
	if (value)
		*value = p.value;
	return p.message;
}
