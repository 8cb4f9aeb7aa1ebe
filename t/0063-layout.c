/* SPDX-License-Identifier: ISC */
/* lib/layout: layouts of the first versions, and damaged ones. */
#include "t/imagelayout.h"

/* A manifest that is too large isn't read. */
static void
large(void)
{
	char *path = blob_path(NONE), *d;
	int size = MANIFEST_MAX + 1;

	file_make(path, "");
	if (truncate(path, size))
		abort();
	d = xasprintf("{\"mediaType\":\"" OCI "manifest.v1+json\","
		      "\"digest\":\"" NONE "\",\"size\":%d}",
	    size);
	index_make("index.json", d, NULL, NULL);
	refuses(".", "bytes are more than");
	unlink(path);
	free(path);
	free(d);
}

/* Layouts before 1.0: refs/TAG, and another media type of an index. */
static void
old(void)
{
	char *a = image_make("a", "amd64", NULL), *text, *all;
	char *b = image_make("b", "amd64", NULL);

	unlink("index.json");
	refuses(".:a", "neither index.json nor refs");
	if (mkdir("refs", 0777))
		abort();
	file_make("refs/a", a);
	text = xasprintf("{\"schemaVersion\":2,\"manifests\":[%s]}", b);
	all = blob_make(text, LIST, "");
	file_make("refs/b", all);
	file_make("refs/.b.123.tmp", "{");
	finds(".:a", "a");
	finds(".:b", "b");
	refuses(".", "several images");
	index_make("index.json", b, NULL, NULL);
	finds(".", "b");
	unlink("index.json");
	unlink("refs/a");
	if (symlink("/dev/zero", "refs/a"))
		abort();
	refuses(".:b", "a: not a regular file");
	unlink("refs/a");
	file_make("oci-layout", "{\"imageLayoutVersion\":\"0.3.0\"}");
	finds(".:b", "b");
	unlink("oci-layout");
	finds(".:b", "b");
	file_make("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
	if (symlink("/dev/zero", "refs/a"))
		abort();
	free(text);
	free(all);
	free(a);
	free(b);
}

static void
damage(void)
{
	char *a = image_make("a", "amd64", "a"), digest[DIGEST_MAX], *path;
	FILE *file;

	index_make("index.json", a, NULL, NULL);
	memcpy(digest, strstr(a, "sha256:"), 71);
	digest[71] = '\0';
	path = blob_path(digest);
	if (chmod(path, 0600) || !(file = fopen(path, "r+")) ||
	    fputc(' ', file) < 0 || fclose(file))
		abort();
	refuses(".", "the blob is damaged");
	if (truncate(path, 5))
		abort();
	refuses(".", "its descriptor says");
	unlink(path);
	refuses(".", "doesn't have this blob");
	if (mkfifo(path, 0600))
		abort();
	shuns(path, ".");
	unlink(path);
	free(image_make("a", "amd64", "a"));
	finds(".", "a");
	if (unlink("index.json") || mkfifo("index.json", 0600))
		abort();
	shuns("index.json", ".");
	if (unlink("index.json"))
		abort();
	file_make("index.json", "");
	if (truncate("index.json", MANIFEST_MAX + 1))
		abort();
	refuses(".", "/index.json: it has more than 4194304 bytes");
	if (unlink("oci-layout") || mkfifo("oci-layout", 0600))
		abort();
	shuns("oci-layout", ".");
	unlink("oci-layout");
	file_make("oci-layout", "{\"imageLayoutVersion\":\"2.0.0\"}");
	refuses(".", "has an imageLayoutVersion");
	unlink("oci-layout");
	if (rename("refs", "old"))
		abort();
	refuses(".", "not an image layout");
	file_make("version", "Directory Transport Version: 1.1\n");
	file_make("manifest.json", "{}");
	refuses(".", "skopeo copy dir:. oci:LAYOUT");
	free(path);
	free(a);
}

int
main(void)
{
	layout_begin();
	large();
	old();
	damage();
	layout_end();
	return tap_end();
}
