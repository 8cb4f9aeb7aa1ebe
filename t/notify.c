/* SPDX-License-Identifier: ISC */
/*
 * notify MESSAGE... - send each to NOTIFY_SOCKET, as sd_notify(3) does; its
 * status is 0 when all could be sent.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

int
main(int argc, char **argv)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	const char *path = getenv("NOTIFY_SOCKET");
	int s = socket(AF_UNIX, SOCK_DGRAM, 0), bad = 0;

	if (!path || strlen(path) >= sizeof a.sun_path)
		return 2;
	strcpy(a.sun_path, path);
	for (int i = 1; i < argc; i++)
		bad |= sendto(s, argv[i], strlen(argv[i]), MSG_NOSIGNAL,
			   (struct sockaddr *)&a, sizeof a) < 0;
	return bad;
}
