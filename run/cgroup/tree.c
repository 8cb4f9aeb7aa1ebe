/* SPDX-License-Identifier: ISC */
/*
 * The cgroup hierarchies that are mounted here.  /proc/self/cgroup says what
 * hierarchies there are and where this process is in each, mountinfo where
 * they are mounted and which part of them: in a container without a cgroup
 * namespace the root of the mount is that container's own cgroup.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "lib/die.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "run/cgroup/backend.h"
#include "run/cgroup/tree.h"

#define PROC_MAX (16 << 20) /* a mount table longer than this is an error */

bool
word_in(const char *list, const char *word, const char *separators)
{
	size_t len = strlen(word);

	while (*(list += strspn(list, separators))) {
		size_t n = strcspn(list, separators);

		if (n == len && memcmp(list, word, n) == 0)
			return true;
		list += n;
	}
	return false;
}

static bool
words_in(const char *list, const char *words)
{
	char *copy = xstrdup(words), *rest = copy, *word;
	bool all = true;

	while (all && (word = strsep(&rest, ",")))
		all = word_in(list, word, ",");
	free(copy);
	return all;
}

char *
mountinfo_unescape(const char *s)
{
	char *out = xstrdup(s), *to = out;

	while (*s)
		if (s[0] == '\\' && s[1] && s[2] && s[3]) {
			*to++ = (s[1] & 3) << 6 | (s[2] & 7) << 3 | (s[3] & 7);
			s += 4;
		} else {
			*to++ = *s++;
		}
	*to = '\0';
	return out;
}

/* A cgroup's path as seen through a mount whose root is another cgroup. */
static char *
path_in_mount(const char *own, const char *root)
{
	size_t len = strcmp(root, "/") == 0 ? 0 : strlen(root);

	if (strncmp(own, root, len) != 0 || (own[len] && own[len] != '/'))
		return xstrdup("/"); /* outside of what is visible */
	return xstrdup(own[len] ? own + len : "/");
}

/* The fields of a line of mountinfo (proc(5)) that are of use here. */
struct mount_line {
	char *device, *root, *mount, *type, *options;
};

struct mount_table {
	struct mount_line *v;
	size_t n;
};

static bool
mount_line_parse(char *line, struct mount_line *m)
{
	char *fields[5] = {0}, *rest = strstr(line, " - ");

	if (!rest)
		return false;
	*rest = '\0';
	rest += 3;
	for (int i = 0; i < 5; i++)
		if (!(fields[i] = strsep(&line, " ")))
			return false;
	m->device = fields[2];
	m->root = fields[3];
	m->mount = fields[4];
	m->type = strsep(&rest, " ");
	strsep(&rest, " "); /* the source */
	m->options = rest;
	return m->options != NULL;
}

/* The lines of cgroups: there may be a thousand others, so look ahead. */
static void
mount_table_parse(struct mount_table *t, char *text)
{
	char *type, *line, *end;
	struct mount_line m;

	while ((type = strstr(text, " - cgroup"))) {
		*type = '\0';
		line = strrchr(text, '\n');
		*type = ' ';
		line = line ? line + 1 : text;
		end = strchr(type, '\n');
		if (end)
			*end = '\0';
		if (mount_line_parse(line, &m)) {
			t->v = xreallocarray(t->v, t->n + 1, sizeof *t->v);
			t->v[t->n++] = m;
		}
		if (!end)
			break;
		text = end + 1;
	}
}

static bool
is_mount_of(const struct mount_line *m, const char *controllers)
{
	if (!*controllers)
		return strcmp(m->type, "cgroup2") == 0;
	return strcmp(m->type, "cgroup") == 0 &&
	       words_in(m->options, controllers);
}

/* Another mount may lie on top of it. */
static bool
is_visible(const struct mount_line *m, const char *path)
{
	char device[32];
	struct stat st;

	if (stat(path, &st) < 0)
		return false;
	snprintf(
	    device, sizeof device, "%u:%u", major(st.st_dev), minor(st.st_dev));
	return strcmp(device, m->device) == 0;
}

/* Where it is mounted, and this process's cgroup there; false: nowhere. */
static bool
hierarchy_place(struct hierarchy *h, const char *controllers, const char *path,
    const struct mount_table *t)
{
	char *root;

	for (size_t i = 0; i < t->n; i++) {
		if (!is_mount_of(&t->v[i], controllers))
			continue;
		h->mount = mountinfo_unescape(t->v[i].mount);
		if (!is_visible(&t->v[i], h->mount)) {
			free(h->mount);
			continue;
		}
		root = mountinfo_unescape(t->v[i].root);
		h->own = path_in_mount(path, root);
		free(root);
		return true;
	}
	return false;
}

/* One line of /proc/self/cgroup, ID:CONTROLLERS:PATH; false: not mounted. */
static bool
hierarchy_read(struct hierarchy *h, char *controllers, char *path,
    const struct mount_table *t)
{
	char *file;

	if (!hierarchy_place(h, controllers, path, t))
		return false;
	h->backend = *controllers ? &cgroup_v1 : &cgroup_v2;
	if (*controllers) {
		h->controllers = xstrdup(controllers);
		return true;
	}
	file = xasprintf("%s/cgroup.controllers", h->mount);
	h->controllers = io_slurp_at(AT_FDCWD, file, PROC_MAX, NULL);
	free(file);
	if (!h->controllers)
		h->controllers = xstrdup("");
	return true;
}

static void
tree_read(struct cgroup_tree *t, const char *cgroups)
{
	struct mount_table mounts = {0};
	char *mine, *table, *line, *rest, *controllers;
	struct hierarchy h;

	*t = (struct cgroup_tree){0};
	mine = io_slurp_at(AT_FDCWD, cgroups, PROC_MAX, NULL);
	table = io_slurp_at(AT_FDCWD, "/proc/self/mountinfo", PROC_MAX, NULL);
	if (!mine || !table)
		diesys("%s: the cgroups can't be read", cgroups);
	mount_table_parse(&mounts, table);
	rest = mine;
	while ((line = strsep(&rest, "\n"))) {
		strsep(&line, ":");
		controllers = strsep(&line, ":");
		if (!line)
			continue;
		if (!hierarchy_read(&h, controllers, line, &mounts)) {
			if (*controllers && !t->unmounted)
				t->unmounted = xstrdup(controllers);
			continue;
		}
		t->v = xreallocarray(t->v, t->n + 1, sizeof *t->v);
		t->v[t->n++] = h;
		if (h.backend == &cgroup_v2) { /* which the kernel has last */
			t->v[t->n - 1] = t->v[0];
			t->v[0] = h;
		}
	}
	free(mounts.v);
	free(mine);
	free(table);
}

void
cgroup_tree_read(struct cgroup_tree *t)
{
	tree_read(t, "/proc/self/cgroup");
}

void
cgroup_tree_read_of(struct cgroup_tree *t, pid_t pid)
{
	char path[32];

	snprintf(path, sizeof path, "/proc/%d/cgroup", (int)pid);
	tree_read(t, path);
}

const struct hierarchy *
cgroup_tree_find(const struct cgroup_tree *t, const char *controller)
{
	for (size_t i = 0; i < t->n; i++)
		if (word_in(t->v[i].controllers, controller, ", \n"))
			return &t->v[i];
	return NULL;
}

const struct hierarchy *
cgroup_tree_v2(const struct cgroup_tree *t)
{
	return t->n && t->v[0].backend == &cgroup_v2 ? &t->v[0] : NULL;
}
