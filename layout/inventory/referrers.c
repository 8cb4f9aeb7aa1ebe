/* SPDX-License-Identifier: ISC */
/* Entries of index.json that are about something the layout may not name. */
#include "layout/inventory/referrers.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "layout/inventory/age.h"
#include "layout/inventory/references.h"
#include "lib/blob.h"
#include "lib/manifest.h"
#include "lib/mem.h"

/* What a manifest or index says that it is about; owned, NULL: nothing. */
static char *
subject_of(const char *text, size_t len, bool is_index)
{
	const char *why;
	char *subject = NULL;
	struct manifest m;
	struct index x;

	if (is_index && !index_parse(text, len, &x, &why)) {
		subject = x.subject ? xstrdup(x.subject->digest) : NULL;
		index_free(&x);
	} else if (!is_index && !manifest_parse(text, len, &m, &why)) {
		subject = m.subject ? xstrdup(m.subject->digest) : NULL;
		manifest_free(&m);
	}
	return subject;
}

/* The same of a blob, and NULL when that can't be known. */
static char *
subject_read(int layout, const struct descriptor *d)
{
	bool is_index = media_type_is_index(d->media_type);
	char *text = NULL, *subject = NULL;
	const char *why;

	if (is_index || media_type_is_manifest(d->media_type))
		text = blob_load(layout, d, MANIFEST_MAX, &why);
	if (text)
		subject = subject_of(text, (size_t)d->size, is_index);
	free(text);
	return subject;
}

bool
referrers_note(struct referrers *f, const struct references *r,
    const struct descriptor *entry)
{
	const struct file *file = inventory_find(r->files, entry->digest);
	struct referrer *one;
	char *subject;

	if (entry->ref_name || entry->image_name || !file ||
	    age_is_young(&file->st, f->before))
		return false;
	subject = subject_read(r->layout, entry);
	if (!subject)
		return false;
	f->all = xreallocarray(f->all, f->n + 1, sizeof *f->all);
	one = &f->all[f->n++];
	*one = (struct referrer){
	    .entry = xmalloc(sizeof *one->entry), .subject = subject};
	descriptor_copy(one->entry, entry);
	return true;
}

static bool
is_named(const struct referrers *f, const struct references *r,
    const struct referrer *one)
{
	const struct file *file = inventory_find(r->files, one->subject);

	return file ? file->needed
		    : digestmap_find(&f->missing, one->subject) != NULL;
}

void
referrers_settle(struct referrers *f, struct references *r)
{
	struct referrer *one;
	bool any;

	do {
		any = false;
		for (size_t i = 0; i < f->n; i++) {
			one = &f->all[i];
			if (one->named || !is_named(f, r, one))
				continue;
			one->named = any = true;
			references_add(r, one->entry);
		}
	} while (any);
}

const char **
referrers_left(const struct referrers *f, size_t *n)
{
	const char **left = xcalloc(f->n + 1, sizeof *left);
	struct digestmap seen = {0};

	*n = 0;
	for (size_t i = 0; i < f->n; i++)
		if (!f->all[i].named &&
		    digestmap_first(&seen, f->all[i].entry->digest))
			left[(*n)++] = f->all[i].entry->digest;
	digestmap_free(&seen);
	return left;
}

void
referrers_free(struct referrers *f)
{
	for (size_t i = 0; i < f->n; i++) {
		descriptor_free(f->all[i].entry);
		free(f->all[i].entry);
		free(f->all[i].subject);
	}
	free(f->all);
	digestmap_free(&f->missing);
	*f = (struct referrers){0};
}
