/* SPDX-License-Identifier: ISC */
/* What a layout names: index.json, refs/. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/layout.h"
#include "lib/mem.h"

#define RUN (64 << 10) /* bytes of index.json that are read at a time */

/* Those of an index that are asked for. */
struct wanted {
	struct index *x;
	layout_want *want; /* NULL: all */
	const void *of;
};

/* Take d over, or free it. */
static void
wanted_add(struct wanted *w, struct descriptor *d)
{
	if (!w->want || w->want(w->of, d))
		index_append(w->x, d);
	else
		descriptor_free(d);
}

static void
entry_add(void *of, struct index_entry *e)
{
	if (e->descriptor.digest)
		wanted_add(of, &e->descriptor);
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
		die("%s/%s: it has just been removed", layout_name(refs), name);
	json = json_parse(text, len, &why);
	if (!json || descriptor_parse(json, d, &why))
		die("%s/%s: it %s", layout_name(refs), name, why);
	cJSON_Delete(json);
	free(text);
	free(d->ref_name);
	d->ref_name = xstrdup(name);
}

static void
refs_read(int refs, struct wanted *w)
{
	DIR *dir = fdopendir(refs);
	struct descriptor d;
	struct dirent *e;
	size_t n = 0;

	if (!dir)
		diesys("refs");
	while (errno = 0, (e = readdir(dir))) {
		if (*e->d_name == '.')
			continue;
		if (n++ == MANIFESTS_MAX)
			die("refs: more than %d files", MANIFESTS_MAX);
		ref_read(refs, e->d_name, &d);
		wanted_add(w, &d);
	}
	if (errno)
		diesys("refs");
	closedir(dir);
}

int
layout_index_read(int layout, int flags, struct index_reader *r,
    struct index *x, const char **why)
{
	int fd = layout_file_open(layout, "index.json", flags), result = 0;
	size_t len = 0;
	ssize_t n;
	char *run;

	if (fd < 0)
		return 0;
	run = xmalloc(RUN);
	while (!result && (n = io_read(fd, run, RUN))) {
		if (n < 0)
			diesys("%s/index.json", layout_name(layout));
		len += (size_t)n;
		if (len > MANIFEST_MAX)
			die("%s/index.json: it has more than %d bytes",
			    layout_name(layout), MANIFEST_MAX);
		result = json_split_run(&r->split, run, (size_t)n, why);
	}
	free(run);
	close(fd);
	if (!result)
		result = index_reader_end(r, x, why);
	return result ? -1 : 1;
}

void
layout_index(int layout, struct index *x, layout_want *want, const void *of)
{
	struct wanted w = {x, want, of};
	struct index_reader r;
	const char *why;
	int is, refs;

	*x = (struct index){0};
	index_reader_init(&r, entry_add, &w);
	is = layout_index_read(layout, 0, &r, x, &why);
	if (is < 0)
		die("%s/index.json: it %s", layout_name(layout), why);
	json_split_free(&r.split);
	if (is)
		return;
	refs = openat(layout, "refs", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (refs < 0 && errno == ENOENT)
		die("%s: not an image layout: it has neither index.json nor "
		    "refs",
		    layout_name(layout));
	if (refs < 0)
		diesys("%s/refs", layout_name(layout));
	x->media_type = xstrdup("");
	refs_read(refs, &w);
}
