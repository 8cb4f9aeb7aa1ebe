/* SPDX-License-Identifier: ISC */
/* A layout that is written to: opened, locked, given its name. */
#include "layout/store/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "layout/store/staging.h"
#include "lib/die.h"
#include "lib/digestmap.h"
#include "lib/directory.h"
#include "lib/layout.h"

#define TRIES 100 /* to find a directory that others make and remove */

/*
 * Whether there is nothing in a directory but what writers make before they
 * publish: in the layout blobs/, and in that staging.
 */
static bool
is_bare(int dir, const char *name, bool is_layout)
{
	int fd =
	    openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;
	bool bare = true;

	while (list && bare && (e = readdir(list))) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		if (!is_layout)
			bare = staging_is_name(e->d_name, NULL);
		else if (!strcmp(e->d_name, "blobs"))
			bare = is_bare(fd, "blobs", false);
		else
			bare = !strcmp(e->d_name, "lost+found");
	}
	if (list)
		closedir(list);
	return list && bare;
}

bool
store_is_bare(int layout)
{
	return is_bare(layout, ".", true);
}

static bool
is_there(const struct store *s, const char *name)
{
	return !faccessat(s->layout, name, F_OK, AT_SYMLINK_NOFOLLOW);
}

/* Nothing is left in a directory that is something else. */
static void
kind_check(const struct store *s)
{
	if (is_there(s, "oci-layout") ||
	    ((is_there(s, "refs") || is_there(s, "index.json")) &&
		is_there(s, "blobs")))
		layout_check(s->layout, s->path);
	else if (!store_is_bare(s->layout))
		die("%s: neither an image layout nor an empty directory",
		    s->path);
}

/* Open the layout and lock it, if it is there. */
static bool
layout_open_locked(struct store *s)
{
	struct stat st;

	s->layout = open(s->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->layout < 0 && errno == ENOENT)
		return false;
	if (s->layout < 0)
		diesys("%s", s->path);
	store_lock(s);
	if (fstat(s->layout, &st))
		diesys("%s", s->path);
	if (st.st_nlink) {
		kind_check(s);
		return true;
	}
	close(s->layout); /* it was removed while we waited */
	s->layout = -1;
	return false;
}

/* Stage in blobs/ of the layout, which is open and locked. */
static bool
stage_inside(struct store *s)
{
	struct stat before;
	int blobs;

	if (fstat(s->layout, &before))
		diesys("%s", s->path);
	if (faccessat(s->layout, "blobs", F_OK, AT_SYMLINK_NOFOLLOW))
		staging_made_blobs(&s->staging, s->layout, &before);
	blobs = store_directory(s, s->layout, "blobs");
	staging_clean(blobs, NULL);
	return staging_make(&s->staging, blobs, NULL);
}

/* Stage beside the layout that isn't there: false when something is. */
static bool
stage_beside(struct store *s)
{
	struct stat st;

	if (!fstatat(s->place.parent, s->place.name, &st, AT_SYMLINK_NOFOLLOW))
		return false;
	return staging_make(&s->staging, s->place.parent, s->place.name);
}

void
store_open(struct store *s, const char *path)
{
	bool staged = false;

	*s = (struct store){.path = path,
	    .layout = -1,
	    .staging = {.fd = -1, .layout = -1, .path = path}};
	directory_split(path, &s->place);
	if (s->place.parent >= 0)
		staging_clean(s->place.parent, s->place.name);
	for (int i = 0; i < TRIES && !staged; i++) {
		if (layout_open_locked(s)) {
			staged = stage_inside(s);
			store_unlock(s);
		} else if (s->place.parent < 0) {
			diesys("%s", path);
		} else {
			staged = stage_beside(s);
		}
		if (!staged && s->layout >= 0)
			close(s->layout);
	}
	if (!staged)
		die("%s: No such file or directory", path);
}

void
store_close(struct store *s)
{
	staging_remove(&s->staging);
	if (s->layout >= 0)
		close(s->layout);
	s->layout = -1;
}

void
store_look(struct store *s)
{
	if (s->layout < 0 && layout_open_locked(s))
		store_unlock(s);
}

void
store_begin(struct store *s)
{
	staging_publishes(&s->staging);
	if (s->layout >= 0) {
		store_lock(s);
	} else if (!layout_open_locked(s)) {
		s->layout = store_directory(s, s->staging.fd, "layout");
		s->is_new = true;
	}
}

/* Move blobs back, from a new layout that came too late. */
static void
blobs_take_back(const struct store *s, const struct digestmap *staged)
{
	char digest[DIGEST_MAX], *path;

	for (size_t i = 0; i < digestmap_count(staged); i++) {
		digestmap_get(staged, i, digest);
		path = blob_path(digest);
		if (renameat(
			s->layout, path, s->staging.fd, digest_hex(digest)))
			diesys("%s: %s", s->path, digest);
		free(path);
	}
}

bool
store_end(struct store *s, const struct digestmap *staged)
{
	if (!s->is_new) {
		store_unlock(s);
		return true;
	}
	if (!renameat(
		s->staging.fd, "layout", s->place.parent, s->place.name)) {
		store_change_sync(s, s->place.parent);
		return true;
	}
	if (errno != EEXIST && errno != ENOTEMPTY)
		diesys("%s", s->path);
	blobs_take_back(s, staged);
	close(s->layout);
	s->layout = -1;
	s->is_new = false;
	return false;
}

void
store_lock(const struct store *s)
{
	directory_lock(s->layout, s->path);
}

void
store_unlock(const struct store *s)
{
	flock(s->layout, LOCK_UN);
}
