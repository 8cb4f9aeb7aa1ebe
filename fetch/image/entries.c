/* SPDX-License-Identifier: ISC */
/* The images of an index, those of indexes in it included. */
#include "fetch/image/entries.h"

#include <stdlib.h>
#include <string.h>

#include "fetch/image/config.h"
#include "fetch/image/document.h"
#include "fetch/image/platforms.h"
#include "fetch/registry/registry.h"
#include "lib/buf.h"
#include "lib/manifest.h"
#include "lib/mem.h"

#define CONFIGS_MAX 32     /* that are asked what an index doesn't say */
#define NAMED_MAX 20       /* platforms in a message */
#define HELD_MAX (8 << 20) /* bytes of the indexes of an image */

static void index_add(struct registry *r, const struct document *d,
    const struct platforms *wanted, const struct platform *of, int depth,
    struct entries *e);

static bool
says_nothing(const struct descriptor *desc)
{
	return !desc->platform.os && !desc->platform.arch;
}

/* Whether one of the platforms may be found in an index. */
static bool
may_hold(const struct descriptor *desc, const struct platforms *wanted)
{
	for (size_t i = 0; i < wanted->n; i++)
		if (platform_match(&wanted->all[i], &desc->platform))
			return true;
	return says_nothing(desc);
}

/* Add one entry, which an index for the platform "of" names. */
static void
entry_add(struct registry *r, const struct descriptor *desc,
    const struct platforms *wanted, const struct platform *of, int depth,
    struct entries *e)
{
	struct descriptor mine;
	struct document child;

	descriptor_copy(&mine, desc);
	if (says_nothing(&mine) && of->os && of->arch)
		mine.platform =
		    (struct platform){xstrdup(of->os), xstrdup(of->arch),
			of->variant ? xstrdup(of->variant) : NULL};
	if (media_type_is_index(mine.media_type) && may_hold(&mine, wanted)) {
		e->nested = true;
		if (digestmap_first(&e->seen, mine.digest)) {
			document_fetch_child(r, &mine, &child);
			index_add(
			    r, &child, wanted, &mine.platform, depth + 1, e);
			document_free(&child);
		}
		descriptor_free(&mine);
		return;
	}
	if (e->n == MANIFESTS_MAX)
		die("%s: the indexes of this image name more than %d manifests",
		    desc->digest, MANIFESTS_MAX);
	if ((e->n & (e->n - 1)) == 0)
		e->all =
		    xreallocarray(e->all, e->n ? 2 * e->n : 1, sizeof *e->all);
	e->all[e->n++] = mine;
}

static void
index_add(struct registry *r, const struct document *d,
    const struct platforms *wanted, const struct platform *of, int depth,
    struct entries *e)
{
	struct index x;

	if (depth == INDEX_DEPTH_MAX)
		die("%s: indexes nested too deeply", d->desc.digest);
	e->held += (size_t)d->desc.size;
	if (e->held > HELD_MAX)
		die("the indexes of this image are more than %d bytes",
		    HELD_MAX);
	document_index(d, &x);
	e->left_out += x.nforeign;
	for (size_t i = 0; i < x.nmanifests; i++)
		entry_add(r, &x.manifests[i], wanted, of, depth, e);
	index_free(&x);
}

void
entries_read(struct registry *r, const struct document *d,
    const struct platforms *wanted, struct entries *e)
{
	*e = (struct entries){0};
	index_add(r, d, wanted, &(struct platform){0}, 0, e);
}

/* What it is may be unsaid, too. */
static bool
may_be_image(const struct descriptor *desc)
{
	return !*desc->media_type || media_type_is_manifest(desc->media_type);
}

/* The best of those whose platform is known. */
static struct descriptor *
select_known(struct entries *e, const struct platform *want)
{
	struct descriptor *best = NULL;
	int most = 0, match;

	for (size_t i = 0; i < e->n; i++) {
		if (!may_be_image(&e->all[i]))
			continue;
		match = platform_match(want, &e->all[i].platform);
		if (match > most) {
			most = match;
			best = &e->all[i];
		}
	}
	return best;
}

/* Ask the configs of those that say nothing. */
static void
ask(struct registry *r, struct entries *e)
{
	struct descriptor *desc;
	int asked = 0;

	for (size_t i = 0; i < e->n && asked < CONFIGS_MAX; i++) {
		desc = &e->all[i];
		if (!says_nothing(desc) || !may_be_image(desc))
			continue;
		asked++;
		config_platform_of(r, desc, &desc->platform);
	}
	e->asked = true;
}

struct descriptor *
entries_find(struct registry *r, struct entries *e, const struct platform *want,
    bool sure)
{
	struct descriptor *found = select_known(e, want);

	if (found || e->asked)
		return found;
	if (!sure && e->n == 1 && says_nothing(e->all) && may_be_image(e->all))
		return e->all;
	ask(r, e);
	return select_known(e, want);
}

char *
entries_platforms(const struct entries *e)
{
	struct buf b = {0};
	char *text, *word, *end;
	size_t named = 0;

	for (size_t i = 0; i < e->n && named <= NAMED_MAX; i++) {
		const struct platform *p = &e->all[i].platform;

		/* The latter is what attestations say. */
		if (!p->os || !p->arch || strcmp(p->os, "unknown") == 0)
			continue;
		text = platform_text(p);
		word = xasprintf(" %s ", text);
		buf_addc(&b, ' '); /* so that each word ends in one */
		end = strstr(b.data, word);
		b.data[--b.len] = '\0';
		if (!end && ++named <= NAMED_MAX)
			buf_addf(&b, " %s", text);
		free(word);
		free(text);
	}
	if (named > NAMED_MAX)
		buf_adds(&b, " and others");
	return buf_take(&b);
}

void
entries_free(struct entries *e)
{
	for (size_t i = 0; i < e->n; i++)
		descriptor_free(&e->all[i]);
	free(e->all);
	digestmap_free(&e->seen);
	*e = (struct entries){0};
}
