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
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/caller.h"
#include "lib/die.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "unpack/apply/layer.h"
#include "unpack/apply/omission.h"
#include "unpack/input/feed.h"
#include "unpack/input/input.h"
#include "unpack/input/layout.h"
#include "unpack/input/ring.h"
#include "unpack/input/stream.h"
#include "unpack/rootfs.h"
#include "unpack/rootless.h"
#include "unpack/stop.h"
#include "unpack/tree/dirmeta.h"
#include "unpack/tree/tree.h"

#define ENTRIES_MAX (1 << 24) /* of all layers together */

static const char usage[] =
    "usage: oci-unpack [OPTION...] IMAGE ROOTFS\n"
    "Make the directory ROOTFS of the layers of IMAGE, which is\n"
    "DIR[:TAG|@DIGEST] of an image layout, or - for a stream on standard "
    "input.\n"
    "\n"
    "  --platform=OS/ARCH[/VARIANT]  of an image index; this machine's\n"
    "  --rootless[=MODE]  single: all files are the caller's; ranges: owners\n"
    "                     by newuidmap; auto: the better of them; no\n"
    "  --max-size=SIZE    fail when the files have more bytes; K, M, G, T\n"
    "  --progress         say which layer it is, terminal or not\n"
    "  -q, --quiet        say nothing of it\n"
    "  -v, --verbose      print the names of the entries\n"
    "  -h, --help         print this\n"
    "  -V, --version      print the version\n";

struct options {
	const char *image, *rootfs;
	struct platform *platform; /* NULL: this machine's */
	enum rootless rootless;
	bool progress;
	struct budget budget;
};

static int64_t
size_parse(const char *text)
{
	static const char units[] = "KMGT";
	const char *unit;
	char *end;
	int64_t n;

	errno = 0;
	n = strtoll(text, &end, 10);
	if (*text < '0' || *text > '9' || errno)
		die_usage("--max-size=%s: not a size", text);
	unit = *end ? strchr(units, *end) : NULL;
	if (unit)
		end++;
	if (*end || (unit && n > INT64_MAX >> 10 * (unit - units + 1)))
		die_usage("--max-size=%s: not a size", text);
	return unit ? n << 10 * (unit - units + 1) : n;
}

static struct options
options_parse(int argc, char **argv)
{
	enum { PLATFORM = 256, ROOTLESS, MAX_SIZE, PROGRESS };
	static const struct option names[] = {
	    {"platform", required_argument, NULL, PLATFORM},
	    {"rootless", optional_argument, NULL, ROOTLESS},
	    {"max-size", required_argument, NULL, MAX_SIZE},
	    {"progress", no_argument, NULL, PROGRESS},
	    {"quiet", no_argument, NULL, 'q'},
	    {"verbose", no_argument, NULL, 'v'},
	    {"help", no_argument, NULL, 'h'},
	    {"version", no_argument, NULL, 'V'}, {0}};
	static struct platform platform;
	struct options o = {.progress = isatty(STDERR_FILENO),
	    .budget = {.bytes = INT64_MAX, .entries = ENTRIES_MAX}};
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "qvhV", names, NULL)) != -1)
		switch (c) {
		case PLATFORM:
			if (platform_parse(optarg, &platform) < 0)
				die_usage("%s: not OS/ARCH[/VARIANT]", optarg);
			o.platform = &platform;
			break;
		case ROOTLESS:
			o.rootless = rootless_parse(optarg);
			break;
		case MAX_SIZE:
			o.budget.bytes = size_parse(optarg);
			break;
		case PROGRESS:
			o.progress = true;
			break;
		case 'q':
			o.progress = false;
			break;
		case 'v':
			o.budget.verbose = true;
			break;
		case 'h':
			say_and_exit(usage);
		case 'V':
			say_and_exit("oci-unpack " VERSION "\n");
		default:
			die_usage("%s: no such option, or its value is wrong",
			    argv[optind - 1]);
		}
	if (argc - optind != 2)
		die_usage("an IMAGE and a ROOTFS are needed");
	o.image = argv[optind];
	o.rootfs = argv[optind + 1];
	return o;
}

static void
layers_apply(struct tree *t, struct input *in, struct options *o)
{
	struct ring *ring = feed_start(in);
	const unsigned char *p;
	const char *why;

	stop_ring(ring);
	for (size_t i = 0; i < in->manifest.nlayers; i++) {
		const struct descriptor *d = &in->manifest.layers[i];
		char *label = xasprintf("layer %zu of %zu, %s", i + 1,
		    in->manifest.nlayers, d->digest);

		if (o->progress)
			fprintf(
			    stderr, "%s, %" PRId64 " bytes\n", label, d->size);
		tree_layer(t, i == 0);
		layer_apply(t, ring, label, in->diff_ids[i], &o->budget);
		free(label);
	}
	if (ring_take(ring, &p, &why) < 0) { /* all of the input was there */
		stop_check();
		die("%s", why);
	}
}

int
main(int argc, char **argv)
{
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
	dirmeta_implied(&tree, NULL, "");
	layers_apply(&tree, in, &o);
	dirmeta_finish(&tree);
	omissions_count();
	fflush(stdout);
	stop_check(); /* the last time: from here on it is done */
	stdout_close();
	rootfs_publish();
	return 0;
}
