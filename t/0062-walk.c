/* SPDX-License-Identifier: ISC */
/* lib/walk: what is visited, how often, and how deep. */
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/walk.h"
#include "t/tap.h"

#define OCI "application/vnd.oci.image."
#define INDEX OCI "index.v1+json"
#define MANIFEST OCI "manifest.v1+json"
#define OTHER "application/vnd.oci.artifact.manifest.v1+json"

/* A document; its digest is its place in the table, in 64 digits. */
struct document {
	const char *media_type, *text; /* with <N> for the descriptor of N */
};

/* First, for the walk gives it. */
struct
try {
	struct walk walk;
	const struct document *all;
	struct buf met; /* "K3 K0 ...": kind and document */
	const char *why;
	size_t reads, taken, of;
};

static char *
digest_make(size_t n)
{
	return xasprintf("sha256:%064zx", n);
}

static size_t
number(const struct descriptor *d)
{
	return strtoul(d->digest + strlen("sha256:"), NULL, 16);
}

/* The text with descriptors in the places of <N> (<N> is one digit). */
static char *
text_make(const struct document *all, size_t n)
{
	struct buf b = {0};
	char *digest;

	for (const char *p = all[n].text; *p; p++) {
		if (*p != '<') {
			buf_addc(&b, *p);
			continue;
		}
		digest = digest_make((size_t)(p[1] - '0'));
		buf_addf(&b,
		    "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":1000}",
		    all[p[1] - '0'].media_type, digest);
		free(digest);
		p += 2;
	}
	while (b.len < 1000)
		buf_addc(&b, ' ');
	return buf_take(&b);
}

static bool
visit(struct walk *w, const struct descriptor *d, enum walk_kind kind,
    const struct descriptor *parent)
{
	struct try *t = (struct try *)w;

	(void)parent;
	buf_addf(&t->met, "%c%zu ", "IMOCL?"[kind], number(d));
	return t->all[number(d)].text;
}

static char *
read_document(struct walk *w, const struct descriptor *d)
{
	struct try *t = (struct try *)w;

	t->reads++;
	return text_make(t->all, number(d));
}

static void
fault(struct walk *w, const struct descriptor *d, const char *why)
{
	struct try *t = (struct try *)w;

	(void)d;
	free((char *)t->why);
	t->why = xstrdup(why);
}

static void
end(struct walk *w, const struct descriptor *d, size_t taken, size_t n)
{
	struct try *t = (struct try *)w;

	(void)d;
	t->taken = taken;
	t->of = n;
}

/* Walk from document 0. */
static struct try
walked(const struct document *all)
{
	struct try t = {.walk = {.visit = visit,
			    .read = read_document,
			    .fault = fault,
			    .end = end},
	    .all = all};
	char *digest = digest_make(0);
	struct descriptor d = {.media_type = (char *)all[0].media_type,
	    .digest = digest,
	    .size = 1000};

	walk_from(&t.walk, &d);
	walk_end(&t.walk);
	free(digest);
	return t;
}

static void
order(void)
{
	static const struct document all[] = {
	    {INDEX, "{\"schemaVersion\":2,\"manifests\":[<1>,<2>,<1>,<5>]}"},
	    {MANIFEST, "{\"schemaVersion\":2,\"config\":<3>,\"layers\":"
		       "[<4>,<4>],\"subject\":<6>}"},
	    {MANIFEST, "{\"schemaVersion\":2,\"config\":<3>,\"layers\":[]}"},
	    {OCI "config.v1+json", NULL}, {"a/b", NULL}, {MANIFEST, NULL},
	    {MANIFEST, "{\"schemaVersion\":2,\"config\":<7>}"}, {"a/b", NULL}};
	struct try t = walked(all);

	ok(!strcmp(t.met.data, "I0 M1 C3 L4 L4 ?6 C7 M2 C3 M1 M5 "),
	    "each as often as it is named, and what it is about");
	ok(t.reads == 4, "a document is read once");
	ok(t.taken == 3 && t.of == 4, "what an index has and what is there");
	ok(!t.why, "nothing is wrong with it");
}

static void
other(void)
{
	static const struct document all[] = {
	    {OTHER, "{\"blobs\":[<1>,{\"x\":<2>}],\"subject\":<3>}"},
	    {"a/b", NULL}, {OTHER, "{\"x\":<1>}"},
	    {MANIFEST, "{\"schemaVersion\":2,\"config\":<1>}"}};
	struct try t = walked(all);

	ok(!strcmp(t.met.data, "O0 ?1 ?2 ?3 C1 "),
	    "an unknown document's descriptors, wherever they are");
	ok(!t.why, "nothing is wrong with it");
}

static void
wrong(void)
{
	static const struct document lie[] = {
	    {INDEX, "{\"schemaVersion\":2,\"mediaType\":\"application/vnd."
		    "docker.distribution.manifest.list.v2+json\"}"}};
	static const struct document mix[] = {
	    {MANIFEST, "{\"schemaVersion\":2,\"manifests\":[]}"}};
	static const struct document subject[] = {
	    {INDEX, "{\"schemaVersion\":2,\"manifests\":[],\"subject\":7}"}};

	ok(walked(lie).why, "a document that says it is another");
	ok(walked(mix).why, "an index where a manifest should be");
	ok(walked(subject).why, "a subject that is no descriptor");
}

/* n indexes in one another, and a manifest in the last. */
static bool
deep(size_t n)
{
	static const char *const names[] = {
	    "<1>", "<2>", "<3>", "<4>", "<5>", "<6>", "<7>", "<8>", "<9>"};
	struct document all[10] = {{0}};

	for (size_t i = 0; i < n; i++)
		all[i] = (struct document){
		    INDEX, xasprintf("{\"schemaVersion\":2,\"manifests\":[%s]}",
			       names[i])};
	all[n] =
	    (struct document){MANIFEST, "{\"schemaVersion\":2,\"config\":<0>}"};
	return !walked(all).why;
}

int
main(void)
{
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	order();
	other();
	wrong();
	ok(deep(INDEX_DEPTH_MAX), "as many indexes as may be");
	ok(!deep(INDEX_DEPTH_MAX + 1), "and one more");
	return tap_end();
}
