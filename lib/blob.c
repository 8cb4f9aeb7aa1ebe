/* SPDX-License-Identifier: ISC */
/* Blobs of a layout that may be missing or wrong. */
#include "lib/blob.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/descriptor.h"
#include "lib/digest.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/manifest.h"
#include "lib/mem.h"

static char *
path_make(const char *digest, char between)
{
	const char *hex = digest_hex(digest);

	return xasprintf(
	    "blobs/%.*s%c%s", (int)(hex - digest - 1), digest, between, hex);
}

char *
blob_path(const char *digest)
{
	return path_make(digest, '/');
}

char *
blob_path_flat(const char *digest)
{
	return path_make(digest, '-');
}

int
blob_lookup(int layout, const char *digest, struct stat *st)
{
	char *path = blob_path(digest);
	int fd = openat(layout, path, O_PATH | O_CLOEXEC), error;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
		free(path);
		path = blob_path_flat(digest);
		fd = openat(layout, path, O_PATH | O_CLOEXEC);
	}
	error = errno;
	free(path);
	errno = error;
	if (fd >= 0 && fstat(fd, st)) {
		error = errno;
		close(fd);
		errno = error;
		return -1;
	}
	return fd;
}

int
blob_lookup_open(int layout, const char *digest, struct stat *st)
{
	int place = blob_lookup(layout, digest, st), fd = -1, error = EINVAL;
	char name[32];

	if (place < 0)
		return -1;
	/* A FIFO would keep open(2) for ever, a device may do something. */
	if (S_ISREG(st->st_mode)) {
		snprintf(name, sizeof name, "/proc/self/fd/%d", place);
		fd = open(name, O_RDONLY | O_CLOEXEC);
		error = errno;
	}
	close(place);
	errno = error;
	return fd;
}

int64_t
blob_size(int layout, const char *digest)
{
	struct stat st;
	int fd = blob_lookup(layout, digest, &st);

	if (fd < 0)
		return -1;
	close(fd);
	return S_ISREG(st.st_mode) ? st.st_size : -1;
}

/* Say why in words that fit behind "the blob". */
static char *
reason(const char **why, const char *text)
{
	static _Thread_local char kept[256];

	snprintf(kept, sizeof kept, "%s", text);
	*why = kept;
	return NULL;
}

static char *
reason_errno(const char **why)
{
	if (errno == ENOENT)
		return reason(why, "isn't there");
	return reason(
	    why, errno == EINVAL ? "is no regular file" : strerror(errno));
}

char *
blob_load(int layout, const struct descriptor *d, size_t max, const char **why)
{
	char text[DIGEST_MAX], *p;
	struct stat st;
	int fd = blob_lookup_open(layout, d->digest, &st);
	size_t len = 0;

	if (fd < 0)
		return reason_errno(why);
	if (st.st_size != d->size || (uint64_t)d->size > max) {
		close(fd);
		return reason(why, st.st_size != d->size
				       ? "has another size than its descriptor"
				       : "is too large");
	}
	p = io_slurp(fd, max, &len);
	if (!p)
		reason_errno(why);
	close(fd);
	if (!p)
		return NULL;
	digest_of(p, len, d->digest, text);
	if (!strcmp(text, d->digest) && (int64_t)len == d->size)
		return p;
	free(p);
	return reason(why, "is damaged");
}

/* What a document says that it is, or else has to be by its members. */
static char *
type_of(const char *text, size_t len)
{
	const char *why, *type;
	cJSON *json = json_parse(text, len, &why);
	char *said = NULL;

	type = json_string(json, "mediaType");
	if (!type || !*type) {
		if (json_get(json, "manifests"))
			type = "application/vnd.oci.image.index.v1+json";
		else if (json_get(json, "config"))
			type = "application/vnd.oci.image.manifest.v1+json";
	}
	if (type)
		said = xstrdup(type);
	cJSON_Delete(json);
	return said;
}

/* Whether it is one: an image's configuration has a config, too. */
static bool
is_of_type(const char *text, size_t len, const char *type)
{
	const char *why;
	struct manifest m;
	struct index x;

	if (media_type_is_index(type)) {
		if (index_parse(text, len, &x, &why))
			return false;
		index_free(&x);
		return true;
	}
	if (!media_type_is_manifest(type) ||
	    manifest_parse(text, len, &m, &why) < 0)
		return false;
	manifest_free(&m);
	return true;
}

bool
blob_describe_text(
    const char *text, size_t len, const char *digest, struct descriptor *d)
{
	char *type = type_of(text, len);

	if (!type || !is_of_type(text, len, type)) {
		free(type);
		return false;
	}
	*d = (struct descriptor){.media_type = type,
	    .digest = xstrdup(digest),
	    .size = (int64_t)len};
	return true;
}

bool
blob_describe(int layout, const char *digest, struct descriptor *d)
{
	struct descriptor bare = {
	    .digest = (char *)digest, .size = blob_size(layout, digest)};
	const char *why;
	char *text;
	bool is;

	if (bare.size < 0)
		return false;
	text = blob_load(layout, &bare, MANIFEST_MAX, &why);
	if (!text)
		return false;
	is = blob_describe_text(text, (size_t)bare.size, digest, d);
	free(text);
	return is;
}

bool
blob_hold(int layout, const char *digest)
{
	struct stat st, now;
	int fd = blob_lookup_open(layout, digest, &st), again;
	bool is;

	/* What else is wrong with it, whoever reads it will say. */
	if (fd < 0)
		return errno != ENOENT;
	while (flock(fd, LOCK_SH)) {
		if (errno == EINTR)
			continue;
		close(fd); /* there are no locks here, so nobody collects */
		return true;
	}
	again = blob_lookup(layout, digest, &now);
	is = again >= 0 && st.st_dev == now.st_dev && st.st_ino == now.st_ino;
	if (again >= 0)
		close(again);
	if (!is)
		close(fd);
	return is;
}
