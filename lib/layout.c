/* SPDX-License-Identifier: ISC */
/* Image layouts on disk, to be read: index.json, refs/, blobs/. */
#include "lib/layout.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/digest.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/mem.h"

/*
 * A regular file below the layout.  O_NONBLOCK because what was put there
 * instead may be a FIFO, which would keep open(2) for ever.
 */
static int
file_open(int dir, const char *path, struct stat *st)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 && errno == ENOENT)
		return -1;
	if (fd < 0 || fstat(fd, st))
		diesys("%s", path);
	if (!S_ISREG(st->st_mode))
		die("%s: not a regular file", path);
	return fd;
}

/* The JSON document in such a file, or NULL when there is no such file. */
static char *
file_read(int dir, const char *path, size_t max, size_t *len)
{
	struct stat st;
	int fd = file_open(dir, path, &st);
	char *text;

	if (fd < 0)
		return NULL;
	text = io_slurp(fd, max, len);
	if (!text)
		diesys("%s", path);
	close(fd);
	return text;
}

int
layout_version_check(const char *text, size_t len, const char **why)
{
	cJSON *json = json_parse(text, len, why);
	const char *version;

	if (!json)
		return -1;
	version = json_string(json, "imageLayoutVersion");
	if (!version)
		*why = "it has no imageLayoutVersion";
	else if (strncmp(version, "1.", 2))
		*why = "its imageLayoutVersion is not 1.0.0";
	else
		*why = NULL;
	cJSON_Delete(json);
	return *why ? -1 : 0;
}

void
layout_check(int layout, const char *dir)
{
	const char *why;
	size_t len;
	char *text = file_read(layout, "oci-layout", LAYOUT_FILE_MAX, &len);

	if (!text)
		die("%s: not an image layout: it has no file oci-layout", dir);
	if (layout_version_check(text, len, &why))
		die("%s/oci-layout: %s", dir, why);
	free(text);
}

int
layout_open(const char *dir)
{
	int layout = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (layout < 0)
		diesys("%s", dir);
	layout_check(layout, dir);
	return layout;
}

/* The descriptor in refs/name; the file's name is the tag. */
static void
ref_read(int refs, const char *name, struct descriptor *d)
{
	const char *why;
	size_t len;
	char *text = file_read(refs, name, LAYOUT_FILE_MAX, &len);
	cJSON *json;

	if (!text)
		die("refs/%s: it has just been removed", name);
	json = json_parse(text, len, &why);
	if (!json || descriptor_parse(json, d, &why))
		die("refs/%s: %s", name, why);
	cJSON_Delete(json);
	free(text);
	free(d->ref_name);
	d->ref_name = xstrdup(name);
}

static void
refs_read(int refs, struct index *x)
{
	DIR *dir = fdopendir(refs);
	struct dirent *e;

	if (!dir)
		diesys("refs");
	while (errno = 0, (e = readdir(dir))) {
		if (*e->d_name == '.')
			continue;
		if (x->nmanifests == MANIFESTS_MAX)
			die("refs: more than %d files", MANIFESTS_MAX);
		x->manifests = xreallocarray(
		    x->manifests, x->nmanifests + 1, sizeof *x->manifests);
		ref_read(refs, e->d_name, &x->manifests[x->nmanifests++]);
	}
	if (errno)
		diesys("refs");
	closedir(dir);
}

void
layout_index(int layout, struct index *x)
{
	const char *why;
	size_t len;
	char *text = file_read(layout, "index.json", MANIFEST_MAX, &len);
	int refs;

	*x = (struct index){0};
	if (text) {
		if (index_parse(text, len, x, &why))
			die("index.json: %s", why);
		free(text);
		return;
	}
	refs = openat(layout, "refs", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (refs < 0 && errno == ENOENT)
		die("not an image layout: it has neither index.json nor refs");
	if (refs < 0)
		diesys("refs");
	x->media_type = xstrdup("");
	refs_read(refs, x);
}

char *
blob_path(const char *digest)
{
	const char *hex = digest_hex(digest);

	return xasprintf("blobs/%.*s/%s", (int)(hex - digest - 1), digest, hex);
}

bool
blob_digest(const char *path, char digest[DIGEST_MAX])
{
	const char *slash;

	if (strncmp(path, "blobs/", 6))
		return false;
	path += 6;
	slash = strchr(path, '/');
	if (!slash || strlen(path) >= DIGEST_MAX)
		return false;
	strcpy(digest, path);
	digest[slash - path] = ':';
	return digest_valid(digest);
}

int
blob_open(int layout, const struct descriptor *d)
{
	char *path = blob_path(d->digest);
	struct stat st;
	int fd = file_open(layout, path, &st);

	if (fd < 0)
		die("%s: the layout has no such blob", path);
	if (st.st_size != d->size)
		die("%s: it has %lld bytes, its descriptor says %lld", path,
		    (long long)st.st_size, (long long)d->size);
	free(path);
	return fd;
}

char *
blob_read(int layout, const struct descriptor *d, size_t max)
{
	int fd = blob_open(layout, d);
	char text[DIGEST_MAX];
	size_t len;
	char *p;

	if ((uint64_t)d->size > max)
		die("%s: %lld bytes are more than %zu", d->digest,
		    (long long)d->size, max);
	p = io_slurp(fd, max, &len);
	if (!p)
		diesys("%s", d->digest);
	close(fd);
	digest_of(p, len, d->digest, text);
	if ((int64_t)len != d->size || strcmp(text, d->digest))
		die("%s: the blob is damaged: its digest is %s", d->digest,
		    text);
	return p;
}
