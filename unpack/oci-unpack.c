/* SPDX-License-Identifier: ISC */
/*
 * oci-unpack: an image becomes a root file system.
 *
 * Reads a layout or the image stream; writes a directory that didn't exist.
 * One thread reads, verifies and decompresses the layers, this one applies
 * them, base first, to a directory beside the one to come.  It gets its name
 * only when all was there and all digests were right, so that whatever has
 * that name is complete.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>
#include <zstd.h>

#include "lib/caller.h"
#include "lib/die.h"
#include "lib/digest.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/options.h"
#include "lib/tarheader.h"
#include "unpack/apply/layer.h"
#include "unpack/apply/omission.h"
#include "unpack/input/feed.h"
#include "unpack/input/input.h"
#include "unpack/input/layout.h"
#include "unpack/input/ring.h"
#include "unpack/input/stream.h"
#include "unpack/remove.h"
#include "unpack/rootfs.h"
#include "unpack/rootless.h"
#include "unpack/stop.h"
#include "unpack/tree/tree.h"

#define ENTRIES_MAX (1 << 24) /* of all layers together */
#define REMOVED_MAX 1024
#define DIGEST_SHORT 19 /* bytes of a digest that tell blobs apart */

struct options {
	const char *image, *rootfs;
	struct platform *platform; /* NULL: this machine's */
	enum rootless rootless;
	bool remove, verbose;
	enum progress_mode progress;
	int64_t max_size;
};

/* Digits, and K, M, G or T behind them. */
static const char *
size_take(void *at, char *text)
{
	static const char wrong[] = "must be a number of bytes, or one with "
				    "K, M, G or T behind it";
	static const char units[] = "KMGT";
	const char *unit;
	char *end;
	int64_t n;

	errno = 0;
	n = strtoll(text, &end, 10);
	if (*text < '0' || *text > '9' || errno)
		return wrong;
	unit = *end ? strchr(units, *end) : NULL;
	if (unit)
		end++;
	if (*end || (unit && n > INT64_MAX >> 10 * (unit - units + 1)))
		return wrong;
	*(int64_t *)at = unit ? n << 10 * (unit - units + 1) : n;
	return NULL;
}

static const struct option_line lines[] = {
    {"platform", 0, "OS/ARCH[/VARIANT]",
	"of an image index; this machine's by default",
	OPTION_CALL(platform, platform_take)},
    {"rootless", 0, "[" ROOTLESS_WORDS "]",
	"no: owners as the layers have them; single: all files are the "
	"caller's; ranges: owners by newuidmap; auto, or nothing: ranges if "
	"there are any, else single",
	OPTION_WORD(rootless, ROOTLESS_NO, ROOTLESS_AUTO)},
    {"max-size", 0, "SIZE", "fail when the files have more bytes; K, M, G, T",
	OPTION_CALL(max_size, size_take)},
    {"remove", 0, NULL,
	"unpack nothing; remove each ROOTFS, whoever owns its files, as "
	"--rootless says",
	OPTION_FLAG(remove)},
    PROGRESS_OPTIONS(progress),
    {"verbose", 'v', NULL, "print the names of the entries",
	OPTION_FLAG(verbose)},
    {0},
};

static const char *
gzip_library(void)
{
	static char text[32];

	snprintf(text, sizeof text, "zlib/%s", zlibVersion());
	return text;
}

static const char *
zstd_library(void)
{
	static char text[32];

	snprintf(text, sizeof text, "libzstd/%s", ZSTD_versionString());
	return text;
}

static const struct program program = {
    .name = "oci-unpack",
    .operands = "IMAGE ROOTFS | --remove ROOTFS...",
    .about = "Make the directory ROOTFS of the layers of IMAGE, which is "
	     "DIR[:TAG|@DIGEST] of an image layout, or - for a stream on "
	     "standard input.",
    .options = lines,
    .libraries = {json_library, digest_library, tarheader_library, gzip_library,
	zstd_library},
    .min = 1,
    .max = REMOVED_MAX,
    .notes = "Exit status: 0 when ROOTFS is there and complete, 1 when it is "
	     "as it was, 2 for wrong usage.",
};

static struct options
options_parse(int argc, char **argv)
{
	struct options o = {.max_size = INT64_MAX};
	struct operands operands;

	options_read(&program, argc, argv, &o, &operands);
	if (o.remove) {
		remove_all(operands.all, operands.n, o.rootless);
		exit(0);
	}
	if (operands.n != 2) {
		if (o.rootless == ROOTLESS_AUTO)
			rootless_explain(operands.all[0]);
		die_usage("two operands are needed: IMAGE and ROOTFS");
	}
	o.image = operands.all[0];
	o.rootfs = operands.all[1];
	if (!strcmp(o.image, "-") && isatty(STDIN_FILENO))
		die_usage("-: an image archive is read from standard input, "
			  "which is a terminal: oci-fetch NAME | oci-unpack - "
			  "%s",
		    o.rootfs);
	if (!strcmp(o.image, "-"))
		o.progress = progress_reading(o.progress, STDIN_FILENO);
	/* Names at a terminal show it as well. */
	if (o.verbose && o.progress == PROGRESS_AUTO && isatty(STDOUT_FILENO))
		o.progress = PROGRESS_NEVER;
	return o;
}

static void
applying_begin(
    struct applying *a, const struct options *o, const struct manifest *m)
{
	*a = (struct applying){.bytes = o->max_size,
	    .entries = ENTRIES_MAX,
	    .verbose = o->verbose,
	    .at.parts = m->nlayers};
	for (size_t i = 0; i < m->nlayers; i++)
		a->at.total += m->layers[i].size;
	progress_begin(&a->progress, o->progress, "layer", &a->at);
}

static void
layers_apply(struct input *in, struct applying *a)
{
	struct ring *ring = feed_start(in);
	const unsigned char *p;
	const char *why;

	stop_ring(ring);
	for (size_t i = 0; i < in->manifest.nlayers; i++) {
		const struct descriptor *d = &in->manifest.layers[i];
		char *about = xasprintf("%s, layer %zu of %zu, %.*s", in->name,
		    i + 1, in->manifest.nlayers, DIGEST_SHORT, d->digest);

		die_about(about);
		a->at.part = i + 1;
		layer_apply(a, ring, in->diff_ids[i]);
		die_about(in->name);
		free(about);
	}
	if (ring_take(ring, &p, &why) < 0) { /* all of the input was there */
		stop_check();
		die_about(NULL);
		die("%s", why);
	}
}

int
main(int argc, char **argv)
{
	struct applying applying;
	struct options o;
	struct input *in;
	struct tree tree;
	bool single;

	caller_settle();
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	o = options_parse(argc, argv);
	rootfs_open(o.rootfs);
	single = rootless_enter(o.rootless);
	in = strcmp(o.image, "-") ? input_layout(o.image, o.platform)
				  : input_stream(STDIN_FILENO, o.platform);
	umask(0);
	stop_begin();
	tree_init(&tree, rootfs_begin(), single);
	in->scratch = rootfs_scratch();
	applying_begin(&applying, &o, &in->manifest);
	applying.sink = &tree.sink;
	layers_apply(in, &applying);
	tree.sink.verbs->finish(&tree.sink);
	omissions_count();
	die_about(NULL);
	fflush(stdout);
	stop_check(); /* the last time: from here on it is done */
	stdout_close();
	rootfs_publish();
	progress_end(&applying.progress, &applying.at);
	return 0;
}
