/* SPDX-License-Identifier: ISC */
/*
 * oci-layout-tag LAYOUT SOURCE NEW, oci-layout-tag -d NAME LAYOUT: give an
 * image of a layout one more name, or take names away.
 *
 * Only index.json changes, and refs/ where it is there; blobs are
 * oci-layout-gc's.  It is the one writer's way: staged, synced, renamed, under
 * the layout's lock.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "layout/index/closure.h"
#include "layout/index/index.h"
#include "layout/index/name.h"
#include "layout/index/refs.h"
#include "layout/store/store.h"
#include "lib/blob.h"
#include "lib/caller.h"
#include "lib/die.h"
#include "lib/digest.h"
#include "lib/image.h"
#include "lib/json.h"
#include "lib/layout.h"
#include "lib/mem.h"
#include "lib/options.h"

struct options {
	const char *dir, *source, *name;
	struct option_list gone;
};

static const struct option_line lines[] = {
    {"delete", 'd', "NAME",
	"take away the name, or an image without one, by its digest; may be "
	"given more than once",
	OPTION_LIST(gone)},
    {0},
};

static const struct program program = {
    .name = "oci-layout-tag",
    .operands = "LAYOUT SOURCE NEW | -d NAME LAYOUT",
    .about = "Give the image SOURCE of a layout, a name or a digest, the name "
	     "NEW as well.",
    .options = lines,
    .libraries = {json_library, digest_library},
    .min = 1,
    .max = 3,
    .notes = "Prints the descriptor of what is named as JSON.\n"
	     "Exit status: 0 done, 1 failed, 2 for wrong usage.",
};

static void
options_parse(struct options *o, int argc, char **argv)
{
	struct operands operands;

	*o = (struct options){0};
	options_read(&program, argc, argv, o, &operands);
	if (o->gone.n && operands.n > 1)
		die_usage("%s: one operand too many", operands.all[1]);
	if (!o->gone.n && operands.n < 3)
		die_usage("an operand is missing: %s", program.operands);
	o->dir = operands.all[0];
	for (size_t i = 0; i < o->gone.n; i++)
		o->gone.all[i] += *o->gone.all[i] == '@';
	if (o->gone.n)
		return;
	o->source = operands.all[1];
	o->source += *o->source == '@';
	o->name = operands.all[2];
	if (!ref_valid(o->name))
		die_usage("%s: not a name for an image", o->name);
}

/* A descriptor under the new name, all else to the digit as it was. */
static void
image_add(cJSON *images, const struct descriptor *d, const char *name)
{
	cJSON *image = descriptor_json(d);

	name_set(image, name);
	cJSON_AddItemToArray(images, image);
}

static bool
has_digest(const void *digest, const struct descriptor *d)
{
	return !strcmp(d->digest, digest);
}

/* By its digest, that index.json has or that is of a blob which is there. */
static void
digest_add(const struct store *s, struct closure *c, const struct index *x,
    const struct options *o, cJSON *images)
{
	struct descriptor d;

	if (x->nmanifests) {
		image_add(images, x->manifests, o->name);
		return;
	}
	if (!blob_describe(s->layout, o->source, &d))
		die("%s: no image %s", o->dir, o->source);
	closure_add(c, &d); /* nothing said that all of it is here */
	image_add(images, &d, o->name);
	descriptor_free(&d);
}

/* What is to be named: several descriptors, if they are of one name. */
static cJSON *
source_find(const struct store *s, struct closure *c, const struct options *o)
{
	cJSON *images = cJSON_CreateArray();
	struct index all, found;

	layout_index(s->layout, &all,
	    digest_valid(o->source) ? has_digest : image_may_be, o->source);
	if (digest_valid(o->source)) {
		digest_add(s, c, &all, o, images);
	} else {
		image_named(&all, o->source, true, &found);
		if (!found.nmanifests)
			die("%s: no image has the name %s; oci-layout-ls %s "
			    "lists what there is",
			    o->dir, o->source, o->dir);
		for (size_t i = 0; i < found.nmanifests; i++)
			image_add(images, &found.manifests[i], o->name);
		free(found.manifests);
	}
	index_free(&all);
	return images;
}

/* The layout is locked. */
static void
name_give(const struct store *s, struct closure *c, const struct options *o)
{
	cJSON *images = source_find(s, c, o);

	needed_recheck(&c->needed);
	index_publish(s, index_stage(s, images));
	refs_write(s, images, false);
	images_print(images);
	cJSON_Delete(images);
}

static void
names_take(const struct store *s, const struct options *o)
{
	index_stage_without(s, o->gone.all, o->gone.n);
	index_publish(s, true);
	for (size_t i = 0; i < o->gone.n; i++)
		refs_remove(s, o->gone.all[i]);
}

int
main(int argc, char **argv)
{
	struct closure closure;
	struct options o;
	struct store store;

	caller_settle();
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	options_parse(&o, argc, argv);
	close(layout_open(o.dir)); /* there is one: it isn't made here */
	store_open(&store, o.dir);
	closure_init(&closure, &store, NULL, true);
	store_begin(&store);
	if (o.gone.n)
		names_take(&store, &o);
	else
		name_give(&store, &closure, &o);
	store_end(&store, NULL);
	stdout_close();

	store_close(&store);
	closure_free(&closure);
	return 0;
}
