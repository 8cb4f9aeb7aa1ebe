/* SPDX-License-Identifier: ISC */
/* Image layouts on disk, to be read: index.json, refs/, blobs/. */
#include "lib/layout.h"

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

const char *
layout_name(int dir)
{
	static char name[PATH_MAX];
	int error = errno; /* which the caller may be about to say */
	char path[32];
	ssize_t n;

	snprintf(path, sizeof path, "/proc/self/fd/%d", dir);
	n = readlink(path, name, sizeof name - 1);
	errno = error;
	if (n < 0)
		return "the layout";
	name[n] = '\0';
	return name;
}

/*
 * What was put there instead of a file may be a FIFO, which would keep open(2)
 * for ever, or a device, which may do something when it is opened: so it is
 * looked at before.
 */
int
layout_file_open(int dir, const char *path, int flags)
{
	int place = openat(dir, path, O_PATH | O_CLOEXEC | flags), fd;
	struct stat st;
	char name[32];

	if (place < 0 && errno == ENOENT)
		return -1;
	if (place < 0 || fstat(place, &st))
		diesys("%s/%s", layout_name(dir), path);
	if (!S_ISREG(st.st_mode))
		die("%s/%s: not a regular file", layout_name(dir), path);
	snprintf(name, sizeof name, "/proc/self/fd/%d", place);
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		diesys("%s/%s", layout_name(dir), path);
	close(place);
	return fd;
}

char *
layout_file(int dir, const char *path, int flags, size_t max, size_t *len)
{
	int fd = layout_file_open(dir, path, flags);
	char *text;

	if (fd < 0)
		return NULL;
	text = io_slurp(fd, max, len);
	if (!text && errno == EFBIG)
		die("%s/%s: it has more than %zu bytes", layout_name(dir), path,
		    max);
	if (!text)
		diesys("%s/%s", layout_name(dir), path);
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
		die("%s/%s: the layout doesn't have this blob",
		    layout_name(layout), path);
	if (fd < 0 && errno == EINVAL)
		die("%s/%s: not a regular file", layout_name(layout), path);
	if (fd < 0)
		diesys("%s/%s", layout_name(layout), path);
	if (st.st_size != d->size)
		die("%s/%s: it has %lld bytes, its descriptor says %lld",
		    layout_name(layout), path, (long long)st.st_size,
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
		die("%s: %s: %lld bytes are more than %zu", layout_name(layout),
		    d->digest, (long long)d->size, max);
	p = io_slurp(fd, max, &len);
	if (!p)
		diesys("%s/%s", layout_name(layout), d->digest);
	close(fd);
	digest_of(p, len, d->digest, text);
	if ((int64_t)len != d->size || strcmp(text, d->digest))
		die("%s: %s: the blob is damaged: its digest is %s",
		    layout_name(layout), d->digest, text);
	return p;
}
