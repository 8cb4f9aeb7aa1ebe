/* SPDX-License-Identifier: ISC */
/* Everything in a tree, once. */
#include "unpack/tree/walk.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "unpack/stop.h"

#define ENTRIES (32 << 10)

static bool
is_dots(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

/* Read the directory where it is, from a place where it begins. */
static int
sweep(struct walk *w)
{
	int dir = descent_fd(&w->at), r;
	ssize_t n;

	buf_add(&w->starts, &w->names.len, sizeof w->names.len);
	while ((n = getdents64(dir, w->entries, ENTRIES)) > 0)
		for (char *p = w->entries; p < w->entries + n;) {
			struct dirent64 *e = (struct dirent64 *)(void *)p;

			p += e->d_reclen;
			if (is_dots(e->d_name))
				continue;
			r = w->each(w, dir, e->d_name, e->d_type);
			if (r < 0)
				return -1;
			if (r)
				buf_add(&w->names, e->d_name,
				    strlen(e->d_name) + 1);
		}
	return (int)n;
}

/* How many bytes of names are before those of the directory where it is. */
static size_t
start(const struct walk *w)
{
	size_t at;

	memcpy(&at, w->starts.data + w->starts.len - sizeof at, sizeof at);
	return at;
}

static char *
last_name(const struct walk *w)
{
	char *nul = memrchr(w->names.data, 0, w->names.len - 1);

	return nul ? nul + 1 : w->names.data;
}

static int
down(struct walk *w)
{
	if (descent_down(&w->at, last_name(w)) < 0 ||
	    (w->enter && w->enter(w, last_name(w)) < 0))
		return -1;
	return sweep(w);
}

static int
up(struct walk *w)
{
	char *name = last_name(w);

	if (descent_up(&w->at) < 0 ||
	    (w->leave && w->leave(w, descent_fd(&w->at), name) < 0))
		return -1;
	w->starts.len -= sizeof(size_t);
	w->names.len = (size_t)(name - w->names.data);
	return 0;
}

static int
walk(struct walk *w, int dir, const char *only)
{
	size_t none = 0;
	int r = 0, error;

	descent_init(&w->at, dir);
	w->entries = xmalloc(ENTRIES);
	if (only) {
		buf_add(&w->starts, &none, sizeof none);
		buf_add(&w->names, only, strlen(only) + 1);
	} else {
		r = sweep(w);
	}
	while (!r && (w->names.len > start(w) || w->at.depth)) {
		stop_check();
		r = w->names.len > start(w) ? down(w) : up(w);
	}
	error = errno;
	descent_end(&w->at);
	buf_free(&w->names);
	buf_free(&w->starts);
	free(w->entries);
	errno = error;
	return r;
}

int
walk_in(struct walk *w, int dir)
{
	return walk(w, dir, NULL);
}

int
walk_at(struct walk *w, int dir, const char *name)
{
	return walk(w, dir, name);
}
