/* SPDX-License-Identifier: ISC */
/* All that a layout names, held against the files that it has. */
#include "layout/inventory/references.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "layout/inventory/referrers.h"
#include "lib/blob.h"
#include "lib/die.h"
#include "lib/json.h"
#include "lib/layout.h"
#include "lib/mem.h"

static void
say(struct references *r, const char *kind, const struct descriptor *d,
    const char *reason)
{
	if (r->findings)
		findings_blob(r->findings, kind, d->digest, reason, r->image);
}

/* What is wrong with a blob's file, as far as it was looked at; NULL: nothing.
 */
static const char *
file_fault(const struct file *f, const struct descriptor *d, const char **kind)
{
	*kind = "damaged";
	if (f->verdict == UNREADABLE)
		return "it can't be read";
	if (f->verdict == DAMAGED)
		return "its bytes have another digest";
	*kind = "size";
	return f->st.st_size == d->size
		   ? NULL
		   : "it has another size than its descriptor says";
}

static bool
visit(struct walk *w, const struct descriptor *d, enum walk_kind kind,
    const struct descriptor *parent)
{
	struct references *r = (struct references *)w;
	struct file *f = inventory_find(r->files, d->digest);
	const char *fault, *what;

	(void)parent;
	for (struct file *g = f; g; g = inventory_next(r->files, g))
		g->needed = true;
	if (r->referrers)
		referrers_meet(r->referrers, d->digest);
	if (!f) {
		if (kind != WALK_MAYBE &&
		    !media_type_is_restricted(d->media_type))
			say(r, "missing", d, "the layout doesn't have it");
		return false;
	}
	if (!*d->media_type && kind != WALK_MAYBE)
		say(r, "mediaType", d, "its descriptor doesn't say what it is");
	fault = file_fault(f, d, &what);
	if (!fault)
		return true;
	say(r, what, d, fault);
	r->unknown |= kind != WALK_CONFIG && kind != WALK_LAYER;
	return false;
}

/* Nobody says what it is: a manifest or index by itself, or only kept. */
static bool
describe(struct walk *w, const char *digest, struct descriptor *d)
{
	struct references *r = (struct references *)w;
	const struct file *f = inventory_find(r->files, digest);

	if (!f)
		return false;
	if (f->st.st_size <= MANIFEST_MAX && f->verdict != DAMAGED &&
	    blob_describe(r->layout, digest, d))
		return true;
	*d = (struct descriptor){.media_type = xstrdup(""),
	    .digest = xstrdup(digest),
	    .size = f->st.st_size};
	return true;
}

static char *
document_read(struct walk *w, const struct descriptor *d)
{
	struct references *r = (struct references *)w;
	const char *why;
	char *text = blob_load(r->layout, d, MANIFEST_MAX, &why), *reason;

	if (text)
		return text;
	r->unknown = true;
	reason = xasprintf("it %s", why);
	say(r, "document", d, reason);
	free(reason);
	return NULL;
}

static int
document_open(struct walk *w, const struct descriptor *d)
{
	struct references *r = (struct references *)w;
	struct stat st;
	int fd = blob_lookup_open(r->layout, d->digest, &st);

	if (fd >= 0)
		return fd;
	r->unknown = true;
	say(r, "document", d, "it can't be read");
	return -1;
}

static void
fault(struct walk *w, const struct descriptor *d, const char *why)
{
	struct references *r = (struct references *)w;
	char *reason = xasprintf("it %s", why);

	r->unknown = true;
	say(r, "document", d, reason);
	free(reason);
}

void
references_add(struct references *r, const struct descriptor *d)
{
	r->image = d->ref_name ? d->ref_name : d->digest;
	walk_from(&r->walk, d);
	r->image = NULL;
	/* Each image is named for what it lacks, shared or not. */
	if (r->findings)
		walk_end(&r->walk);
}

/* A file that names images, and what it says is none of it. */
static void
file_wrong(struct references *r, const char *path, const char *why)
{
	char *reason = xasprintf("it %s", why);

	r->unknown = true;
	if (r->findings)
		findings_file(r->findings, "document", path, reason);
	free(reason);
}

static void
entry_add(void *of, struct index_entry *e)
{
	struct references *r = of;
	const struct descriptor *d = &e->descriptor;

	if (d->digest && (!r->referrers || !referrers_note(r->referrers, r, d)))
		references_add(r, d);
}

/* False when there is no index.json. */
static bool
index_find(struct references *r)
{
	struct index_reader reader;
	struct index x = {0};
	const char *why;
	int is;

	index_reader_init(&reader, entry_add, r);
	is = layout_index_read(r->layout, 0, &reader, &x, &why);
	if (is < 0)
		file_wrong(r, "index.json", why);
	r->walk.nforeign += reader.nforeign;
	json_split_free(&reader.split);
	index_free(&x);
	return is;
}

static void
ref_find(struct references *r, int refs, const char *name)
{
	char *path = xasprintf("refs/%s", name);
	struct descriptor d;
	const char *why;
	size_t len;
	char *text = layout_file(refs, name, 0, LAYOUT_FILE_MAX, &len);
	cJSON *json = text ? json_parse(text, len, &why) : NULL;

	if (text && (!json || descriptor_parse(json, &d, &why))) {
		file_wrong(r, path, why);
	} else if (text) {
		free(d.ref_name);
		d.ref_name = xstrdup(name);
		references_add(r, &d);
		descriptor_free(&d);
	}
	cJSON_Delete(json);
	free(text);
	free(path);
}

/* False when there are no refs/. */
static bool
refs_find(struct references *r)
{
	int fd = openat(r->layout, "refs", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;

	if (!dir && errno != ENOENT)
		diesys("refs");
	while (dir && (errno = 0, e = readdir(dir)))
		if (*e->d_name != '.')
			ref_find(r, fd, e->d_name);
	if (errno && errno != ENOENT)
		diesys("refs");
	if (dir)
		closedir(dir);
	return dir;
}

void
references_find(struct references *r, int layout, struct inventory *files)
{
	bool any;

	*r = (struct references){.walk = {.visit = visit,
				     .describe = describe,
				     .read = document_read,
				     .open = document_open,
				     .fault = fault},
	    .layout = layout,
	    .files = files,
	    .findings = r->findings,
	    .referrers = r->referrers};
	any = index_find(r);
	any |= refs_find(r);
	if (r->referrers)
		referrers_settle(r->referrers, r);
	if (!any)
		file_wrong(r, "index.json", "isn't there");
}

void
references_end(struct references *r)
{
	walk_end(&r->walk);
}
