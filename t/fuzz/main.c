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

static const char *feeding;
static int fed;

/* The last that is heard of an input that a target doesn't stand. */
static void
tell(void)
{
	if (feeding)
		fprintf(stderr, "at %s\n", feeding);
}

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
	feeding = name;
	if (fuzz_shows())
		fprintf(stderr, "%s:\n", name);
	LLVMFuzzerTestOneInput(data, len);
	feeding = NULL;
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
	atexit(tell);
	LLVMFuzzerInitialize(&argc, &argv);
	for (int i = 1; i < argc; i++)
		feed_all(argv[i]);
	printf("%d\n", fed);
	return !fed;
}
