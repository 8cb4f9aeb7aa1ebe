/* SPDX-License-Identifier: ISC */
/* lib/imagename, lib/layout: what users name, and the paths of blobs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/digest.h"
#include "lib/image.h"
#include "lib/layout.h"
#include "lib/mem.h"
#include "t/tap.h"

#define NONE "sha256:" ZEROS ZEROS ZEROS ZEROS
#define ZEROS "0000000000000000"

static void
parse(const char *text, const char *dir, const char *tag, const char *digest)
{
	struct image i;

	image_parse(text, &i);
	ok(!strcmp(i.dir, dir) && !strcmp(i.tag ? i.tag : "", tag) &&
		!strcmp(i.digest ? i.digest : "", digest),
	    text);
	image_free(&i);
}

/* A name of which a child dies, with that reason. */
static void
refuses(const char *name, const char *why)
{
	char message[4096], *what = xasprintf("%s: %s", name, why);
	struct image image;
	int err[2], status;
	ssize_t n;

	if (pipe(err))
		abort();
	fflush(stdout);
	if (!fork()) {
		dup2(err[1], 2);
		image_parse(name, &image);
		_exit(0);
	}
	close(err[1]);
	n = read(err[0], message, sizeof message - 1);
	message[n > 0 ? n : 0] = '\0';
	close(err[0]);
	wait(&status);
	ok(status && strstr(message, why), what);
	free(what);
}

static void
names(void)
{
	parse("a", "a", "", "");
	parse("a:b", "a", "b", "");
	parse("a:b/", "a:b/", "", "");
	parse("../a:b/c:d", "../a:b/c", "d", "");
	parse("a:b:c", "a:b", "c", "");
	parse("a@" NONE, "a", "", NONE);
	parse("a@b:c", "a@b", "c", "");
	parse("l:docker.io/library/x:3", "l", "docker.io/library/x:3", "");
	parse("l:app/org.x/x86_64/stable", "l", "app/org.x/x86_64/stable", "");
	parse("./l:a:b", "./l", "a:b", "");
	parse("l:c:d:e", "l", "c:d:e", "");
	parse("l:c/", "l:c/", "", "");
	parse("l:c:d/", "l:c:d/", "", "");
	parse("l:c:d/:e", "l:c:d/", "e", "");
	parse("k:c:d", "k:c", "d", "");
	parse("k:c", "k:c", "", "");
	parse("n:x/y", "n", "x/y", "");
	parse("p:q/y", "p:q/y", "", "");
	parse("p:q/y:z", "p:q/y", "z", "");
	refuses(":b", "no directory");
	refuses("a:", "tag is empty");
	refuses("", "no directory");
	refuses("a@sha256:../../../etc/passwd", "not a digest");
	refuses("a@sha256:00", "not a digest");
}

static void
paths(void)
{
	char digest[DIGEST_MAX], *path = blob_path(NONE);

	ok(!strcmp(path, "blobs/sha256/" ZEROS ZEROS ZEROS ZEROS), path);
	ok(blob_digest(path, digest) && !strcmp(digest, NONE), "and back");
	ok(!blob_digest("blobs/sha256/../../x", digest), "no way out");
	ok(!blob_digest("blobs/sha256", digest), "no directory");
	ok(!blob_digest("blobs/md5/" ZEROS ZEROS, digest), "no other digest");
	free(path);
}

/* Directories with a ':' in their names, three of them layouts. */
static void
directories_make(void)
{
	static const char *const layouts[] = {"l", "l:c:d", "k:c"};
	char *path;

	for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
		path = xasprintf("%s/oci-layout", layouts[i]);
		if (mkdir(layouts[i], 0777) || mknod(path, S_IFREG | 0666, 0))
			abort();
		free(path);
	}
	if (mkdir("p:q", 0777))
		abort();
}

int
main(void)
{
	char dir[] = "/tmp/oci-test.XXXXXX", *remove;

	if (!mkdtemp(dir) || chdir(dir))
		abort();
	directories_make();
	names();
	paths();
	remove = xasprintf("rm -rf %s", dir);
	ok(!system(remove), remove);
	free(remove);
	return tap_end();
}
