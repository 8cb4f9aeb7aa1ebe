/* SPDX-License-Identifier: ISC */
/* lib/image: which image of a layout is found. */
#include "lib/buf.h"
#include "t/imagelayout.h"

static void
tags(void)
{
	char *a = image_make("a", "amd64", "a"), *all;
	char *b = image_make("b", "arm64", "b");
	char *c = image_make("c", "amd64", "docker.io/library/c:c");

	index_make("index.json", a, b, c);
	finds(".:a", "a");
	finds(".:b", "b");
	finds(".:c", "c");
	finds(".:docker.io/library/c:c", "c");
	refuses(".:d", "no image has the tag d");
	refuses(".", "several images; say which: .:a .:b "
		     ".:docker.io/library/c:c");
	refuses(".@" NONE, "no image " NONE);
	index_make("index.json", b, NULL, NULL);
	finds(".", "b");
	all = blob_make("{\"schemaVersion\":2,\"manifests\":[]}",
	    OCI "index.v1+json", ",\"annotations\":{}");
	index_make("index.json", all, NULL, NULL);
	refuses(".", "no image for linux/amd64");
	free(all);
	free(a);
	free(b);
	free(c);
}

static void
platforms(void)
{
	char *a = image_make("a", "amd64", NULL), *text, *all, *name;
	char *b = image_make("b", "arm64", NULL);
	char digest[DIGEST_MAX];

	index_make("index.json", b, a, NULL);
	finds(".", "a");
	text = xasprintf("{\"schemaVersion\":2,\"manifests\":[%s,%s]}", b, a);
	all = blob_make(text, OCI "index.v1+json", "");
	index_make("index.json", all, NULL, NULL);
	finds(".", "a");
	memcpy(digest, strstr(b, "sha256:"), 71);
	digest[71] = '\0';
	name = xasprintf(".@%s", digest);
	finds(name, "b");
	file_make("index.json", "{}");
	refuses(".", "schemaVersion");
	free(name);
	free(text);
	free(all);
	free(a);
	free(b);
}

/* Without names: one image only where each is for a platform of its own. */
static void
nameless(void)
{
	char *a = image_make("a", "amd64", NULL);
	char *b = image_make("b", "amd64", NULL);
	char *c = image_make("c", "amd64", "c"), *two;

	index_make("index.json", a, b, NULL);
	two = xasprintf("say which: .@%.71s .@%.71s", strstr(a, "sha256:"),
	    strstr(b, "sha256:"));
	refuses(".", two);
	index_make("index.json", a, a, NULL);
	finds(".", "a");
	free(b);
	b = image_make("d", "amd64", "c");
	index_make("index.json", c, b, NULL);
	refuses(".:c", "several images called c; say which: .@");
	free(two);
	free(a);
	free(b);
	free(c);
}

/* A digest is looked for in each index once, be there ever so many ways. */
static void
deep(void)
{
	char *d = image_make("a", "amd64", NULL), *text;

	for (int i = 0; i < 7; i++) {
		struct buf list = {0};

		for (int n = 0; n < 100; n++)
			buf_addf(&list, "%s%s", n ? "," : "", d);
		text = xasprintf(
		    "{\"schemaVersion\":2,\"manifests\":[%s]}", list.data);
		free(d);
		d = blob_make(text, OCI "index.v1+json", "");
		buf_free(&list);
		free(text);
	}
	index_make("index.json", d, NULL, NULL);
	refuses(".@" NONE, "no image");
	free(d);
	d = image_make("a", "amd64", NULL);
	for (int i = 0; i < 9; i++) {
		if (i == 8) {
			index_make("index.json", d, NULL, NULL);
			finds(".", "a");
		}
		text = xasprintf("{\"schemaVersion\":2,\"manifests\":[%s]}", d);
		free(d);
		d = blob_make(text, OCI "index.v1+json", "");
		free(text);
	}
	index_make("index.json", d, NULL, NULL);
	refuses(".", "more than 8 indexes inside one another");
	free(d);
}

/* What an image's configuration says, where no index has a say. */
static void
configured(void)
{
	static const char *const platforms[] = {"amd64", "arm64", "x86_64", ""};
	static const char *const said[] = {
	    NULL, "an image for linux/arm64, not for linux/amd64", NULL, NULL};
	char *config, *text, *d;

	for (size_t i = 0; i < 4; i++) {
		text = xasprintf(
		    "{\"os\":\"linux\",\"architecture\":\"%s\"}", platforms[i]);
		config = blob_make(text, OCI "config.v1+json", "");
		free(text);
		text = xasprintf("{\"schemaVersion\":2,\"config\":%s,"
				 "\"annotations\":{\"id\":\"a\"}}",
		    config);
		d = blob_make(text, OCI "manifest.v1+json", "");
		index_make("index.json", d, NULL, NULL);
		if (said[i])
			refuses(".", said[i]);
		else
			finds(".", "a");
		free(config);
		free(text);
		free(d);
	}
}

int
main(void)
{
	layout_begin();
	tags();
	platforms();
	nameless();
	deep();
	configured();
	layout_end();
	return tap_end();
}
