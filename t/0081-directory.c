/* SPDX-License-Identifier: ISC */
/* lib/directory: where a path leads, what has a name, and what is empty. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/directory.h"
#include "t/tap.h"

static int
open_dir(int dir, const char *name)
{
	return openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void
try_split(int dir, const char *path, const char *parent, const char *name)
{
	struct directory d;

	directory_split(path, &d);
	ok(!strcmp(d.name, name), path);
	ok(parent ? directory_has(dir, parent, d.parent) : d.parent < 0,
	    parent ? "is there" : "has no place");
	if (d.parent >= 0)
		directory_forget(&d);
	else
		free(d.name);
}

static void
try_names(int dir)
{
	int one = open_dir(dir, "one"), file;

	ok(directory_has(dir, "one", one), "a name is what is open");
	ok(!directory_has(dir, "two", one), "another is not");
	ok(!directory_has(dir, "link", one), "nor is a link to it");
	ok(!directory_has(dir, "none", one), "nor what isn't there");
	renameat(dir, "one", dir, "away");
	mkdirat(dir, "one", 0700);
	ok(!directory_has(dir, "one", one), "nor what was made in its place");
	ok(directory_has(dir, "away", one), "it has its new name");

	ok(directory_is_empty(one), "it is empty");
	file = openat(one, ".hidden", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	ok(!directory_is_empty(one), "not so with a file");
	unlinkat(one, ".hidden", 0);
	ok(directory_is_empty(one), "asked again it is, on one descriptor");
	ok(!directory_is_empty(file), "a file is no empty directory");
	close(file);
	close(one);
}

int
main(void)
{
	char base[] = "directory.XXXXXX";
	int here;

	if (!mkdtemp(base) || chdir(base))
		diesys("%s", base);
	here = open_dir(AT_FDCWD, ".");
	mkdir("one", 0700);
	mkdir("two", 0700);
	if (symlink("one", "link"))
		diesys("link");
	try_split(here, "name", ".", "name");
	try_split(here, "one/name//", "one", "name");
	try_split(here, "./one//name", "one", "name");
	try_split(here, "none/name", NULL, "name");
	try_names(here);
	unlink("link");
	rmdir("one");
	rmdir("two");
	rmdir("away");
	if (chdir("..") || rmdir(base))
		diesys("%s", base);
	return tap_end();
}
