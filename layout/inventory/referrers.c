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
	int64_t *last;
	char *subject;

	if (entry->ref_name || entry->image_name || !file ||
	    age_is_young(&file->st, f->before))
		return false;
	subject = subject_read(r->layout, entry);
	if (!subject)
		return false;
	if (!(f->n & (f->n - 1)))
		f->all =
		    xreallocarray(f->all, f->n ? 2 * f->n : 1, sizeof *f->all);
	one = &f->all[f->n++];
	last = digestmap_add(&f->about, subject);
	*one = (struct referrer){.entry = xmalloc(sizeof *one->entry),
	    .subject = subject,
	    .next = (size_t)*last};
	*last = (int64_t)f->n;
	descriptor_copy(one->entry, entry);
	return true;
}

/* All that are about this have a place, each once. */
static void
ready_add(struct referrers *f, const char *subject)
{
	const int64_t *last = digestmap_find(&f->about, subject);
	struct referrer *one;

	for (size_t i = last ? (size_t)*last : 0; i; i = one->next) {
		one = &f->all[i - 1];
		if (!one->named)
			f->ready[f->nready++] = i - 1;
		one->named = true;
	}
}

void
referrers_meet(struct referrers *f, const char *digest)
{
	if (digestmap_first(&f->met, digest) && f->ready)
		ready_add(f, digest);
}

void
referrers_settle(struct referrers *f, struct references *r)
{
	f->ready = xcalloc(f->n + 1, sizeof *f->ready);
	for (size_t i = 0; i < f->n; i++)
		if (!f->all[i].named &&
		    digestmap_find(&f->met, f->all[i].subject))
			ready_add(f, f->all[i].subject);
	while (f->nready)
		references_add(r, f->all[f->ready[--f->nready]].entry);
	free(f->ready);
	f->ready = NULL;
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
	digestmap_free(&f->about);
	digestmap_free(&f->met);
	*f = (struct referrers){0};
}
