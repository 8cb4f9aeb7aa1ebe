/* SPDX-License-Identifier: ISC */
/* New limits for a container that is there. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/statecgroup.h"
#include "run/cgroup/backend.h"
#include "run/cgroup/dir.h"
#include "run/cgroup/kept.h"
#include "run/cgroup/plan.h"
#include "run/cgroup/setting.h"
#include "run/cgroup/tree.h"
#include "run/cgroup/update.h"
#include "run/spec/spec.h"

#define NUMBER_MAX 64 /* bytes of a file that holds one */

/* The hierarchy that a directory is in, NULL: it isn't mounted here. */
static const struct hierarchy *
hierarchy_of(const struct cgroup_tree *t, const char *path, int fd)
{
	const struct hierarchy *found = NULL;
	size_t most = 0, len;

	for (size_t i = 0; i < t->n; i++) {
		const struct hierarchy *h = &t->v[i];

		len = strlen(h->mount);
		if (len >= most && h->backend == kept_backend(fd) &&
		    strncmp(h->mount, path, len) == 0 && path[len] == '/') {
			found = h;
			most = len;
		}
	}
	return found;
}

/* Open those that there are; their number. */
static size_t
dirs_open(const struct state_cgroups *list, const struct cgroup_tree *t,
    struct cgroup_dir *dirs)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++) {
		struct state_cgroup c = list->v[i];
		struct cgroup_dir *d = &dirs[n];

		if (c.role == CGROUP_PARENT)
			continue;
		*d = (struct cgroup_dir){.path = c.path, .procs = -1};
		d->fd = kept_open(list, &c);
		d->in = d->fd < 0 ? NULL : hierarchy_of(t, c.path, d->fd);
		n += d->in != NULL;
	}
	return n;
}

/* Of one setting: whether there is a directory for it. */
static bool
has_place(struct setting *s, const struct cgroup_dir *dirs, size_t n)
{
	const struct settings one = {s, 1};

	for (size_t i = 0; i < n; i++)
		if (setting_in(&one, dirs[i].in))
			return true;
	return s->optional;
}

/*
 * memory.checkBeforeUpdate: v1 refuses a limit below what is used, and v2
 * kills for it.
 */
static void
usage_check(const struct cgroup_dir *d, const struct resources *r)
{
	char *text;
	int64_t now;

	if (!r->check_before_update || r->memory_limit <= 0)
		return;
	text = io_slurp_at(d->fd, "memory.current", NUMBER_MAX, NULL);
	now = text ? strtoll(text, NULL, 10) : 0;
	free(text);
	if (now > r->memory_limit)
		die("linux.resources.memory.limit: %" PRId64
		    ": the container has %" PRId64 " bytes in use",
		    r->memory_limit, now);
}

void
cgroup_update(const struct state_cgroups *list, const struct spec *spec)
{
	struct cgroup_dir *dirs = xcalloc(list->n + 1, sizeof *dirs);
	struct settings settings = {0};
	struct cgroup_tree tree;
	size_t n;

	cgroup_tree_read(&tree);
	plan_settings(&tree, &spec->resources, &settings);
	n = dirs_open(list, &tree, dirs);
	for (size_t i = 0; i < settings.n; i++)
		if (!has_place(&settings.v[i], dirs, n))
			die("%s: the container has no cgroup of %s",
			    settings.v[i].property, settings.v[i].controller);
	for (size_t i = 0; i < n; i++)
		usage_check(&dirs[i], &spec->resources);
	for (size_t i = 0; i < n; i++) {
		const struct hierarchy *h = dirs[i].in;

		/* v2 may give its controllers only now. */
		if (h->backend == &cgroup_v2 && setting_in(&settings, h))
			h->backend->prepare(&dirs[i], spec, &settings);
		settings_write(&settings, h, dirs[i].fd, dirs[i].path);
	}
	free(dirs);
}
