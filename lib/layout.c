/* SPDX-License-Identifier: ISC */
/* Image layouts on disk, to be read: index.json, refs/, blobs/. */
#include "lib/layout.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/digest.h"
#include "lib/image.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/mem.h"

/*
 * The layout's directory, or one below it, as messages name it: who opened it
 * may be far from who finds a fault in it.
 */
static const char *
name_of(int dir)
{
	static char name[PATH_MAX];
	char path[32];
	ssize_t n;

	snprintf(path, sizeof path, "/proc/self/fd/%d", dir);
	n = readlink(path, name, sizeof name - 1);
	if (n < 0)
		return "the layout";
	name[n] = '\0';
	return name;
}

/* Die with errno, which readlink(2) must not change. */
_Noreturn static void
diesys_at(int dir, const char *path)
{
	int error = errno;
	const char *name = name_of(dir);

	errno = error;
	diesys("%s/%s", name, path);
}

/*
 * A regular file below the layout; -1 when there is none.  What was put there
 * instead may be a FIFO, which would keep open(2) for ever, or a device, which
 * may do something when it is opened: so it is looked at before.
 */
static int
file_open(int dir, const char *path, int flags, struct stat *st)
{
	int place = openat(dir, path, O_PATH | O_CLOEXEC | flags), fd;
	char name[32];

	if (place < 0 && errno == ENOENT)
		return -1;
	if (place < 0 || fstat(place, st))
		diesys_at(dir, path);
	if (!S_ISREG(st->st_mode))
		die("%s/%s: not a regular file", name_of(dir), path);
	snprintf(name, sizeof name, "/proc/self/fd/%d", place);
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		diesys_at(dir, path);
	close(place);
	return fd;
}

char *
layout_file(int dir, const char *path, int flags, size_t max, size_t *len)
{
	struct stat st;
	int fd = file_open(dir, path, flags, &st);
	char *text;

	if (fd < 0)
		return NULL;
	text = io_slurp(fd, max, len);
	if (!text && errno == EFBIG)
		die("%s/%s: it has more than %zu bytes", name_of(dir), path,
		    max);
	if (!text)
		diesys_at(dir, path);
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
		*why = "has no imageLayoutVersion";
	else if (strncmp(version, "1.", 2) && strncmp(version, "0.", 2))
		*why = "has an imageLayoutVersion other than 1.0.0";
	else
		*why = NULL;
	cJSON_Delete(json);
	return *why ? -1 : 0;
}

static bool
has(int layout, const char *name)
{
	return !faccessat(layout, name, F_OK, AT_SYMLINK_NOFOLLOW);
}

void
layout_check(int layout, const char *dir)
{
	const char *why;
	size_t len;
	char *text =
	    layout_file(layout, "oci-layout", 0, LAYOUT_FILE_MAX, &len);

	if (!text && has(layout, "refs") && has(layout, "blobs"))
		return; /* the first versions had no such file */
	if (!text && has(layout, "version") && has(layout, "manifest.json"))
		die("%s: this is what skopeo writes as dir:, not an image "
		    "layout; skopeo copy dir:%s oci:LAYOUT converts it",
		    dir, dir);
	if (!text && has(layout, "index.json") && has(layout, "blobs"))
		die("%s: not an image layout: it has no file oci-layout; as "
		    "docker buildx leaves that out, it is made one by: echo "
		    "'{\"imageLayoutVersion\":\"1.0.0\"}' >%s/oci-layout",
		    dir, dir);
	if (!text)
		die("%s: not an image layout: it has no file oci-layout", dir);
	if (layout_version_check(text, len, &why))
		die("%s/oci-layout: it %s", dir, why);
	free(text);
}

int
layout_open(const char *dir)
{
	int layout = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (layout < 0 && errno == ENOENT)
		image_refuse(dir);
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
	char *text = layout_file(refs, name, 0, LAYOUT_FILE_MAX, &len);
	cJSON *json;

	if (!text)
		die("%s/%s: it has just been removed", name_of(refs), name);
	json = json_parse(text, len, &why);
	if (!json || descriptor_parse(json, d, &why))
		die("%s/%s: it %s", name_of(refs), name, why);
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
		if (!(x->nmanifests & (x->nmanifests - 1)))
			x->manifests = xreallocarray(x->manifests,
			    x->nmanifests ? 2 * x->nmanifests : 1,
			    sizeof *x->manifests);
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
	char *text = layout_file(layout, "index.json", 0, MANIFEST_MAX, &len);
	int refs;

	*x = (struct index){0};
	if (text) {
		if (index_parse(text, len, x, &why))
			die("%s/index.json: it %s", name_of(layout), why);
		free(text);
		return;
	}
	refs = openat(layout, "refs", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (refs < 0 && errno == ENOENT)
		die("%s: not an image layout: it has neither index.json nor "
		    "refs",
		    name_of(layout));
	if (refs < 0)
		diesys_at(layout, "refs");
	x->media_type = xstrdup("");
	refs_read(refs, x);
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
	struct stat st;
	int fd = blob_lookup_open(layout, d->digest, &st), error = errno;
	char *path = blob_path(d->digest);

	errno = error;
	if (fd < 0 && errno == ENOENT)
		die("%s/%s: the layout doesn't have this blob", name_of(layout),
		    path);
	if (fd < 0 && errno == EINVAL)
		die("%s/%s: not a regular file", name_of(layout), path);
	if (fd < 0)
		diesys_at(layout, path);
	if (st.st_size != d->size)
		die("%s/%s: it has %lld bytes, its descriptor says %lld",
		    name_of(layout), path, (long long)st.st_size,
		    (long long)d->size);
	free(path);
	return fd;
}

bool
blob_is_there(int layout, const struct descriptor *d)
{
	struct stat st;
	int fd = blob_lookup(layout, d->digest, &st);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

char *
blob_read(int layout, const struct descriptor *d, size_t max)
{
	int fd = blob_open(layout, d);
	char text[DIGEST_MAX];
	size_t len;
	char *p;

	if ((uint64_t)d->size > max)
		die("%s: %s: %lld bytes are more than %zu", name_of(layout),
		    d->digest, (long long)d->size, max);
	p = io_slurp(fd, max, &len);
	if (!p)
		diesys_at(layout, d->digest);
	close(fd);
	digest_of(p, len, d->digest, text);
	if ((int64_t)len != d->size || strcmp(text, d->digest))
		die("%s: %s: the blob is damaged: its digest is %s",
		    name_of(layout), d->digest, text);
	return p;
}
