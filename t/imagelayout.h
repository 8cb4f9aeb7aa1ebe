/* SPDX-License-Identifier: ISC */
/*
 * A small layout in the working directory, and an image that is looked for in
 * it: for the tests of lib/image and lib/layout, each of which uses a part.
 */
#ifndef T_IMAGELAYOUT_H
#define T_IMAGELAYOUT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/digest.h"
#include "lib/image.h"
#include "lib/layout.h"
#include "lib/mem.h"
#include "t/tap.h"

#define OCI "application/vnd.oci.image."
#define LIST OCI "manifest.list.v1+json"
#define NONE "sha256:" ZEROS ZEROS ZEROS ZEROS
#define ZEROS "0000000000000000"

static char message[4096]; /* of the last child that died */

static inline void
file_make(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (!f || fputs(text, f) < 0 || fclose(f))
		abort();
}

/* Put a blob in the layout; its descriptor, with further members. */
static inline char *
blob_make(const char *text, const char *media_type, const char *more)
{
	char digest[DIGEST_MAX], *path;

	digest_of(text, strlen(text), NULL, digest);
	path = blob_path(digest);
	file_make(path, text);
	free(path);
	return xasprintf("{\"mediaType\":\"%s\",\"digest\":\"%s\","
			 "\"size\":%zu%s}",
	    media_type, digest, strlen(text), more);
}

static inline char *
named(const char *platform, const char *name)
{
	char *os = xasprintf(",\"platform\":{\"os\":\"linux\","
			     "\"architecture\":\"%s\"}",
	    platform);
	char *ref = xasprintf(",\"annotations\":"
			      "{\"org.opencontainers.image.ref.name\":\"%s\"}",
	    name ? name : "");
	char *both = xasprintf("%s%s", os, name ? ref : "");

	free(os);
	free(ref);
	return both;
}

/* A manifest that differs by its annotation; its descriptor. */
static inline char *
image_make(const char *id, const char *platform, const char *name)
{
	char *text = xasprintf("{\"schemaVersion\":2,\"config\":{\"mediaType\":"
			       "\"" OCI "config.v1+json\",\"digest\":\"" NONE
			       "\",\"size\":2},"
			       "\"layers\":[],\"annotations\":{\"id\":\"%s\"}}",
	    id);
	char *more = named(platform, name);
	char *d = blob_make(text, OCI "manifest.v1+json", more);

	free(text);
	free(more);
	return d;
}

static inline void
index_make(const char *path, const char *a, const char *b, const char *c)
{
	char *text =
	    xasprintf("{\"schemaVersion\":2,\"manifests\":[%s%s%s%s%s]}", a,
		b ? "," : "", b ? b : "", c ? "," : "", c ? c : "");

	file_make(path, text);
	free(text);
}

/* Resolve in a child, which may die: the annotation "id", or NULL. */
static inline char *
resolve(const char *name)
{
	struct platform want = {(char *)"linux", (char *)"amd64", NULL};
	struct descriptor d;
	struct image image;
	static char id[64];
	int out[2], err[2], status, layout;
	char *text;
	ssize_t n;

	if (pipe(out) || pipe(err))
		abort();
	fflush(stdout);
	if (!fork()) {
		dup2(err[1], 2);
		image_parse(name, &image);
		layout = layout_open(image.dir);
		image_resolve(layout, &image, &want, &d);
		text = blob_read(layout, &d, MANIFEST_MAX);
		dprintf(out[1], "%.1s", strstr(text, "\"id\":\"") + 6);
		_exit(0);
	}
	close(out[1]);
	close(err[1]);
	n = read(out[0], id, sizeof id - 1);
	id[n > 0 ? n : 0] = '\0';
	n = read(err[0], message, sizeof message - 1);
	message[n > 0 ? n : 0] = '\0';
	close(out[0]);
	close(err[0]);
	wait(&status);
	return status ? NULL : id;
}

static inline void
finds(const char *name, const char *id)
{
	char *found = resolve(name);

	ok(found && !strcmp(found, id), name);
	if (!found)
		printf("# %s", message);
}

static inline void
refuses(const char *name, const char *why)
{
	char *what = xasprintf("%s: %s", name, why);

	ok(!resolve(name) && strstr(message, why), what);
	if (!strstr(message, why))
		printf("# %s\n", message);
	free(what);
}

/* The same of what is no regular file, which may not even be opened. */
static inline void
shuns(const char *path, const char *name)
{
	char event[512], *what = xasprintf("%s: %s isn't opened", name, path);
	int watch = inotify_init1(IN_NONBLOCK);

	if (watch < 0 || inotify_add_watch(watch, path, IN_OPEN) < 0)
		abort();
	refuses(name, "not a regular file");
	ok(read(watch, event, sizeof event) < 0, what);
	close(watch);
	free(what);
}

static char dir[] = "/tmp/oci-test.XXXXXX";

static inline void
layout_begin(void)
{
	if (!mkdtemp(dir) || chdir(dir) || mkdir("blobs", 0777) ||
	    mkdir("blobs/sha256", 0777))
		abort();
	file_make("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
}

static inline void
layout_end(void)
{
	char *command = xasprintf("rm -rf %s", dir);

	ok(!system(command), command);
	free(command);
}

#endif
