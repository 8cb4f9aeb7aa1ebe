/* SPDX-License-Identifier: ISC */
/* What is wrong with a layout. */
#include "layout/inventory/finding.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/blob.h"
#include "lib/die.h"
#include "lib/digest.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/text.h"

static struct finding *
add(struct findings *f, const char *kind, const char *reason)
{
	if (!(f->n & (f->n - 1)))
		f->all =
		    xreallocarray(f->all, f->n ? 2 * f->n : 1, sizeof *f->all);
	f->all[f->n] =
	    (struct finding){.kind = kind, .reason = xstrdup(reason)};
	return &f->all[f->n++];
}

static void
image_add(struct finding *f, const char *image)
{
	/* Images come one after the other. */
	if (f->nimages && !strcmp(f->images[f->nimages - 1], image))
		return;
	if (!(f->nimages & (f->nimages - 1)))
		f->images = xreallocarray(f->images,
		    f->nimages ? 2 * f->nimages : 1, sizeof *f->images);
	f->images[f->nimages++] = xstrdup(image);
}

/* A blob and what is wrong with it; the text is compared. */
struct known {
	char text[DIGEST_MAX + 16];
	size_t at; /* in all */
};

static int
known_compare(const void *a, const void *b)
{
	return strcmp(
	    ((const struct known *)a)->text, ((const struct known *)b)->text);
}

void
findings_blob(struct findings *f, const char *kind, const char *digest,
    const char *reason, const char *image)
{
	struct known *new = xcalloc(1, sizeof *new), **at;

	snprintf(new->text, sizeof new->text, "%s %s", digest, kind);
	new->at = f->n;
	at = tsearch(new, &f->blobs, known_compare);
	if (!at)
		die("out of memory");
	if (*at == new) {
		add(f, kind, reason);
		f->all[new->at].digest = xstrdup(digest);
		f->all[new->at].path = blob_path(digest);
	} else {
		free(new);
	}
	if (image)
		image_add(&f->all[(*at)->at], image);
}

struct finding *
findings_file(
    struct findings *f, const char *kind, const char *path, const char *reason)
{
	struct finding *one = add(f, kind, reason);

	one->path = xstrdup(path);
	return one;
}

static void
print(const struct finding *f)
{
	cJSON *json = cJSON_CreateObject(), *images;
	char *text;

	cJSON_AddStringToObject(json, "finding", f->kind);
	if (f->path)
		cJSON_AddStringToObject(json, "path", f->path);
	if (f->digest)
		cJSON_AddStringToObject(json, "digest", f->digest);
	cJSON_AddStringToObject(json, "reason", f->reason);
	if (f->nimages) {
		images = cJSON_AddArrayToObject(json, "images");
		for (size_t i = 0; i < f->nimages; i++)
			cJSON_AddItemToArray(
			    images, cJSON_CreateString(f->images[i]));
	}
	if (f->repaired)
		cJSON_AddTrueToObject(json, "repaired");
	text = json_text(json);
	text_write_json(stdout, text);
	putchar('\n');
	free(text);
	cJSON_Delete(json);
}

bool
findings_print(const struct findings *f)
{
	bool left = false;

	for (size_t i = 0; i < f->n; i++) {
		print(&f->all[i]);
		left |= !f->all[i].repaired;
	}
	return left;
}

void
findings_free(struct findings *f)
{
	for (size_t i = 0; i < f->n; i++) {
		free(f->all[i].path);
		free(f->all[i].digest);
		free(f->all[i].reason);
		for (size_t j = 0; j < f->all[i].nimages; j++)
			free(f->all[i].images[j]);
		free(f->all[i].images);
	}
	free(f->all);
	tdestroy(f->blobs, free);
	*f = (struct findings){0};
}
