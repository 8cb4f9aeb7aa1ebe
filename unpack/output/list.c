/* SPDX-License-Identifier: ISC */
/* What each layer would do, on standard output. */
#include "unpack/output/list.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/die.h"
#include "lib/digest.h"
#include "lib/manifest.h"
#include "lib/mem.h"
#include "lib/tarentry.h"
#include "lib/tarread.h"
#include "lib/text.h"
#include "unpack/apply/path.h"
#include "unpack/output/line.h"
#include "unpack/plan/plan.h"
#include "unpack/stop.h"

struct list {
	struct plan plan;
	const struct manifest *manifest;
	bool table;
	struct line line;
};

/* Of one line; what there isn't is NULL. */
struct told {
	const char *type, *path, *target, *digest;
	const struct tar_entry *entry;
};

static void
table(const struct list *l, const struct told *t)
{
	const struct tar_entry *e = t->entry;
	char owner[32] = "", mode[8] = "", size[24] = "";
	char *text = xasprintf("%s%s%s", *t->path ? t->path : ".",
	    t->target ? " -> " : "", t->target ? t->target : "");

	if (e) {
		snprintf(mode, sizeof mode, "%04o", (unsigned)e->mode);
		snprintf(owner, sizeof owner, "%u:%u", e->uid, e->gid);
	}
	if (e && (e->type == '3' || e->type == '4'))
		snprintf(size, sizeof size, "%u,%u", e->major, e->minor);
	else if (e && e->type == '0')
		snprintf(size, sizeof size, "%" PRId64, e->size);
	text_safe(text);
	printf("%5zu  %-9s  %4s  %-11s %12s  %s\n", l->plan.sink.layer + 1,
	    t->type, mode, owner, size, text);
	free(text);
	if (ferror(stdout)) {
		stop_check();
		diesys("standard output");
	}
}

static void
entry_members(struct line *line, const struct tar_entry *e)
{
	char mode[8];

	snprintf(mode, sizeof mode, "%04o", (unsigned)e->mode);
	line_text(line, "mode", mode);
	line_number(line, "uid", e->uid);
	line_number(line, "gid", e->gid);
	line_time(line, "mtime", &e->mtime);
	if (e->type == '3' || e->type == '4') {
		line_number(line, "major", e->major);
		line_number(line, "minor", e->minor);
	}
	if (e->type == '0')
		line_number(line, "size", e->size);
	for (size_t i = 0; i < e->nxattrs; i++)
		line_element(line, "xattrs", e->xattrs[i].name);
}

static void
tell(struct list *l, const struct told *t)
{
	struct line *line = &l->line;

	if (l->table) {
		table(l, t);
		return;
	}
	line_number(line, "layer", (int64_t)l->plan.sink.layer + 1);
	line_text(line, "type", t->type);
	line_bytes(line, "path", *t->path ? t->path : ".");
	if (t->target)
		line_bytes(line, "target", t->target);
	if (t->entry)
		entry_members(line, t->entry);
	if (t->digest)
		line_text(line, "digest", t->digest);
	line_end(line);
}

static void
layer(struct sink *s)
{
	struct list *l = (struct list *)s;
	const struct descriptor *d = &l->manifest->layers[s->layer];

	if (l->table) {
		printf("%5zu  %s\n", s->layer + 1, d->digest);
	} else {
		line_number(&l->line, "layer", (int64_t)s->layer + 1);
		line_text(&l->line, "type", "layer");
		line_text(&l->line, "digest", d->digest);
		line_number(&l->line, "size", d->size);
		line_end(&l->line);
	}
	plan_verbs.layer(s);
}

/* Holes would have to be hashed as zeros, and may be of any size. */
static bool
file_digest(char text[DIGEST_MAX], const struct list *l, const struct place *p,
    const struct tar_entry *e, struct tar_reader *data)
{
	const unsigned char *run;
	struct digest digest;
	const char *why;
	ssize_t n;

	if (l->table || e->type != '0' || e->sparse)
		return false;
	digest_init(&digest, NULL);
	while ((n = tar_data(data, &run, &why))) {
		if (n < 0)
			die("%s: %s", p->path, why);
		digest_update(&digest, run, (size_t)n);
	}
	digest_final(&digest, text);
	return true;
}

static void
root(struct sink *s, const struct tar_entry *e)
{
	plan_verbs.root(s, e);
	tell((struct list *)s,
	    &(struct told){.type = "directory", .path = "", .entry = e});
}

static void
entry(struct sink *s, const struct place *p, const struct tar_entry *e,
    struct tar_reader *data)
{
	static const char *const types[] = {
	    "file", NULL, "symlink", "char", "block", "directory", "fifo"};
	struct list *l = (struct list *)s;
	char digest[DIGEST_MAX];

	plan_verbs.entry(s, p, e, data);
	tell(
	    l, &(struct told){.type = types[e->type - '0'],
		   .path = p->path,
		   .target = e->type == '2' ? e->link : NULL,
		   .digest = file_digest(digest, l, p, e, data) ? digest : NULL,
		   .entry = e});
}

/* What the entry says of mode and owner is the target's, and not taken. */
static void
hard_link(struct sink *s, const struct place *p, const struct tar_entry *e,
    const struct place *target)
{
	plan_verbs.link(s, p, e, target);
	tell((struct list *)s,
	    &(struct told){
		.type = "link", .path = p->path, .target = target->path});
}

static void
whiteout(struct sink *s, const struct sink_dir *dir, const char *name)
{
	char path[PATH_MAX];

	path_join(path, dir->path, name);
	plan_verbs.whiteout(s, dir, name);
	tell(
	    (struct list *)s, &(struct told){.type = "whiteout", .path = path});
}

static void
opaque(struct sink *s, const struct sink_dir *dir)
{
	plan_verbs.opaque(s, dir);
	tell((struct list *)s,
	    &(struct told){.type = "opaque", .path = dir->path});
}

struct sink *
list_new(const struct manifest *m, bool as_table)
{
	static struct sink_verbs verbs;
	struct list *l = xcalloc(1, sizeof *l);

	plan_init(&l->plan);
	l->manifest = m;
	l->table = as_table;
	verbs = plan_verbs;
	verbs.layer = layer;
	verbs.root = root;
	verbs.entry = entry;
	verbs.link = hard_link;
	verbs.whiteout = whiteout;
	verbs.opaque = opaque;
	l->plan.sink.verbs = &verbs;
	return &l->plan.sink;
}
