/* SPDX-License-Identifier: ISC */
/* An image of a layout as the input. */
#include "unpack/input/layout.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/image.h"
#include "lib/layout.h"
#include "lib/mem.h"
#include "lib/source.h"
#include "unpack/input/input.h"

struct layout_input {
	struct input input;
	int layout;
};

/* It was looked at, but a FIFO may be in its place by now. */
static const char *
file_fault(int fd)
{
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return strerror(errno);
	return S_ISREG(st.st_mode) ? NULL : "not a regular file";
}

/* Of the path, which is freed. */
static int
file_open(int layout, char *path)
{
	int fd = openat(layout, path,
	    O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC);
	int error = errno;

	free(path);
	errno = error;
	return fd;
}

static struct source *
layout_layer(struct input *in, size_t i, const char **why)
{
	struct layout_input *l = (struct layout_input *)in;
	const char *digest = in->manifest.layers[i].digest;
	struct source_fd *file;
	int fd = file_open(l->layout, blob_path(digest));

	/* Layouts of image-spec 0.3 have it elsewhere. */
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		fd = file_open(l->layout, blob_path_flat(digest));
	*why = file_fault(fd);
	if (*why) {
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	file = xmalloc(sizeof *file);
	source_fd_init(file, fd, INPUT_LASTING);
	return &file->source;
}

static void
layout_done(struct input *in, struct source *s)
{
	struct source_fd *file = (struct source_fd *)s;

	(void)in;
	close(file->fd);
	free(file->buf);
	free(file);
}

static int
layout_end(struct input *in, const char **why)
{
	(void)in;
	(void)why;
	return 0;
}

struct input *
input_layout(const char *text, const struct platform *platform)
{
	struct layout_input *l = xcalloc(1, sizeof *l);
	struct input *in = &l->input;
	struct descriptor d;
	struct image image;
	char *json;

	image_parse(text, &image);
	l->layout = layout_open(image.dir);
	image_resolve(l->layout, &image, platform, &d);
	in->name = text;
	die_about(in->name);
	json = blob_read(l->layout, &d, MANIFEST_MAX);
	input_manifest(in, &d, json);
	free(json);
	json = blob_read(l->layout, &in->manifest.config, MANIFEST_MAX);
	input_config(in, json);
	free(json);
	/* That a blob is missing is said before anything is written. */
	for (size_t i = 0; i < in->manifest.nlayers; i++)
		close(blob_open(l->layout, &in->manifest.layers[i]));
	descriptor_free(&d);
	image_free(&image);
	in->scratch = -1;
	in->layer = layout_layer;
	in->done = layout_done;
	in->end = layout_end;
	return in;
}
