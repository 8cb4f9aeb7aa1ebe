/* SPDX-License-Identifier: ISC */
/*
 * A fuzz target without libFuzzer: "TARGET FILE..." gives it each file, or of
 * a directory each file in that, once.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "t/fuzz/fuzz.h"

#define FILE_MAX (1 << 20)

static int fed;

/* Into memory of just its size, so that a sanitizer sees its ends. */
static void
feed(int dir, const char *name)
{
	size_t len;
	char *text = io_slurp_at(dir, name, FILE_MAX, &len);
	unsigned char *data;

	if (!text)
		diesys("%s", name);
	data = xmalloc(len);
	memcpy(data, text, len);
	free(text);
	fprintf(stderr, "%s:\n", name); /* the last is the bad one */
	LLVMFuzzerTestOneInput(data, len);
	free(data);
	fed++;
}

static void
feed_all(const char *name)
{
	DIR *dir = opendir(name);
	struct dirent *e;

	if (!dir && errno == ENOTDIR) {
		feed(AT_FDCWD, name);
		return;
	}
	if (!dir)
		diesys("%s", name);
	while (errno = 0, (e = readdir(dir)))
		if (*e->d_name != '.')
			feed(dirfd(dir), e->d_name);
	if (errno)
		diesys("%s", name);
	closedir(dir);
}

int __attribute__((weak)) LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

int
main(int argc, char **argv)
{
	LLVMFuzzerInitialize(&argc, &argv);
	for (int i = 1; i < argc; i++)
		feed_all(argv[i]);
	printf("%d\n", fed);
	return !fed;
}
