/* SPDX-License-Identifier: ISC */
/* lib/layout and lib/image: which image of a layout is found. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/buf.h"
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

static void
file_make(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (!f || fputs(text, f) < 0 || fclose(f))
		abort();
}

/* Put a blob in the layout; its descriptor, with further members. */
static char *
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

static char *
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
static char *
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

static void
index_make(const char *path, const char *a, const char *b, const char *c)
{
	char *text =
	    xasprintf("{\"schemaVersion\":2,\"manifests\":[%s%s%s%s%s]}", a,
		b ? "," : "", b ? b : "", c ? "," : "", c ? c : "");

	file_make(path, text);
	free(text);
}

/* Resolve in a child, which may die: the annotation "id", or NULL. */
static char *
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

static void
finds(const char *name, const char *id)
{
	char *found = resolve(name);

	ok(found && !strcmp(found, id), name);
	if (!found)
		printf("# %s", message);
}

static void
refuses(const char *name, const char *why)
{
	char *what = xasprintf("%s: %s", name, why);

	ok(!resolve(name) && strstr(message, why), what);
	if (!strstr(message, why))
		printf("# %s\n", message);
	free(what);
}

/* The same of what is no regular file, which may not even be opened. */
static void
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

static void
tags(void)
{
	char *a = image_make("a", "amd64", "a"), *all;
	char *b = image_make("b", "arm64", "b");
	char *c = image_make("c", "amd64", "docker.io/library/c:c");

	index_make("index.json", a, b, c);
	finds(".:a", "a");
	finds(".:b", "b");
	finds(".:c", "c");
	finds(".:docker.io/library/c:c", "c");
	refuses(".:d", "no image has the tag d");
	refuses(".", "several images; say which: .:a .:b "
		     ".:docker.io/library/c:c");
	refuses(".@" NONE, "no image " NONE);
	index_make("index.json", b, NULL, NULL);
	finds(".", "b");
	all = blob_make("{\"schemaVersion\":2,\"manifests\":[]}",
	    OCI "index.v1+json", ",\"annotations\":{}");
	index_make("index.json", all, NULL, NULL);
	refuses(".", "no image for linux/amd64");
	free(all);
	free(a);
	free(b);
	free(c);
}

static void
platforms(void)
{
	char *a = image_make("a", "amd64", NULL), *text, *all, *name;
	char *b = image_make("b", "arm64", NULL);
	char digest[DIGEST_MAX];

	index_make("index.json", b, a, NULL);
	finds(".", "a");
	text = xasprintf("{\"schemaVersion\":2,\"manifests\":[%s,%s]}", b, a);
	all = blob_make(text, OCI "index.v1+json", "");
	index_make("index.json", all, NULL, NULL);
	finds(".", "a");
	memcpy(digest, strstr(b, "sha256:"), 71);
	digest[71] = '\0';
	name = xasprintf(".@%s", digest);
	finds(name, "b");
	file_make("index.json", "{}");
	refuses(".", "schemaVersion");
	free(name);
	free(text);
	free(all);
	free(a);
	free(b);
}

/* Without names: one image only where each is for a platform of its own. */
static void
nameless(void)
{
	char *a = image_make("a", "amd64", NULL);
	char *b = image_make("b", "amd64", NULL);
	char *c = image_make("c", "amd64", "c"), *two;

	index_make("index.json", a, b, NULL);
	two = xasprintf("say which: .@%.71s .@%.71s", strstr(a, "sha256:"),
	    strstr(b, "sha256:"));
	refuses(".", two);
	index_make("index.json", a, a, NULL);
	finds(".", "a");
	free(b);
	b = image_make("d", "amd64", "c");
	index_make("index.json", c, b, NULL);
	refuses(".:c", "several images called c; say which: .@");
	free(two);
	free(a);
	free(b);
	free(c);
}

/* A digest is looked for in each index once, be there ever so many ways. */
static void
deep(void)
{
	char *d = image_make("a", "amd64", NULL), *text;

	for (int i = 0; i < 7; i++) {
		struct buf list = {0};

		for (int n = 0; n < 100; n++)
			buf_addf(&list, "%s%s", n ? "," : "", d);
		text = xasprintf(
		    "{\"schemaVersion\":2,\"manifests\":[%s]}", list.data);
		free(d);
		d = blob_make(text, OCI "index.v1+json", "");
		buf_free(&list);
		free(text);
	}
	index_make("index.json", d, NULL, NULL);
	refuses(".@" NONE, "no image");
	free(d);
	d = image_make("a", "amd64", NULL);
	for (int i = 0; i < 9; i++) {
		if (i == 8) {
			index_make("index.json", d, NULL, NULL);
			finds(".", "a");
		}
		text = xasprintf("{\"schemaVersion\":2,\"manifests\":[%s]}", d);
		free(d);
		d = blob_make(text, OCI "index.v1+json", "");
		free(text);
	}
	index_make("index.json", d, NULL, NULL);
	refuses(".", "more than 8 indexes inside one another");
	free(d);
}

