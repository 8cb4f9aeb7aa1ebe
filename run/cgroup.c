/* SPDX-License-Identifier: ISC */
/*
 * Control groups of one container.
 *
 * Only what a container needs is made: joining a hierarchy costs a tenth of
 * a millisecond, and there are a dozen on a machine with cgroup v1.  That is
 * one directory to find, freeze and kill the container by, which is v2's, also
 * beside v1; else the freezer's, else that of pids; one for the device rules;
 * and one for each controller that is to limit something.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/die.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "run/cgroup.h"
#include "run/cgroup_backend.h"
#include "run/cgroup_device.h"
#include "run/cgroup_dir.h"
#include "run/cgroup_setting.h"
#include "run/cgroup_tree.h"
#include "run/spec.h"

struct cgroup {
	struct cgroup_tree tree;
	struct cgroup_dir *dirs;
	size_t ndirs;
	struct buf paths;
};

/* What is to be undone when the process dies with half of it made. */
static struct cgroup *half_made;

static void
undo(void)
{
	if (half_made)
		cgroup_destroy(cgroup_paths(half_made));
}

/* Whether a backend's setting is the one to use, by where its controller is. */
static bool
is_wanted(const struct setting *s, const struct cgroup_tree *t,
    const struct cgroup_backend *from)
{
	const struct hierarchy *h = strcmp(s->controller, "cgroup") == 0
					? cgroup_tree_v2(t)
					: cgroup_tree_find(t, s->controller);

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

static void
settings_make(const struct cgroup_tree *t, const struct resources *r,
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

/* A path that leads out of where it starts, or that is systemd's. */
static void
path_check(const char *path)
{
	if (word_in(path, "..", "/") || word_in(path, ".", "/"))
		die("linux.cgroupsPath: \"%s\": it has \".\" or \"..\"", path);
	if (strchr(path, ':'))
		die("linux.cgroupsPath: \"%s\": cgroups of systemd "
		    "(slice:prefix:name) aren't done here; give a path",
		    path);
	if (strchr(path, '\n') || !path[strspn(path, "/")])
		die("linux.cgroupsPath: \"%s\": it names no cgroup", path);
}

/*
 * The name from the root of a hierarchy.  An absolute path is that; others
 * are below this process's own cgroup on v1, and beside it on v2, where a
 * cgroup with processes in it can't give controllers to those below.
 */
static char *
name_in(const struct hierarchy *h, const struct spec *spec, const char *id)
{
	const char *path = spec->cgroups_path ? spec->cgroups_path : id;
	size_t base = strlen(h->own);
	char *name;

	if (*path == '/')
		return xstrdup(path);
	if (h->backend == &cgroup_v2)
		while (base && h->own[base - 1] != '/')
			base--;
	while (base && h->own[base - 1] == '/')
		base--;
	name = xasprintf("%.*s/%s", (int)base, h->own, path);
	if (strchr(name, ':') || strchr(h->mount, ':'))
		die("%s%s: a cgroup with ':' in its name; set "
		    "linux.cgroupsPath to an absolute path",
		    h->mount, name);
	return name;
}

static const struct setting *
setting_in(const struct settings *list, const struct hierarchy *h)
{
	for (size_t i = 0; i < list->n; i++)
		if (word_in(h->controllers, list->v[i].controller, ", \n") ||
		    (h->backend == &cgroup_v2 &&
			strcmp(list->v[i].controller, "cgroup") == 0))
			return &list->v[i];
	return NULL;
}

static bool
is_refusal(int error)
{
	return error == EACCES || error == EPERM || error == EROFS;
}

/* Make the directory in one hierarchy, once, and write its settings. */
static struct cgroup_dir *
dir_add(struct cgroup *c, const struct hierarchy *h, const struct spec *spec,
    const char *id, const struct settings *list, bool rootless)
{
	const struct setting *s = setting_in(list, h);
	struct cgroup_dir *d;
	char *name, *path;

	for (size_t i = 0; i < c->ndirs; i++)
		if (c->dirs[i].in == h)
			return &c->dirs[i];
	name = name_in(h, spec, id);
	path = xasprintf("%s%s", h->mount, name);
	if (!spec->cgroups_path)
		rmdir(path); /* left by a run that was killed */
	d = &c->dirs[c->ndirs];
	if (cgroup_dir_make(d, h, name, &c->paths) < 0) {
		if (rootless && is_refusal(errno) && !s && !spec->cgroups_path)
			return NULL;
		diesys("%s: %s: the cgroup can't be made%s",
		    s ? s->property : "linux.cgroupsPath", path,
		    rootless ? "; have it delegated to this user, or ask for "
			       "no limits"
			     : "");
	}
	c->ndirs++;
	h->backend->prepare(d, spec, list);
	if (h->backend == &cgroup_v1) {
		d->tasks = openat(d->fd, "tasks", O_WRONLY | O_CLOEXEC);
		if (d->tasks < 0)
			diesys("%s/tasks", path);
	}
	for (size_t i = 0; i < list->n; i++) {
		/* each controller once, when its first setting is met */
		const char *controller = list->v[i].controller;

		if (setting_of(list, controller) == &list->v[i] &&
		    (word_in(h->controllers, controller, ", \n") ||
			(h->backend == &cgroup_v2 &&
			    strcmp(controller, "cgroup") == 0)))
			settings_write(list, controller, d->fd, path);
	}
	free(name);
	free(path);
	return d;
}

/* In a user namespace no device can be made, and no rule be given. */
static bool
in_user_namespace(void)
{
	char *map = io_slurp_at(AT_FDCWD, "/proc/self/uid_map", 4096, NULL);
	unsigned long inside, outside, count;
	bool initial;

	initial = !map ||
		  (sscanf(map, "%lu %lu %lu", &inside, &outside, &count) == 3 &&
		      inside == 0 && outside == 0 && count == 0xffffffff);
	free(map);
	return !initial;
}

static void
devices_set(struct cgroup *c, const struct spec *spec, const char *id,
    const struct settings *list)
{
	const struct hierarchy *h = cgroup_tree_find(&c->tree, "devices");
	struct device_policy policy;
	struct cgroup_dir *d;

	if (!h)
		h = cgroup_tree_v2(&c->tree);
	if (!h)
		die("linux.resources.devices: no cgroups are mounted here, and "
		    "nothing else can hold a container to its devices; mount "
		    "/sys/fs/cgroup");
	d = dir_add(c, h, spec, id, list, false);
	device_policy_make(&policy, &spec->resources);
	h->backend->devices(d, &policy);
	free(policy.v);
}

/* Where the container is found, frozen and killed. */
static const struct hierarchy *
tracker(const struct cgroup_tree *t)
{
	const struct hierarchy *h = cgroup_tree_v2(t);

	if (!h)
		h = cgroup_tree_find(t, "freezer");
	return h ? h : cgroup_tree_find(t, "pids");
}

struct cgroup *
cgroup_create(const struct spec *spec, const char *id, bool rootless)
{
	struct cgroup *c = xcalloc(1, sizeof *c);
	struct settings list = {0};
	const struct hierarchy *h;

	if (spec->cgroups_path)
		path_check(spec->cgroups_path);
	cgroup_tree_read(&c->tree);
	settings_make(&c->tree, &spec->resources, &list);
	c->dirs = xcalloc(c->tree.n + 1, sizeof *c->dirs);
	half_made = c;
	atexit(undo);
	h = tracker(&c->tree);
	if (h)
		dir_add(c, h, spec, id, &list, rootless);
	for (size_t i = 0; i < c->tree.n; i++)
		if (setting_in(&list, &c->tree.v[i]))
			dir_add(c, &c->tree.v[i], spec, id, &list, rootless);
	if (!rootless && !in_user_namespace())
		devices_set(c, spec, id, &list);
	half_made = NULL;
	return c;
}

int
cgroup_clone_fd(const struct cgroup *c)
{
	for (size_t i = 0; i < c->ndirs; i++)
		if (c->dirs[i].in->backend == &cgroup_v2)
			return c->dirs[i].fd;
	return -1;
}

void
cgroup_enter(const struct cgroup *c)
{
	for (size_t i = 0; i < c->ndirs; i++)
		if (c->dirs[i].tasks >= 0 &&
		    write(c->dirs[i].tasks, "0", 1) != 1)
			diesys("%s/tasks: the cgroup can't be entered",
			    c->dirs[i].path);
}

const char *
cgroup_paths(const struct cgroup *c)
{
	return c->paths.data ? c->paths.data : "";
}

const struct cgroup_dir *
cgroup_dirs(const struct cgroup *c, size_t *n)
{
	*n = c->ndirs;
	return c->dirs;
}

const struct cgroup_tree *
cgroup_tree(const struct cgroup *c)
{
	return &c->tree;
}
