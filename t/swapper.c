/* SPDX-License-Identifier: ISC */
/*
 * What another user does in a tree that root removes, for t/3080-shared.t:
 *
 *	swapper WHEN DIR TO
 *
 * moves DIR to TO as soon as something was done in the directory WHEN.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

int
main(int argc, char **argv)
{
	struct stat before, now;

	if (argc != 4 || stat(argv[1], &before) < 0)
		return 2;
	puts("ready");
	fflush(stdout);
	do
		if (stat(argv[1], &now) < 0)
			return 1;
	while (!memcmp(&now.st_mtim, &before.st_mtim, sizeof now.st_mtim));
	return rename(argv[2], argv[3]) < 0;
}
