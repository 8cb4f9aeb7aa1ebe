/* SPDX-License-Identifier: ISC */
/* The way into a container's cgroups for a process that joins it. */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/state.h"
#include "run/cgroup/backend.h"
#include "run/cgroup/dir.h"
#include "run/cgroup/entry.h"
#include "run/cgroup/kept.h"
#include "run/cgroup/tree.h"
#include "run/container/clone.h"

#define CONTROLLERS_MAX 4096

/* The container whose entries are being opened. */
struct opening {
	const char *id;
	pid_t pid;
	const char *const *subs;
	size_t nsubs;
	bool *used;              /* beside subs */
	struct cgroup_tree tree; /* read where there are some */
};

/* The part of path behind a directory's, or NULL when it isn't in there. */
static const char *
below(const char *path, const char *directory)
{
	size_t len = strlen(directory);

	if (strncmp(path, directory, len) != 0 ||
	    (path[len] && path[len] != '/'))
		return NULL;
	return path + len + strspn(path + len, "/");
}

static const struct hierarchy *
hierarchy_of(const struct cgroup_tree *t, const char *path)
{
	for (size_t i = 0; i < t->n; i++)
		if (below(path, t->v[i].mount))
			return &t->v[i];
	return NULL;
}

/*
 * Whether one of the controllers before the colon is of that hierarchy; none is
 * of v2, as /proc/PID/cgroup has it.
 */
static bool
is_for(const char *sub, const struct hierarchy *h)
{
	char *list = xstrndup(sub, strcspn(sub, ":")), *rest = list, *word;
	bool found = false;

	while (h && !found && (word = strsep(&rest, ",")))
		found = *word ? word_in(h->controllers, word, ", \n")
			      : h->backend == &cgroup_v2;
	free(list);
	return found;
}

/* The cgroup below the container's that is asked for here, or NULL. */
static const char *
sub_find(const struct opening *o, const char *path)
{
	const struct hierarchy *h = hierarchy_of(&o->tree, path);
	const char *sub, *colon;

	for (size_t i = 0; i < o->nsubs; i++) {
		sub = o->subs[i];
		colon = strchr(sub, ':');
		if (colon && !is_for(sub, h))
			continue;
		o->used[i] = true;
		sub = colon ? colon + 1 : sub;
		sub += strspn(sub, "/");
		return *sub ? sub : ".";
	}
	return NULL;
}

static int
sub_open(int dir, const char *sub)
{
	struct open_how how = {
	    .flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC,
	    .resolve = RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS,
	};

	return syscall(SYS_openat2, dir, sub, &how, sizeof how);
}

static int
procs_open(int dir, const char *path)
{
	const char *file =
	    kept_backend(dir) == &cgroup_v2 ? "cgroup.procs" : "tasks";
	int fd = openat(dir, file, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		diesys("%s/%s", path, file);
	return fd;
}

static bool
has_given_controllers(int dir)
{
	char *text =
	    io_slurp_at(dir, "cgroup.subtree_control", CONTROLLERS_MAX, NULL);
	bool given = text && *text && *text != '\n';

	free(text);
	return given;
}

/* The cgroup of the container's first process, when that is another below. */
static int
other_open(const struct opening *o, int dir, const char *path)
{
	const struct hierarchy *h;
	struct cgroup_tree tree;
	const char *sub;
	int at, fd = -1;
	char *own;

	cgroup_tree_read_of(&tree, o->pid);
	h = cgroup_tree_v2(&tree);
	own = h ? xasprintf("%s%s", h->mount, h->own) : xstrdup("");
	sub = below(own, path);
	if (sub && *sub && (at = sub_open(dir, sub)) >= 0) {
		fd = procs_open(at, own);
		close(at);
	}
	free(own);
	return fd;
}

/* Opens what dir is, or a cgroup below that; closes dir. */
static void
entry_add(struct cgroup_entries *e, const struct opening *o, int dir,
    const char *path)
{
	struct cgroup_entry *entry = &e->v[e->n++];
	const char *sub = sub_find(o, path);
	int at = dir;

	entry->path = sub ? xasprintf("%s/%s", path, sub) : xstrdup(path);
	if (sub) {
		at = sub_open(dir, sub);
		close(dir);
		if (at < 0 && errno == EXDEV)
			die("--cgroup: %s: lies outside of the container's",
			    entry->path);
		if (at < 0)
			diesys("--cgroup: %s", entry->path);
	}
	e->frozen |= cgroup_dir_is_frozen(at);
	entry->fd = procs_open(at, entry->path);
	entry->other =
	    !sub && has_given_controllers(at) ? other_open(o, at, path) : -1;
	entry->dir = kept_backend(at) == &cgroup_v2 ? at : -1;
	if (entry->dir < 0)
		close(at);
}

static void
subs_check(const struct opening *o)
{
	for (size_t i = 0; i < o->nsubs; i++)
		if (!o->used[i])
			die("--cgroup %s: %s has no cgroup of that kind",
			    o->subs[i], o->id);
}

void
cgroup_entries_open(struct cgroup_entries *e, const struct state *s, pid_t pid,
    const char *const *subs, size_t nsubs)
{
	const struct state_cgroups *list = &s->cgroups;
	struct opening o = {.id = s->id,
	    .pid = pid,
	    .subs = subs,
	    .nsubs = nsubs,
	    .used = xcalloc(nsubs, sizeof *o.used)};
	int dir;

	*e = (struct cgroup_entries){.v = xcalloc(list->n, sizeof *e->v)};
	if (nsubs)
		cgroup_tree_read(&o.tree);
	for (size_t i = 0; i < list->n; i++) {
		if (list->v[i].role == CGROUP_PARENT)
			continue;
		dir = kept_open(list, &list->v[i]);
		if (dir < 0)
			die("%s: it isn't the cgroup of %s any more",
			    list->v[i].path, s->id);
		entry_add(e, &o, dir, list->v[i].path);
	}
	subs_check(&o);
	free(o.used);
}

int
cgroup_entries_clone_fd(const struct cgroup_entries *e)
{
	for (size_t i = 0; i < e->n && clone3_is_there(); i++)
		if (e->v[i].dir >= 0)
			return e->v[i].dir;
	return -1;
}

static bool
enter(const struct cgroup_entry *e)
{
	if (write(e->fd, "0", 1) == 1)
		return true;
	return (errno == EBUSY || errno == EOPNOTSUPP) && e->other >= 0 &&
	       write(e->other, "0", 1) == 1;
}

/* What an error may mean, "" when its text says it. */
static const char *
hint(int error)
{
	switch (error) {
	case EBUSY:
		return " (it gives controllers to cgroups below it; name one "
		       "of them with --cgroup)";
	case EACCES:
		return " (is it delegated to this user, and this process in "
		       "the same tree?)";
	case ENODEV:
	case ENOENT:
		return " (somebody has removed it)";
	default:
		return "";
	}
}

void
cgroup_entries_enter(const struct cgroup_entries *e)
{
	for (size_t i = 0; i < e->n; i++)
		if (!(e->cloned && e->v[i].dir >= 0) && !enter(&e->v[i]))
			diesys("%s: the cgroup can't be entered%s",
			    e->v[i].path, hint(errno));
}
