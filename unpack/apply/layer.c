/* SPDX-License-Identifier: ISC */
/* One layer's entries, applied to a sink. */
#include "unpack/apply/layer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/die.h"
#include "lib/mem.h"
#include "lib/tarentry.h"
#include "lib/tarread.h"
#include "lib/text.h"
#include "unpack/apply/path.h"
#include "unpack/apply/sink.h"
#include "unpack/apply/text.h"
#include "unpack/stop.h"

/* Where the place of a name is, links on the way followed; or its dir is NULL.
 */
static void
place_find(struct sink *s, struct place *p, const char *dir, enum enter how)
{
	p->dir = s->verbs->enter(s, dir, how);
	if (p->dir)
		path_join(p->path, p->dir->path, p->name);
}

static void
apply_link(
    struct sink *s, const struct tar_entry *e, struct place *p, const char *dir)
{
	char target_dir[PATH_MAX], path[PATH_MAX], parent[PATH_MAX];
	struct place target = {.name = path_split(e->link, target_dir, path)};

	place_find(s, &target, target_dir, ENTER_LOOK);
	if (!target.dir || !*target.name)
		die("%s: hard link to %s, which isn't there", e->name, e->link);
	/* The directory lasts up to the next one, but for its path. */
	strcpy(parent, target.dir->path);
	target.dir = &(struct sink_dir){parent};
	place_find(s, p, dir, ENTER_MAKE);
	s->verbs->link(s, p, e, &target);
}

static void
apply_root(struct sink *s, const struct tar_entry *e)
{
	if (e->type != '5')
		die("%s: the root must be a directory", e->name);
	s->verbs->root(s, e);
}

/* The entry is no whiteout and no hard link. */
static void
apply_entry(struct sink *s, const struct tar_entry *e, const struct place *p,
    struct tar_reader *tar)
{
	if (!e->type || !strchr("023456", e->type))
		die("%s: unknown type of entry: '%c'", e->name, e->type);
	s->verbs->entry(s, p, e, tar);
}

static void
apply(struct applying *a, const struct tar_entry *e, struct tar_reader *tar)
{
	struct sink *s = a->sink;
	char dir[PATH_MAX], path[PATH_MAX];
	struct place p = {.name = path_split(e->name, dir, path)};

	if (e->type == 'V') /* the label of a volume */
		return;
	s->now = e->mtime;
	if (!*e->name)
		die("the layer has an entry without a name");
	if (!*path) {
		apply_root(s, e);
		return;
	}
	if (whiteout_skips(&a->whiteouts, path, e->type))
		return;
	if (whiteout_is(path)) {
		whiteout_apply(&a->whiteouts, s, path);
		return;
	}
	if (e->type == '1') {
		apply_link(s, e, &p, dir);
		return;
	}
	place_find(s, &p, dir, ENTER_MAKE);
	apply_entry(s, e, &p, tar);
}

static void
budget_take(struct applying *a, const struct tar_entry *e)
{
	/* Holes count: they are bytes to whoever copies the file. */
	if (e->size > a->bytes)
		die("%s: larger files than --max-size allows", e->name);
	a->bytes -= e->size;
	if (!a->entries--)
		die("%s: the layers have too many entries: more than "
		    "--max-files allows",
		    e->name);
}

/* The name is for a reader at a terminal, who isn't to be led astray. */
static void
name_print(const char *name)
{
	char *safe = xstrdup(name);

	text_safe(safe);
	if (puts(safe) < 0) {
		stop_check();
		diesys("standard output");
	}
	free(safe);
}

void
layer_apply(struct applying *a, struct ring *ring, const char *diff_id)
{
	struct tar_reader *tar;
	const struct tar_entry *e;
	struct text text;
	const char *why;
	int r;

	text_begin(&text, ring, diff_id, a);
	tar = tar_reader_new(&text.source);
	a->sink->verbs->layer(a->sink);
	a->sink->entry = 0;
	while ((r = tar_next(tar, &e, &why)) > 0) {
		stop_check();
		budget_take(a, e);
		if (a->verbose)
			name_print(e->name);
		apply(a, e, tar);
		a->sink->entry++;
	}
	whiteout_finish(&a->whiteouts, a->sink);
	a->sink->layer++;
	text_end(&text, tar, r < 0 ? why : NULL);
	tar_reader_free(tar);
}
