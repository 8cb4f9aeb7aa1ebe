/* SPDX-License-Identifier: ISC */
/* One layer's entries, applied to the tree. */
#include "unpack/apply/layer.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/digest.h"
#include "lib/mem.h"
#include "lib/source.h"
#include "lib/tarentry.h"
#include "lib/tarread.h"
#include "lib/text.h"
#include "unpack/apply/make.h"
#include "unpack/apply/whiteout.h"
#include "unpack/input/ring.h"
#include "unpack/stop.h"
#include "unpack/tree/dirmeta.h"
#include "unpack/tree/enter.h"

/* The ring's buffers, hashed as they pass: diff_ids are of this text. */
struct text {
	struct source source;
	struct ring *ring;
	struct applying *applying;
	struct digest digest;
	bool ended;
};

static ssize_t
text_next(struct source *source, const unsigned char **p)
{
	struct text *text = (struct text *)source;
	const char *why;
	ssize_t n;

	if (text->ended)
		return 0;
	n = ring_take(text->ring, p, &why);
	if (n < 0) {
		stop_check();
		die_about(NULL);
		die("%s", why);
	}
	text->applying->at.bytes = ring_read(text->ring);
	progress_show(&text->applying->progress, &text->applying->at);
	text->ended = !n;
	digest_update(&text->digest, *p, (size_t)n);
	return n;
}

/* Split the path of a name into a directory and a name in it. */
static const char *
split(const char *name, char dir[PATH_MAX], char path[PATH_MAX])
{
	char *slash;

	tree_path(name, path);
	slash = strrchr(path, '/');
	*dir = 0;
	if (!slash)
		return path;
	memcpy(dir, path, (size_t)(slash - path));
	dir[slash - path] = 0;
	return slash + 1;
}

static void
apply_link(
    struct tree *t, const struct tar_entry *e, struct place *p, const char *dir)
{
	char target_dir[PATH_MAX], target[PATH_MAX], target_path[PATH_MAX];
	const char *name = split(e->link, target_dir, target);
	const struct tree_dir *from;
	int fd;

	from = tree_enter(t, target_dir, ENTER_LOOK);
	if (!from || !*name)
		die("%s: hard link to %s, which isn't there", e->name, e->link);
	tree_join(target_path, from->path, name);
	fd = fcntl(from->fd, F_DUPFD_CLOEXEC, 3);
	if (fd < 0)
		diesys("%s", e->name);
	p->dir = tree_enter(t, dir, ENTER_MAKE);
	tree_join(p->path, p->dir->path, p->name);
	make_link(t, p, fd, name, target_path);
	tree_add(t, p);
	close(fd);
}

static void
apply_root(struct tree *t, const struct tar_entry *e)
{
	if (e->type != '5')
		die("%s: the root must be a directory", e->name);
	dirmeta_entry(t, NULL, "", e);
}

static void
apply(struct tree *t, const struct tar_entry *e, struct tar_reader *tar)
{
	char dir[PATH_MAX], path[PATH_MAX];
	struct place p = {.name = split(e->name, dir, path)};

	if (e->type == 'V') /* the label of a volume */
		return;
	t->now = e->mtime;
	if (!*e->name)
		die("the layer has an entry without a name");
	if (!*path) {
		apply_root(t, e);
		return;
	}
	if (whiteout_skips(t, path, e->type))
		return;
	if (whiteout_is(path)) {
		whiteout_apply(t, path);
		return;
	}
	if (e->type == '1') {
		apply_link(t, e, &p, dir);
		return;
	}
	p.dir = tree_enter(t, dir, ENTER_MAKE);
	tree_join(p.path, p.dir->path, p.name);
	tree_add(t, &p);
	switch (e->type) {
	case '0':
		make_file(t, &p, e, tar);
		break;
	case '2':
		make_symlink(t, &p, e);
		break;
	case '3':
	case '4':
	case '6':
		make_device(t, &p, e);
		break;
	case '5':
		make_directory(t, &p, e);
		break;
	default:
		die("%s: unknown type of entry: '%c'", e->name, e->type);
	}
}

static void
budget_take(struct applying *a, const struct tar_entry *e)
{
	/* Holes count: they are bytes to whoever copies the file. */
	if (e->size > a->bytes)
		die("%s: larger files than --max-size allows", e->name);
	a->bytes -= e->size;
	if (!a->entries--)
		die("%s: the layers have too many entries", e->name);
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
layer_apply(
    struct tree *t, struct ring *ring, const char *diff_id, struct applying *a)
{
	struct text text = {
	    .source.next = text_next, .ring = ring, .applying = a};
	struct tar_reader *tar = tar_reader_new(&text.source);
	const struct tar_entry *e;
	char digest[DIGEST_MAX];
	const char *why;
	int r;

	digest_init(&text.digest, diff_id);
	while ((r = tar_next(tar, &e, &why)) > 0) {
		stop_check();
		budget_take(a, e);
		if (a->verbose)
			name_print(e->name);
		apply(t, e, tar);
	}
	whiteout_finish(t);
	/* What is behind the end is hashed all the same. */
	if (r < 0 || tar_drain(tar, &why) < 0)
		die("the layer: %s", why);
	digest_final(&text.digest, digest);
	if (strcmp(digest, diff_id))
		die("the layer: unpacked, its digest is %s, not the config's "
		    "diff_id %s",
		    digest, diff_id);
	tar_reader_free(tar);
}
