/* SPDX-License-Identifier: ISC */
/* Whiteouts: which entries are some, and when they act. */
#include "unpack/apply/whiteout.h"

#include <string.h>

#include "lib/die.h"
#include "unpack/apply/sink.h"

#define PREFIX ".wh."
#define OPAQUE ".wh..wh..opq"
#define AUFS ".wh..wh."
#define LINKED AUFS "plnk"  /* files that others are hard links to */
#define LATE_MAX (16 << 20) /* bytes of the names of those that wait */

static const char *
last_component(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Whether a path is that of a name or of what is in that directory. */
static bool
is_in(const char *path, const char *name)
{
	size_t n = strlen(name);

	return !strncmp(path, name, n) && (!path[n] || path[n] == '/');
}

bool
whiteout_skips(struct whiteouts *w, const char *path, char type)
{
	if (strncmp(path, AUFS, strlen(AUFS)) || is_in(path, OPAQUE))
		return false;
	if (!is_in(path, LINKED) || !path[strlen(LINKED)] || type != '0')
		return true;
	w->linked = true;
	return false;
}

bool
whiteout_is(const char *path)
{
	const char *last = last_component(path);
	const char *hidden;

	if (is_in(path, LINKED))
		return false;
	for (const char *p = path; p < last; p = strchr(p, '/') + 1)
		if (!strncmp(p, PREFIX, strlen(PREFIX)))
			die("%s: a directory can't have the name of a whiteout",
			    path);
	if (strncmp(last, PREFIX, strlen(PREFIX)))
		return false;
	hidden = last + strlen(PREFIX);
	if (!*hidden || !strcmp(hidden, ".") || !strcmp(hidden, ".."))
		die("%s: a whiteout with no name to hide", path);
	return true;
}

/* Apply a whiteout, unless it is behind a link and has to wait. */
static void
apply(struct whiteouts *w, struct sink *s, const char *path, bool late)
{
	const char *last = last_component(path);
	const struct sink_dir *dir;
	char parent[PATH_MAX];

	memcpy(parent, path, (size_t)(last - path));
	parent[last > path ? last - path - 1 : 0] = 0;
	dir = s->verbs->enter(s, parent, ENTER_LOOK);
	if (!dir)
		return;
	if (!late && strcmp(dir->path, parent)) {
		if (w->late.len + strlen(path) >= LATE_MAX)
			die("%s: whiteouts behind links take more than %d MiB",
			    path, LATE_MAX >> 20);
		buf_add(&w->late, path, strlen(path) + 1);
		return;
	}
	if (!strcmp(last, OPAQUE))
		s->verbs->opaque(s, dir);
	else
		s->verbs->whiteout(s, dir, last + strlen(PREFIX));
}

void
whiteout_apply(struct whiteouts *w, struct sink *s, const char *path)
{
	if (s->layer)
		apply(w, s, path, false);
}

void
whiteout_finish(struct whiteouts *w, struct sink *s)
{
	const char *path = w->late.data;

	for (size_t i = 0; i < w->late.len; i += strlen(path + i) + 1)
		apply(w, s, path + i, true);
	if (w->linked)
		s->verbs->discard(s,
		    &(struct place){.dir = s->verbs->enter(s, "", ENTER_LOOK),
			.name = LINKED,
			.path = LINKED});
	buf_free(&w->late);
	w->linked = false;
}
