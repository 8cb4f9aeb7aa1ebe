/* SPDX-License-Identifier: ISC */
/*
 * oci-layout-write DIR[:TAG]: OCI archives on standard input, one behind the
 * other, become a part of an image layout.
 *
 * Blobs are verified while they are written to a staging directory.  Only when
 * the archive has come to its proper end, and each of its images is complete,
 * is the layout locked: blobs are moved in first, and index.json, which makes
 * them images, last.  A new layout is put together in the staging directory,
 * and gets its name when it is whole.  So at any moment, whoever is killed, the
 * layout has either the old images or the new.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "layout/archive.h"
#include "layout/index/closure.h"
#include "layout/index/expected.h"
#include "layout/index/index.h"
#include "layout/index/name.h"
#include "layout/index/refs.h"
#include "layout/store/blob.h"
#include "layout/store/lender.h"
#include "layout/store/store.h"
#include "lib/caller.h"
#include "lib/die.h"
#include "lib/digest.h"
#include "lib/image.h"
#include "lib/json.h"
#include "lib/layout.h"
#include "lib/mem.h"
#include "lib/options.h"
#include "lib/progress.h"
#include "lib/tarheader.h"

#define LAYOUT_TEXT "{\"imageLayoutVersion\":\"1.0.0\"}"

struct options {
	struct option_list caches;
	bool refs, sparse;
	struct image target;
	enum progress_mode progress;
};

/* How far it is, in bytes of the archive and blobs that are staged. */
struct watch {
	struct progress progress;
	struct progress_state at;
};

static const struct option_line lines[] = {
    {"cache", 0, "DIR",
	"take what the stream and the layout lack from this layout",
	OPTION_LIST(caches)},
    {"refs", 0, NULL, "write refs/TAG too, for readers older than OCI 1.0",
	OPTION_FLAG(refs)},
    {"sparse", 0, NULL,
	"let an index name manifests that are not in the archive",
	OPTION_FLAG(sparse)},
    PROGRESS_OPTIONS(progress),
    {0},
};

static const struct program program = {
    .name = "oci-layout-write",
    .operands = "DIR[:TAG] <ARCHIVE",
    .about = "Read an OCI archive, verify it, and add its images to the "
	     "layout DIR.",
    .options = lines,
    .libraries = {json_library, digest_library, tarheader_library},
    .min = 1,
    .max = 1,
    .notes = "Prints the descriptor of each image as JSON, one on a line.\n"
	     "Exit status: 0 when the images are in the layout, 1 when not, "
	     "2 for wrong usage.",
};

static void
options_parse(struct options *o, int argc, char **argv)
{
	struct operands operands;

	*o = (struct options){0};
	options_read(&program, argc, argv, o, &operands);
	image_parse(operands.all[0], &o->target);
	if (o->target.digest)
		die_usage(
		    "%s: a tag can be given, not a digest", operands.all[0]);
	if (o->target.tag && !ref_valid(o->target.tag))
		die_usage("%s: not a tag", o->target.tag);
	if (isatty(0))
		die_usage("standard input is a terminal: pipe an image in, as "
			  "from oci-fetch NAME, or < FILE");
}

/* All bytes are known of a file, from where it is read. */
static void
watch_begin(struct watch *w, enum progress_mode mode)
{
	off_t at = lseek(0, 0, SEEK_CUR);
	struct stat st;

	*w = (struct watch){0};
	if (at >= 0 && !fstat(0, &st) && S_ISREG(st.st_mode) && st.st_size > at)
		w->at.total = st.st_size - at;
	progress_begin(&w->progress, progress_reading(mode, 0), "blob", &w->at);
}

/* A blob that nothing can name is verified, for the archive's sake, no more. */
static void
blob_receive(struct archive *a, const struct store *s, struct expected *e,
    struct watch *w)
{
	bool wanted = expected_wants(e, a->digest);
	const unsigned char *p;
	struct blob b;
	ssize_t n;

	blob_begin(&b, wanted ? s : NULL, a->digest, a->size);
	w->at.part++;
	while ((n = archive_data(a, &p)) > 0) {
		blob_write(&b, p, (size_t)n);
		w->at.bytes = a->in.read;
		progress_show(&w->progress, &w->at);
	}
	blob_end(&b);
	if (wanted)
		expected_came(e, a->digest);
}

