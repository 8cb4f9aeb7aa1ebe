/* SPDX-License-Identifier: ISC */
/*
 * oci-layout-ls LAYOUT [NAME]: the images of a layout, for which platforms they
 * are, and how large.
 *
 * All images are looked at first, for what they share, also when only one is
 * asked for.  Nothing is verified but what has to be read, and nothing that is
 * missing or damaged is fatal: oci-layout-check says what is wrong.
 */
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "layout/listing.h"
#include "lib/caller.h"
#include "lib/die.h"
#include "lib/digest.h"
#include "lib/image.h"
#include "lib/json.h"
#include "lib/layout.h"
#include "lib/mem.h"
#include "lib/options.h"
#include "lib/table.h"
#include "lib/text.h"

#define DIGEST_SHORT 12 /* digits that tell images apart */

enum format { FORMAT_UNSAID, FORMAT_TABLE, FORMAT_JSON };

struct options {
	const char *dir, *name;
	enum format format;
};

static const struct option_line lines[] = {
    {"format", 'f', "table|json",
	"a table, which a terminal gets, or an object a line",
	OPTION_WORD(format, FORMAT_TABLE, FORMAT_UNSAID), .once = true},
    {0},
};

static const struct program program = {
    .name = "oci-layout-ls",
    .operands = "LAYOUT [NAME|DIGEST]",
    .about = "List the images of a layout, their platforms and sizes.",
    .options = lines,
    .libraries = {json_library, digest_library},
    .min = 1,
    .max = 2,
    .notes = "Exit status: 0, or 1 when there is no such layout or image, "
	     "2 for wrong usage.",
};

static void
options_parse(int argc, char **argv, struct options *o)
{
	struct operands operands;

	options_read(&program, argc, argv, o, &operands);
	o->dir = operands.all[0];
	o->name = operands.all[1];
	if (!o->format)
		o->format = isatty(STDOUT_FILENO) ? FORMAT_TABLE : FORMAT_JSON;
}

/* The images of x that are asked for, borrowed: by name, digest, or all. */
static void
images_choose(
    const struct index *x, const struct options *o, struct index *chosen)
{
	const char *digest = o->name + (o->name && *o->name == '@');

	if (!o->name || !digest_valid(digest)) {
		image_named(x, o->name, true, chosen);
		if (o->name && !chosen->nmanifests)
			die("%s: no image has the name %s", o->dir, o->name);
		return;
	}
	*chosen = (struct index){0};
	chosen->manifests =
	    xcalloc(x->nmanifests + 1, sizeof *chosen->manifests);
	for (size_t i = 0; i < x->nmanifests; i++)
		if (!strcmp(x->manifests[i].digest, digest))
			chosen->manifests[chosen->nmanifests++] =
			    x->manifests[i];
	if (!chosen->nmanifests)
		die("%s: no image %s", o->dir, digest);
}

static const char *
name_of(const struct descriptor *d)
{
	return d->ref_name ? d->ref_name : d->image_name;
}

static void
sizes_add(cJSON *json, int64_t size, int64_t shared, size_t missing)
{
	json_add_int(json, "size", size);
	json_add_int(json, "shared", shared);
	json_add_int(json, "missing", (int64_t)missing);
}

static cJSON *
part_json(const struct listing_part *part)
{
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "digest", part->digest);
	if (*part->platform)
		cJSON_AddStringToObject(json, "platform", part->platform);
	json_add_int(json, "layers", (int64_t)part->layers);
	sizes_add(json, part->size, part->shared, part->missing);
	return json;
}

static void
image_print(const struct descriptor *d, const struct listing_image *image)
{
	cJSON *json = cJSON_CreateObject(), *list;
	char *text;

	if (name_of(d))
		cJSON_AddStringToObject(json, "name", name_of(d));
	cJSON_AddStringToObject(json, "digest", d->digest);
	if (*d->media_type)
		cJSON_AddStringToObject(json, "mediaType", d->media_type);
	sizes_add(json, image->size, image->shared, image->missing);
	list = cJSON_AddArrayToObject(json, "manifests");
	for (size_t i = 0; i < image->nparts; i++)
		cJSON_AddItemToArray(list, part_json(&image->parts[i]));
	text = json_text(json);
	text_write_json(stdout, text);
	putchar('\n');
	free(text);
	cJSON_Delete(json);
}

/* "12.3 MB", in units of a thousand as those of disks; owned. */
static char *
size_text(int64_t size)
{
	static const char *const units[] = {
	    "B", "kB", "MB", "GB", "TB", "PB", "EB"};
	double n = (double)size;
	size_t unit = 0;

	for (; n >= 999.95 && unit < 6; unit++)
		n /= 1000;
	return xasprintf("%.*f %s", unit ? 1 : 0, n, units[unit]);
}

static void
row_add(struct table *t, const struct descriptor *d,
    const struct listing_part *part)
{
	char *texts[] = {xstrdup(name_of(d) ? name_of(d) : "-"),
	    xasprintf("%.*s", DIGEST_SHORT, digest_hex(part->digest)),
	    xstrdup(*part->platform ? part->platform : "-"),
	    xasprintf("%zu", part->layers), size_text(part->size),
	    size_text(part->shared), xasprintf("%zu", part->missing)};

	for (size_t i = 0; i < t->columns; i++)
		table_add(t, texts[i]);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		free(texts[i]);
}

static void
list_print(struct listing *l, const struct index *x, enum format format)
{
	static const char *const heads[] = {"NAME", "DIGEST", "PLATFORM",
	    "LAYERS", "SIZE", "SHARED", "MISSING"};
	struct listing_image image;
	struct table t;

	if (format == FORMAT_TABLE)
		table_begin(&t, heads, 7, 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6);
	for (size_t i = 0; i < x->nmanifests; i++) {
		listing_read(l, &x->manifests[i], &image);
		if (format == FORMAT_JSON)
			image_print(&x->manifests[i], &image);
		for (size_t j = 0; format == FORMAT_TABLE && j < image.nparts;
		     j++)
			row_add(&t, &x->manifests[i], &image.parts[j]);
		listing_image_free(&image);
	}
	if (format == FORMAT_TABLE)
		table_end(&t);
}

int
main(int argc, char **argv)
{
	struct listing listing;
	struct index all, chosen;
	struct options o = {0};
	int layout;

	caller_settle();
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	setlocale(LC_CTYPE, "");
	options_parse(argc, argv, &o);
	layout = layout_open(o.dir);
	layout_index(layout, &all, NULL, NULL);
	if (all.nforeign)
		warn("%s: %zu images are left out: digests of their kind can't "
		     "be verified",
		    o.dir, all.nforeign);
	images_choose(&all, &o, &chosen);
	listing_begin(&listing, layout, &all);
	list_print(&listing, &chosen, o.format);
	stdout_close();
	listing_end(&listing);
	free(chosen.manifests);
	index_free(&all);
	close(layout);
	return 0;
}
