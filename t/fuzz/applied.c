/* SPDX-License-Identifier: ISC */
/* Layers that are applied on disk and in memory. */
#include "t/fuzz/applied.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/digest.h"
#include "lib/mem.h"
#include "t/fuzz/fuzz.h"
#include "t/fuzz/listing.h"
#include "unpack/apply/image.h"
#include "unpack/input/ring.h"
#include "unpack/plan/filtered.h"
#include "unpack/plan/plan.h"
#include "unpack/tree/removal.h"
#include "unpack/tree/tree.h"

static int outside;       /* the directory that has the tree's */
static struct ring *ring; /* one for all, for it is large */

/* Empty it, and give it all layers, which fit into it at once. */
static void
ring_fill(const struct applied *m)
{
	const unsigned char *p;
	const char *why;

	ring_claim(ring);
	ring_give(ring, 0, INT64_MAX);
	while (ring_read(ring) != INT64_MAX)
		ring_take(ring, &p, &why);
	for (size_t i = 0; i < m->layers; i++) {
		memcpy(
		    ring_claim(ring), m->archives[i].data, m->archives[i].len);
		ring_give(ring, m->archives[i].len, 0);
		ring_claim(ring);
		ring_give(ring, 0, 0);
	}
}

static void
apply(const struct applied *m, struct sink *sink)
{
	struct applying a = {
	    .sink = sink, .bytes = INT64_MAX, .entries = IMAGE_FILES_MAX};
	struct filter filter;

	filter_init(&filter, &m->include, &m->exclude);
	if (filter_any(&filter))
		a.sink = filtered_new(sink, &filter);
	ring_fill(m);
	for (size_t i = 0; i < m->layers; i++)
		layer_apply(&a, ring, NULL);
	a.sink->verbs->finish(a.sink);
}

/* What is told outlives what was allocated for it. */
static void
told(struct applied *m, struct listing *l)
{
	char *text = listing_text(l);

	snprintf(m->text, sizeof m->text, "%s", text);
	free(text);
}

static void
plan_list(const struct item *item, struct listing *l)
{
	const struct inode *i = item->inode;
	char path[PATH_MAX], what[32] = "", type = 'f';
	struct item **all;
	size_t n;

	name_path(item->name, path);
	if (i->type == '0')
		op_content(i->layer, i->entry, what);
	else
		type = "hs__dp"[i->type - '1'];
	if (type == 'd')
		snprintf(
		    what, sizeof what, "%04o", i->directory->attributes.mode);
	listing_add(
	    l, path, type, type == 's' ? i->target : what, (uintptr_t)i);
	if (type != 'd')
		return;
	all = plan_children(item, &n);
	for (size_t k = 0; k < n; k++)
		plan_list(all[k], l);
	free(all);
}

static void
plan(void *arg)
{
	struct applied *m = arg;
	struct listing l = {0};
	struct plan p;

	plan_init(&p);
	apply(m, &p.sink);
	plan_list(p.names.root->item, &l);
	told(m, &l);
}

static void disk_list(int fd, const char *path, struct listing *l);

static void
disk_add(int dir, const char *name, const char *path, struct listing *l)
{
	char what[OP_PATH] = "", type = '?';
	struct stat st;
	ssize_t n = 0;
	int fd = -1;

	fuzz_must(!fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW), "it is there");
	if (!S_ISLNK(st.st_mode) && !S_ISFIFO(st.st_mode))
		fd = openat(dir, name, O_RDONLY | O_NOFOLLOW);
	if (S_ISREG(st.st_mode)) {
		type = 'f';
		n = read(fd, what, sizeof what - 1);
	} else if (S_ISLNK(st.st_mode)) {
		type = 's';
		n = readlinkat(dir, name, what, sizeof what - 1);
	} else if (S_ISDIR(st.st_mode)) {
		type = 'd';
		snprintf(what, sizeof what, "%04o", st.st_mode & 07777);
	} else if (S_ISFIFO(st.st_mode)) {
		type = 'p';
	}
	fuzz_must(n >= 0, "it can be read");
	listing_add(l, path, type, what, st.st_ino);
	if (type == 'd')
		disk_list(fd, path, l);
	if (fd >= 0)
		close(fd);
}

/* All that is in a directory. */
static void
disk_list(int fd, const char *path, struct listing *l)
{
	DIR *dir = fdopendir(dup(fd));
	struct dirent *e;
	char *name;

	fuzz_must(dir, "a directory can be read");
	while ((e = readdir(dir))) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		name = xasprintf("%s%s%s", path, *path ? "/" : "", e->d_name);
		disk_add(fd, e->d_name, name, l);
		free(name);
	}
	closedir(dir);
}

static void
disk(void *arg)
{
	struct applied *m = arg;
	struct listing l = {0};
	struct tree t;

	tree_init(&t, openat(outside, "root", O_RDONLY | O_CLOEXEC), true);
	apply(m, &t.sink);
	disk_add(outside, "root", "", &l);
	told(m, &l);
}

/* Nothing but the tree was touched. */
static void
outside_check(void)
{
	static const char *const names[] = {"a", "b", "c", "/a", "/b", "/c"};
	struct stat st;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		fuzz_must(fstatat(outside, names[i], &st, 0) < 0,
		    "nothing is made outside");
}

bool
applied_is(struct applied *a, enum applied_where where)
{
	bool survived;

	*a->text = '\0';
	if (where == APPLIED_PLAN)
		return fuzz_survived(plan, a);
	if (mkdirat(outside, "root", 0700) < 0)
		diesys("root");
	survived = fuzz_survived(disk, a);
	outside_check();
	fuzz_must(!removal(outside, "root"), "the tree can be removed");
	return survived;
}

void
applied_open(void)
{
	umask(0);
	outside = fuzz_directory(NULL);
	ring = ring_new();
}

void
applied_fill(struct applied *a, const unsigned char *data, size_t len)
{
	*a = (struct applied){0};
	a->n = ops_parse(data, len, a->ops, &a->layers);
	for (unsigned i = 0; i < a->layers; i++)
		ops_archive(a->ops, a->n, i, &a->archives[i]);
}

void
applied_free(struct applied *a)
{
	for (unsigned i = 0; i < a->layers; i++)
		buf_free(&a->archives[i]);
}
