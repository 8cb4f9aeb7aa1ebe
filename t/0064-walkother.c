/* SPDX-License-Identifier: ISC */
/* lib/walkother: what documents of an unknown kind name. */
#include <sys/mman.h>
#include <unistd.h>

#include "t/walktry.h"

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
bare(void)
{
	static const struct document all[] = {
	    {OTHER, "{\"a\":\"sha256:" ZEROS "1\",\"sha256:" ZEROS
		    "2\":0,\"b\":[\"sha256:" ZEROS "1\"]}"},
	    {MANIFEST, "{\"schemaVersion\":2,\"config\":<3>}"}, {"", NULL},
	    {"a/b", NULL}};
	struct try t = walked(all);

	ok(!strcmp(t.met.data, "O0 ?1 C3 ?2 "), "what digests alone stand for");
	ok(t.described == 2, "is asked once of each");
}

/* The same of a document that is too large to be a tree, and is a file. */
static int
document_open(struct walk *w, const struct descriptor *d)
{
	int fd = memfd_create("large", MFD_CLOEXEC);
	char *text = read_document(w, d);

	if (fd < 0 || write(fd, text, strlen(text)) < 0 ||
	    lseek(fd, 0, SEEK_SET))
		abort();
	free(text);
	return fd;
}

static void
large(const char *media_type, bool whole, bool looked)
{
	static const char text[] = " {\"a\":\"sha256:" ZEROS "1\"";
	struct document all[] = {{media_type, text},
	    {MANIFEST, "{\"schemaVersion\":2,\"config\":<2>}"}, {"a/b", NULL}};
	struct try t = try_new(all);
	char digest[DIGEST_MAX], *padded = text_make(all, 0);
	struct descriptor d = {.media_type = (char *)media_type,
	    .digest = digest,
	    .size = MANIFEST_MAX + 1};

	digest_of(padded, strlen(padded), NULL, digest);
	memcpy(digest + strlen("sha256:"), ZEROS "0", whole ? 0 : 64);
	t.root = digest;
	t.walk.open = document_open;
	walk_from(&t.walk, &d);
	walk_end(&t.walk);
	ok(!strcmp(t.met.data, looked ? "O0 ?1 C2 " : "O0 "), media_type);
	ok(!t.why == (whole || !looked), whole ? "whole" : "or damaged");
	free(padded);
}

int
main(void)
{
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	other();
	bare();
	large("application/vnd.x+json", true, true);
	large("application/vnd.x+json", false, true);
	large("application/octet-stream", true, true);
	return tap_end();
}
