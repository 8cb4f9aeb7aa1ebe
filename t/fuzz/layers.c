/* SPDX-License-Identifier: ISC */
/*
 * Layers, as t/fuzz/op.h has them, applied to a tree on disk, to one that is
 * only thought of, and to the model of t/fuzz/model.h: the same is there, or
 * none takes them.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/digest.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "t/fuzz/fuzz.h"
#include "t/fuzz/listing.h"
#include "t/fuzz/model.h"
#include "t/fuzz/op.h"
#include "unpack/apply/image.h"
#include "unpack/input/ring.h"
#include "unpack/plan/plan.h"
#include "unpack/tree/removal.h"
#include "unpack/tree/tree.h"

static int outside; /* the directory that has the tree's */

struct image {
	struct op ops[OPS_MAX];
	size_t n, layers;
	struct buf archives[LAYERS];
	bool known, holds;   /* by the model */
	char text[64 << 10]; /* of what was made */
};

static struct ring *ring; /* one for all, for it is large */

/* Empty it, and give it all layers, which fit into it at once. */
static void
ring_fill(const struct image *m)
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
apply(const struct image *m, struct sink *sink)
{
	struct applying a = {
	    .sink = sink, .bytes = INT64_MAX, .entries = IMAGE_FILES_MAX};
	char digest[DIGEST_MAX];

	ring_fill(m);
	for (size_t i = 0; i < m->layers; i++) {
		digest_of(
		    m->archives[i].data, m->archives[i].len, NULL, digest);
		layer_apply(&a, ring, digest);
	}
	sink->verbs->finish(sink);
}

/* What is told outlives what was allocated for it. */
static void
told(struct image *m, struct listing *l)
{
	char *text = listing_text(l);

	snprintf(m->text, sizeof m->text, "%s", text);
	free(text);
}

static void
plan_list(const struct item *item, struct listing *l)
{
	const struct inode *i = item->inode;
	char path[PATH_MAX], what[32] = "";
	struct item **all;
	size_t n;

	name_path(item->name, path);
	if (i->type == '0')
		op_content(i->layer, i->entry, what);
	if (i->type == '5')
		snprintf(
		    what, sizeof what, "%04o", i->directory->attributes.mode);
	listing_add(l, path, "fs__dp"[i->type == '0' ? 0 : i->type - '1'],
	    i -> type == '2' ? i->target : what, (uintptr_t)i);
	if (i->type != '5')
		return;
	all = plan_children(item, &n);
	for (size_t k = 0; k < n; k++)
		plan_list(all[k], l);
	free(all);
}

static void
plan(void *arg)
{
	struct image *m = arg;
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
	struct image *m = arg;
	struct listing l = {0};
	struct tree t;

	if (mkdirat(outside, "root", 0700) < 0)
		diesys("root");
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

static void
same(bool a, bool b, const char *one, const char *other, const char *what)
{
	if (a == b && (!a || !strcmp(one, other)))
		return;
	fprintf(stderr, "-- %s\n%s-- %s\n%s", a ? "made" : "refused", one,
	    b ? "made" : "refused", other);
	fuzz_must(false, what);
}

static void
model(void *arg)
{
	struct image *m = arg;
	struct listing l = {0};
	enum model what = model_list(m->ops, m->n, m->layers, &l);

	*m->text = '\0';
	if (what == MODEL_HOLDS)
		told(m, &l);
	m->known = what != MODEL_UNSURE;
	m->holds = what == MODEL_HOLDS;
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	umask(0);
	outside = fuzz_directory(NULL);
	ring = ring_new();
	return 0;
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	static struct image m, d, p;
	bool on_disk, planned;

	m = (struct image){0};
	m.n = ops_parse(data, len, m.ops, &m.layers);
	for (unsigned i = 0; i < m.layers; i++)
		ops_archive(m.ops, m.n, i, &m.archives[i]);
	p = d = m;
	planned = fuzz_survived(plan, &p);
	on_disk = fuzz_survived(disk, &d);
	outside_check();
	fuzz_must(!removal(outside, "root"), "the tree can be removed");
	same(planned, on_disk, p.text, d.text, "the plan is what is made");
	fuzz_must(fuzz_survived(model, &m), "the model stands all");
	if (fuzz_shows())
		fprintf(stderr, "%s%s", on_disk ? d.text : "refused\n",
		    m.known ? "" : "which the model doesn't know\n");
	if (m.known)
		same(m.holds, on_disk, m.text, d.text,
		    "what is made is what the rules say");
	for (unsigned i = 0; i < m.layers; i++)
		buf_free(&m.archives[i]);
	return 0;
}
