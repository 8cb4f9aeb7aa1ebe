/* SPDX-License-Identifier: ISC */
/*
 * exchanger DIR A B: exchange two names of a directory, over and over, as fast
 * as it goes, for a minute at most.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	int dir;

	if (argc != 4 || (dir = open(argv[1], O_PATH | O_DIRECTORY)) < 0)
		return 2;
	alarm(60);
	while (syscall(SYS_renameat2, dir, argv[2], dir, argv[3],
		   RENAME_EXCHANGE) == 0)
		;
	fprintf(stderr, "exchanger: %s\n", strerror(errno));
	return 1;
}
