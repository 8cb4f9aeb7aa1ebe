/* SPDX-License-Identifier: ISC */
/* lib/walk: what is visited, how often, and how deep. */
#include "t/walktry.h"

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

	ok(!strcmp(t.met.data, "I0 M1 C3 L4 L4 ?6 M2 C3 M1 M5 C7 "),
	    "each as often as it is named, and what it is about");
	ok(t.reads == 4, "a document is read once");
	ok(t.taken == 3 && t.of == 4, "what an index has and what is there");
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

/* n indexes in one another, and a document in the last. */
static struct try
deep(size_t n, struct document last, struct document below)
{
	static const char *const names[] = {
	    "<1>", "<2>", "<3>", "<4>", "<5>", "<6>", "<7>", "<8>", "<9>"};
	static struct document all[11];

	for (size_t i = 0; i < n; i++)
		all[i] = (struct document){
		    INDEX, xasprintf("{\"schemaVersion\":2,\"manifests\":[%s]}",
			       names[i])};
	all[n] = last;
	all[n + 1] = below;
	return walked(all);
}

static void
depth(void)
{
	struct document m = {MANIFEST, "{\"schemaVersion\":2,\"config\":<0>}"};
	struct document other = {OTHER, "[\"sha256:" ZEROS "9\"]"};
	struct document below = {
	    INDEX, "{\"schemaVersion\":2,\"manifests\":[]}"};

	ok(!deep(INDEX_DEPTH_MAX, m, m).why, "as many indexes as may be");
	ok(deep(INDEX_DEPTH_MAX + 1, m, m).why, "and one more");
	ok(strstr(deep(INDEX_DEPTH_MAX, other, m).met.data, "O8 ?9 C0 "),
	    "in the last an unknown document, and what it names");
	ok(deep(INDEX_DEPTH_MAX, other, below).why, "which is no more indexes");
}

/* Each is about the next, which is more of them than indexes may be. */
static void
chain(void)
{
	static const char *const subjects[] = {
	    "<1>", "<2>", "<3>", "<4>", "<5>", "<6>", "<7>", "<8>", "<9>"};
	struct document all[10];

	for (size_t i = 0; i < 9; i++)
		all[i] = (struct document){i % 2 ? INDEX : MANIFEST,
		    xasprintf("{\"schemaVersion\":2,%s,\"subject\":%s}",
			i % 2 ? "\"manifests\":[]" : "\"config\":<0>",
			subjects[i])};
	all[9] =
	    (struct document){MANIFEST, "{\"schemaVersion\":2,\"config\":<0>}"};
	ok(strstr(walked(all).met.data, "?8 C0 ?9 C0 "),
	    "what a subject is about");
}

int
main(void)
{
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	order();
	wrong();
	depth();
	chain();
	return tap_end();
}