/* A manifest that is too large isn't read. */
static void
large(void)
{
	char *path = blob_path(NONE), *d;
	int size = MANIFEST_MAX + 1;

	file_make(path, "");
	if (truncate(path, size))
		abort();
	d = xasprintf("{\"mediaType\":\"" OCI "manifest.v1+json\","
		      "\"digest\":\"" NONE "\",\"size\":%d}",
	    size);
	index_make("index.json", d, NULL, NULL);
	refuses(".", "bytes are more than");
	unlink(path);
	free(path);
	free(d);
}

/* What an image's configuration says, where no index has a say. */
static void
configured(void)
{
	static const char *const platforms[] = {"amd64", "arm64", "x86_64", ""};
	static const char *const said[] = {
	    NULL, "an image for linux/arm64, not for linux/amd64", NULL, NULL};
	char *config, *text, *d;

	for (size_t i = 0; i < 4; i++) {
		text = xasprintf(
		    "{\"os\":\"linux\",\"architecture\":\"%s\"}", platforms[i]);
		config = blob_make(text, OCI "config.v1+json", "");
		free(text);
		text = xasprintf("{\"schemaVersion\":2,\"config\":%s,"
				 "\"annotations\":{\"id\":\"a\"}}",
		    config);
		d = blob_make(text, OCI "manifest.v1+json", "");
		index_make("index.json", d, NULL, NULL);
		if (said[i])
			refuses(".", said[i]);
		else
			finds(".", "a");
		free(config);
		free(text);
		free(d);
	}
}

/* Layouts before 1.0: refs/TAG, and another media type of an index. */
static void
old(void)
{
	char *a = image_make("a", "amd64", NULL), *text, *all;
	char *b = image_make("b", "amd64", NULL);

	unlink("index.json");
	refuses(".:a", "neither index.json nor refs");
	if (mkdir("refs", 0777))
		abort();
	file_make("refs/a", a);
	text = xasprintf("{\"schemaVersion\":2,\"manifests\":[%s]}", b);
	all = blob_make(text, LIST, "");
	file_make("refs/b", all);
	file_make("refs/.b.123.tmp", "{");
	finds(".:a", "a");
	finds(".:b", "b");
	refuses(".", "several images");
	index_make("index.json", b, NULL, NULL);
	finds(".", "b");
	unlink("index.json");
	unlink("refs/a");
	if (symlink("/dev/zero", "refs/a"))
		abort();
	refuses(".:b", "a: not a regular file");
	unlink("refs/a");
	file_make("oci-layout", "{\"imageLayoutVersion\":\"0.3.0\"}");
	finds(".:b", "b");
	unlink("oci-layout");
	finds(".:b", "b");
	file_make("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
	if (symlink("/dev/zero", "refs/a"))
		abort();
	free(text);
	free(all);
	free(a);
	free(b);
}

static void
damage(void)
{
	char *a = image_make("a", "amd64", "a"), digest[DIGEST_MAX], *path;
	FILE *file;

	index_make("index.json", a, NULL, NULL);
	memcpy(digest, strstr(a, "sha256:"), 71);
	digest[71] = '\0';
	path = blob_path(digest);
	if (chmod(path, 0600) || !(file = fopen(path, "r+")) ||
	    fputc(' ', file) < 0 || fclose(file))
		abort();
	refuses(".", "the blob is damaged");
	if (truncate(path, 5))
		abort();
	refuses(".", "its descriptor says");
	unlink(path);
	refuses(".", "doesn't have this blob");
	if (mkfifo(path, 0600))
		abort();
	shuns(path, ".");
	unlink(path);
	free(image_make("a", "amd64", "a"));
	finds(".", "a");
	if (unlink("index.json") || mkfifo("index.json", 0600))
		abort();
	shuns("index.json", ".");
	if (unlink("index.json"))
		abort();
	file_make("index.json", "");
	if (truncate("index.json", MANIFEST_MAX + 1))
		abort();
	refuses(".", "/index.json: it has more than 4194304 bytes");
	if (unlink("oci-layout") || mkfifo("oci-layout", 0600))
		abort();
	shuns("oci-layout", ".");
	unlink("oci-layout");
	file_make("oci-layout", "{\"imageLayoutVersion\":\"2.0.0\"}");
	refuses(".", "has an imageLayoutVersion");
	unlink("oci-layout");
	if (rename("refs", "old"))
		abort();
	refuses(".", "not an image layout");
	file_make("version", "Directory Transport Version: 1.1\n");
	file_make("manifest.json", "{}");
	refuses(".", "skopeo copy dir:. oci:LAYOUT");
	free(path);
	free(a);
}

int
main(void)
{
	char dir[] = "/tmp/oci-test.XXXXXX", *remove;

	if (!mkdtemp(dir) || chdir(dir) || mkdir("blobs", 0777) ||
	    mkdir("blobs/sha256", 0777))
		abort();
	file_make("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
	tags();
	platforms();
	nameless();
	deep();
	large();
	configured();
	old();
	damage();
	remove = xasprintf("rm -rf %s", dir);
	ok(!system(remove), remove);
	free(remove);
	return tap_end();
}
