/* SPDX-License-Identifier: ISC */
/* What cgroups a container is to have, before there is any of them. */
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/mem.h"
#include "lib/statecgroup.h"
#include "run/cgroup/backend.h"
#include "run/cgroup/plan.h"
#include "run/cgroup/setting.h"
#include "run/cgroup/tree.h"
#include "run/spec/spec.h"

void
plan_path_check(const char *path)
{
	if (word_in(path, "..", "/") || word_in(path, ".", "/"))
		die("linux.cgroupsPath: \"%s\": it has \".\" or \"..\"", path);
	if (strchr(path, ':'))
		die("linux.cgroupsPath: \"%s\": systemd's cgroups "
		    "(slice:prefix:name) are not supported; give a path",
		    path);
	if (strchr(path, '\n') || !path[strspn(path, "/")])
		die("linux.cgroupsPath: \"%s\": it names no cgroup", path);
}

/* Add the parts of a path, each with a single slash before it. */
static void
parts_add(struct buf *name, const char *path)
{
	size_t n;

	while (*(path += strspn(path, "/"))) {
		n = strcspn(path, "/");
		buf_addf(name, "/%.*s", (int)n, path);
		path += n;
	}
}

/*
 * An absolute path is one from the hierarchy's root; others are below this
 * process's own cgroup on v1, and beside it on v2, where a cgroup with
 * processes in it can't give controllers to those below.
 */
char *
plan_name(const struct hierarchy *h, const struct spec *spec, const char *id)
{
	const char *path = spec->cgroups_path ? spec->cgroups_path : id;
	struct buf name = {0};
	char *last;

	if (*path != '/') {
		/* as /proc shows what is outside of the cgroup namespace */
		if (word_in(h->own, "..", "/"))
			die("%s%s: this process is in a cgroup that can't be "
			    "seen from here; set linux.cgroupsPath to an "
			    "absolute path",
			    h->mount, h->own);
		parts_add(&name, h->own);
		last = name.data ? strrchr(name.data, '/') : NULL;
		if (last && h->backend == &cgroup_v2) {
			*last = '\0';
			name.len = last - name.data;
		}
	}
	parts_add(&name, path);
	if (strchr(name.data, ':') || strchr(h->mount, ':'))
		die("%s%s: a cgroup with ':' in its name; set "
		    "linux.cgroupsPath to an absolute path",
		    h->mount, name.data);
	return buf_take(&name);
}

void
plan_list(struct state_cgroups *list, const char *mount, const char *name)
{
	char *path = xasprintf("%s%s", mount, name);
	char *end = path + strlen(mount);

	state_cgroups_add(list, path, 0, 0, CGROUP_MADE);
	while ((end = strchr(end + 1, '/'))) {
		*end = '\0';
		state_cgroups_add(list, path, 0, 0, CGROUP_PARENT);
		*end = '/';
	}
	free(path);
}

/* What the other version of cgroups calls a controller, NULL: the same. */
static const char *
other_name(const char *controller)
{
	return strcmp(controller, "blkio") == 0 ? "io"
	       : strcmp(controller, "io") == 0  ? "blkio"
						: NULL;
}

/* The hierarchy that has what a setting is for, NULL: there is none. */
static const struct hierarchy *
place_of(const struct setting *s, const struct cgroup_tree *t)
{
	const struct hierarchy *h;
	const char *other;

	if (strcmp(s->controller, "cgroup") == 0)
		return cgroup_tree_v2(t);
	h = cgroup_tree_find(t, s->controller);
	other = other_name(s->controller);
	return h || !other ? h : cgroup_tree_find(t, other);
}

/* Whether a backend's setting is the one to use, by where its controller is. */
static bool
is_wanted(const struct setting *s, const struct cgroup_tree *t,
    const struct cgroup_backend *from)
{
	const struct hierarchy *h = place_of(s, t);

	if (!h && s->optional)
		return false;
	if (!h)
		die("%s: there is no %s controller in the cgroups here",
		    s->property, s->controller);
	if (h->backend == from && !s->file)
		die("%s: cgroup v2 has nothing like it", s->property);
	if (h->backend != from && strstr(s->property, ".unified."))
		die("%s: here the controller %s is one of cgroup v1",
		    s->property, s->controller);
	return h->backend == from;
}

void
plan_settings(const struct cgroup_tree *t, const struct resources *r,
    struct settings *list)
{
	const struct cgroup_backend *const from[] = {&cgroup_v1, &cgroup_v2};
	struct settings all;

	for (int i = 0; i < 2; i++) {
		all = (struct settings){0};
		from[i]->settings(r, &all);
		for (size_t n = 0; n < all.n; n++) {
			if (!is_wanted(&all.v[n], t, from[i]))
				continue;
			list->v = xreallocarray(
			    list->v, list->n + 1, sizeof *list->v);
			list->v[list->n++] = all.v[n];
		}
		free(all.v);
	}
}
