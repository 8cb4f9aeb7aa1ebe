/* SPDX-License-Identifier: ISC */
/*
 * Layers, as t/fuzz/op.h has them, applied to a tree on disk, to one that is
 * only thought of, and to the model of t/fuzz/model.h: the same is there, or
 * none takes them.  With patterns it is the same without what isn't wanted.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "t/fuzz/applied.h"
#include "t/fuzz/fuzz.h"
#include "t/fuzz/listing.h"
#include "t/fuzz/model.h"
#include "unpack/apply/filter.h"

struct modelled {
	const struct applied *applied;
	enum model what;
	char text[64 << 10];
};

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
	struct modelled *m = arg;
	const struct applied *a = m->applied;
	struct listing l = {0};

	*m->text = '\0';
	m->what = model_list(a->ops, a->n, a->layers, &l);
	if (m->what == MODEL_HOLDS)
		snprintf(m->text, sizeof m->text, "%s", listing_text(&l));
}

/* Is a line of one text in the other, whatever else has the same file? */
static bool
has_line(const char *text, const char *line, size_t n)
{
	for (; *text; text += strcspn(text, "\n") + 1)
		if (!strncmp(text, line, n) &&
		    (text[n] == '\n' || !strncmp(text + n, " = ", 3)))
			return true;
	return false;
}

static enum filter_verdict
ask(const struct filter *f, const char *line)
{
	char path[PATH_MAX];

	snprintf(
	    path, sizeof path, "%.*s", (int)strcspn(line + 3, " \n"), line + 3);
	return *path ? filter_ask(f, path) : FILTER_ABOVE;
}

/*
 * All that is wanted of one text is in the other, but for directories that no
 * entry speaks of.
 */
static void
wanted(const struct filter *f, const char *text, const char *other)
{
	size_t n;

	for (; *text; text += strcspn(text, "\n") + 1) {
		n = strcspn(text, "\n");
		for (const char *p = text; p + 3 < text + n; p++)
			if (!strncmp(p, " = ", 3))
				n = (size_t)(p - text);
		if (ask(f, text) == FILTER_IN &&
		    (*text != 'd' || strncmp(text + n - 4, "0755", 4)) &&
		    !has_line(other, text, n))
			same(true, true, text, other, "what is wanted is made");
	}
}

static void
only_wanted(const struct filter *f, const char *text)
{
	for (; *text; text += strcspn(text, "\n") + 1)
		fuzz_must(ask(f, text) == FILTER_IN ||
			      (*text == 'd' && ask(f, text) == FILTER_ABOVE),
		    "nothing else is made");
}

struct compared {
	const struct applied *all, *some;
};

static void
compare(void *arg)
{
	const struct compared *c = arg;
	struct filter f;

	filter_init(&f, &c->some->include, &c->some->exclude);
	only_wanted(&f, c->some->text);
	wanted(&f, c->all->text, c->some->text);
	wanted(&f, c->some->text, c->all->text);
}

/* Whether it is one: wrong usage isn't what is tried here. */
static bool
is_pattern(const char *text)
{
	size_t n;

	text += strspn(text, "/");
	if (!*text)
		return false;
	for (; *text; text += n + strspn(text + n, "/")) {
		n = strcspn(text, "/");
		if (strspn(text, ".") == n && n < 3)
			return false;
	}
	return true;
}

/* What is made without patterns, again with those that there are. */
static void
filtered(const struct applied *all)
{
	static const char *include[OPS_MAX], *exclude[OPS_MAX];
	static struct applied plan, disk;
	bool planned, on_disk;

	plan = *all;
	plan.include.all = include;
	plan.exclude.all = exclude;
	for (size_t i = 0; i < all->n; i++)
		if (!is_pattern(all->ops[i].path))
			continue;
		else if (all->ops[i].what == 'i')
			include[plan.include.n++] = all->ops[i].path;
		else if (all->ops[i].what == 'x')
			exclude[plan.exclude.n++] = all->ops[i].path;
	if (!plan.include.n && !plan.exclude.n)
		return;
	disk = plan;
	planned = applied_is(&plan, APPLIED_PLAN);
	on_disk = applied_is(&disk, APPLIED_DISK);
	same(planned, on_disk, plan.text, disk.text,
	    "the plan is what is made of what is wanted");
	fuzz_must(on_disk || strstr(fuzz_last_words(), "include both"),
	    "only a hard link can't be made");
	if (on_disk)
		fuzz_survived(compare, &(struct compared){all, &disk});
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	applied_open();
	return 0;
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	static struct applied plan, disk;
	static struct modelled m;
	bool planned, on_disk;

	applied_fill(&plan, data, len);
	disk = plan;
	planned = applied_is(&plan, APPLIED_PLAN);
	on_disk = applied_is(&disk, APPLIED_DISK);
	same(
	    planned, on_disk, plan.text, disk.text, "the plan is what is made");
	m.applied = &plan;
	fuzz_must(fuzz_survived(model, &m), "the model stands all");
	if (fuzz_shows())
		fprintf(stderr, "%s%s", on_disk ? disk.text : "refused\n",
		    m.what == MODEL_UNSURE ? "which the model doesn't know\n"
					   : "");
	if (m.what != MODEL_UNSURE)
		same(m.what == MODEL_HOLDS, on_disk, m.text, disk.text,
		    "what is made is what the rules say");
	if (on_disk)
		filtered(&disk);
	applied_free(&plan);
	return 0;
}
