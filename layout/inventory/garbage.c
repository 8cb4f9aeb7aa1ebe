/* SPDX-License-Identifier: ISC */
/* Blobs of a layout that nothing needs. */
#include "layout/inventory/garbage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "layout/index/index.h"
#include "layout/inventory/age.h"
#include "layout/inventory/referrers.h"
#include "lib/blob.h"
#include "lib/die.h"
#include "lib/manifest.h"
#include "lib/mem.h"

/*
 * The file, locked against readers; -1 when one of them holds it, or it can't
 * be told.  -2: it has gone.
 */
static int
file_lock(const struct garbage *g, const struct file *f)
{
	int fd = openat(
	    g->layout, f->path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT ? -2 : -1;
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return fd;
	close(fd);
	return -1;
}

/*
 * Whether a blob can be in it.  Nobody but who put a directory or a FIFO there
 * knows what that is for, so it stays; the others go all the same.
 */
static bool
is_removable(struct garbage *g, const struct file *f)
{
	struct stat st;

	if (fstatat(g->layout, f->path, &st, AT_SYMLINK_NOFOLLOW) ||
	    S_ISREG(st.st_mode) || S_ISLNK(st.st_mode))
		return true;
	warn("%s/%s: neither a file nor a link; it stays", g->dir, f->path);
	g->failed = true;
	return false;
}

static void
file_remove(struct garbage *g, struct file *f)
{
	if (!is_removable(g, f))
		return;
	if (!g->dry && unlinkat(g->layout, f->path, 0)) {
		if (errno == ENOENT)
			return;
		/* One that is immutable; else none could be removed. */
		if (errno != EPERM)
			diesys("%s/%s", g->dir, f->path);
		warnsys("%s/%s", g->dir, f->path);
		g->failed = true;
		return;
	}
	f->gone = true;
	g->gone(f);
}

/* Whether the file is a manifest or index that nothing names. */
static bool
is_unnamed_image(
    const struct garbage *g, const struct file *f, struct descriptor *d)
{
	return !f->needed && S_ISREG(f->st.st_mode) &&
	       f->st.st_size <= MANIFEST_MAX &&
	       blob_describe(g->layout, f->digest, d);
}

/* What readers hold, and what somebody may be about to name, is needed. */
static bool
is_wanted(const struct garbage *g, const struct file *f)
{
	int fd;

	if (age_is_young(&f->st, g->before))
		return true;
	fd = file_lock(g, f);
	if (fd >= 0)
		close(fd);
	return fd == -1;
}

/* Go no further where it can't be known what is needed. */
static void
knowledge_check(const struct garbage *g)
{
	if (g->references.unknown)
		die("%s: nothing is removed, for not all that it names can be "
		    "read; oci-layout-check %s says what is wrong",
		    g->dir, g->dir);
	if (g->references.walk.nforeign)
		die("%s: nothing is removed, for it has images whose digests "
		    "are of a kind that can't be verified",
		    g->dir);
}

/* The same of an image that nothing names, and that is wanted all the same. */
static void
wanted_add(struct garbage *g, const struct descriptor *d, const char *what)
{
	references_add(&g->references, d);
	if (g->references.unknown || g->references.walk.nforeign)
		die("%s: %s is removed, for %s, which nothing names, is young "
		    "or being read, and not all of it can be; try again later",
		    g->dir, what, d->digest);
}

/*
 * Manifests and indexes, whose locks readers take.  First all are asked for,
 * because one that is held needs others.  Then each is locked and removed in
 * one, so that who comes too late finds nothing, and looks again.
 */
static void
images_remove(struct garbage *g)
{
	struct file *f;
	bool *is_image = xcalloc(g->files.n + 1, sizeof *is_image);
	struct descriptor d;
	int fd;

	for (size_t i = 0; i < g->files.n; i++) {
		f = &g->files.all[i];
		is_image[i] = is_unnamed_image(g, f, &d);
		if (!is_image[i])
			continue;
		if (is_wanted(g, f))
			wanted_add(g, &d, "nothing");
		descriptor_free(&d);
	}
	for (size_t i = 0; i < g->files.n; i++) {
		f = &g->files.all[i];
		if (!is_image[i] || f->needed)
			continue;
		fd = file_lock(g, f);
		if (fd >= 0) {
			file_remove(g, f);
			close(fd);
		} else if (blob_describe(g->layout, f->digest, &d)) {
			wanted_add(g, &d, "nothing more");
			descriptor_free(&d);
		}
	}
	free(is_image);
}

/* A blob that was named and is none any more must not come back by a crash. */
static void
index_sync(const struct garbage *g)
{
	int fd = openat(g->layout, "index.json", O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	fsync(g->layout);
}

/* What is young, and isn't named, is told of. */
static void
young_count(struct garbage *g, const bool *named)
{
	const struct file *f;

	for (size_t i = 0; i < g->files.n; i++) {
		f = &g->files.all[i];
		if (named[i] || f->gone || !age_is_young(&f->st, g->before))
			continue;
		g->young++;
		g->young_bytes += f->st.st_size;
	}
}

/* Entries that are about nothing any more, before what only they name. */
static void
referrers_remove(struct garbage *g)
{
	const char **left;
	size_t n;

	if (!g->store)
		return;
	left = referrers_left(g->references.referrers, &n);
	if (n) {
		index_stage_without(g->store, left, n);
		index_publish(g->store, true);
	}
	free(left);
}

void
garbage_remove(struct garbage *g)
{
	struct file *f;
	bool *named;

	inventory_read(&g->files, g->layout);
	if (g->files.linked)
		die("%s: its blobs are in a directory that a link leads to, "
		    "which other layouts may have too",
		    g->dir);
	references_find(&g->references, g->layout, &g->files);
	knowledge_check(g);
	named = xcalloc(g->files.n + 1, sizeof *named);
	for (size_t i = 0; i < g->files.n; i++)
		named[i] = g->files.all[i].needed;
	referrers_remove(g);
	index_sync(g);
	images_remove(g);
	for (size_t i = 0; i < g->files.n; i++) {
		f = &g->files.all[i];
		if (!f->needed && !f->gone && !age_is_young(&f->st, g->before))
			file_remove(g, f);
	}
	young_count(g, named);
	free(named);
}