static void
version_check(struct archive *a)
{
	const char *why;
	size_t len;
	char *text = archive_text(a, "oci-layout", LAYOUT_FILE_MAX, &len);

	if (layout_version_check(text, len, &why))
		die("the archive's oci-layout: it %s", why);
	free(text);
}

static void
index_receive(struct archive *a, cJSON *images, struct expected *e)
{
	size_t len;
	char *text = archive_text(a, "index.json", MANIFEST_MAX, &len);

	images_add(images, text, len);
	expected_index(e, text, len);
	free(text);
}

/* Stage all blobs of the archives; the descriptors of their images. */
static cJSON *
archives_receive(const struct store *s, struct watch *w)
{
	cJSON *images = cJSON_CreateArray();
	enum archive_member kind;
	struct expected e;
	struct archive a;

	archive_open(&a, 0);
	expected_begin(&e, s);
	while ((kind = archive_next(&a)) != ARCHIVE_END) {
		expected_archive(&e, a.number);
		if (kind == ARCHIVE_BLOB)
			blob_receive(&a, s, &e, w);
		else if (kind == ARCHIVE_LAYOUT)
			version_check(&a);
		else
			index_receive(&a, images, &e);
	}
	w->at.bytes = a.in.read;
	expected_end(&e);
	archive_close(&a);
	return images;
}

/* All the blobs that the images need, here and on the disk. */
static void
images_complete(struct closure *c, const cJSON *images)
{
	const cJSON *image;
	struct descriptor d;
	const char *why;

	cJSON_ArrayForEach(image, images)
	{
		if (descriptor_parse(image, &d, &why) < 0)
			die("the archive's index.json: it %s", why);
		closure_add(c, &d);
		descriptor_free(&d);
	}
	needed_sync(&c->needed);
}

static void
refs_check(const cJSON *images)
{
	const cJSON *image;
	const char *name;

	cJSON_ArrayForEach(image, images)
	{
		name = name_get(image);
		if (!name || !ref_is_file(name))
			die("%s can't be a file in refs/; give DIR:TAG",
			    name ? name : "an image without a name");
	}
}

/* upgraded: what it says is not true any more. */
static void
version_stage(const struct store *s, bool upgraded)
{
	if (!upgraded &&
	    !faccessat(s->layout, "oci-layout", F_OK, AT_SYMLINK_NOFOLLOW))
		return;
	store_stage(s, "oci-layout", LAYOUT_TEXT, strlen(LAYOUT_TEXT));
	store_move(s, "oci-layout", s->layout);
}

/*
 * Everything was verified: make it a part of the layout.  What would be as it
 * was isn't touched: make(1) goes by the time of index.json.
 */
static void
publish(
    struct store *s, const struct closure *c, const cJSON *images, bool refs)
{
	const struct digestmap *staged = &c->needed.staged;
	bool changed, flat;

	do {
		store_begin(s);
		flat = store_upgrade(s, refs);
		needed_recheck(&c->needed);
		changed = index_stage(s, images);
		store_publish(s, staged);
		if (flat && refs)
			store_publish_flat(s, staged);
		version_stage(s, flat && !refs);
		index_publish(s, changed);
		refs_write(s, images, refs);
	} while (!store_end(s, staged));
}

int
main(int argc, char **argv)
{
	struct closure closure;
	struct lenders lenders;
	struct options options;
	struct watch watch;
	struct store store;
	cJSON *images;

	caller_settle();
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	options_parse(&options, argc, argv);
	lenders_open(&lenders, &options.caches);
	store_open(&store, options.target.dir);
	watch_begin(&watch, options.progress);
	images = archives_receive(&store, &watch);
	images_name(images, options.target.tag);
	if (options.refs)
		refs_check(images);
	store_look(&store);
	lenders_look(&lenders);
	closure_init(&closure, &store, &lenders, options.sparse);
	images_complete(&closure, images);
	publish(&store, &closure, images, options.refs);
	progress_hide(&watch.progress);
	images_print(images);
	stdout_close();
	progress_end(&watch.progress, &watch.at);

	store_close(&store);
	cJSON_Delete(images);
	closure_free(&closure);
	lenders_close(&lenders);
	free(options.caches.all);
	image_free(&options.target);
	return 0;
}
