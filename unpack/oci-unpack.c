/* SPDX-License-Identifier: ISC */
/*
 * oci-unpack: an image becomes a root file system.
 *
 * Reads a layout or the image stream; writes a directory that didn't exist.
 * One thread reads and decompresses the layers, another hashes what goes in
 * and what comes out, this one applies it, base first, to a directory beside
 * the one to come.  It gets its name only when all was there and all digests
 * were right, so that whatever has that name is complete.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/caller.h"
#include "lib/die.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/options.h"
#include "unpack/apply/image.h"
#include "unpack/apply/omission.h"
#include "unpack/garbage.h"
#include "unpack/input/input.h"
#include "unpack/input/libraries.h"
#include "unpack/layers/layers.h"
#include "unpack/objects/objects.h"
#include "unpack/output/list.h"
#include "unpack/remove.h"
#include "unpack/rootfs.h"
#include "unpack/rootless.h"
#include "unpack/shared.h"
#include "unpack/stop.h"
#include "unpack/tree/tree.h"

#define REMOVED_MAX 1024

struct options {
	const char *image, *rootfs;
	const char *share;   /* the directory that has layers; NULL: none */
	const char *objects; /* the one that has files; NULL: none */
	enum rootless rootless;
	bool list, remove, verbose;
	bool gc, dry; /* nothing is unpacked */
	enum format { FORMAT_AUTO, FORMAT_TABLE, FORMAT_JSON } format;
	enum progress_mode progress;
	struct option_list keep; /* images, for gc */
	struct image_options layers;
};

static const struct option_line lines[] = {
    IMAGE_OPTIONS(layers),
    {"rootless", 0, "[" ROOTLESS_WORDS "]",
	"no: owners as the layers have them; single: all files are the "
	"caller's; ranges: owners by newuidmap; auto, or nothing: ranges if "
	"there are any, else single",
	OPTION_WORD(rootless, ROOTLESS_NO, ROOTLESS_AUTO)},
    {"layers", 0, "DIR",
	"unpack each layer that DIR lacks to a directory in it, as overlay "
	"mounts want them, and print their names, the topmost first",
	OPTION_STRING(share)},
    {"objects", 0, "DIR",
	"share files with other root file systems, by way of DIR: reflinks "
	"where the file system has them, else hard links, and ROOTFS must not "
	"be written to",
	OPTION_STRING(objects)},
    {"gc", 0, NULL,
	"unpack nothing; remove what nobody uses from each operand, a DIR of "
	"--layers or --objects, and print it",
	OPTION_FLAG(gc)},
    {"keep", 0, "IMAGE",
	"with --gc: its layers stay; may be given several times",
	OPTION_LIST(keep)},
    {"dry-run", 'n', NULL, "with --gc: remove nothing", OPTION_FLAG(dry)},
    {"list", 0, NULL,
	"unpack nothing; print what each layer would do, an object or a line "
	"for each entry",
	OPTION_FLAG(list)},
    {"format", 0, "table|json",
	"of --list; by default a table on a terminal, else JSON",
	OPTION_WORD(format, FORMAT_TABLE, FORMAT_TABLE)},
    {"remove", 0, NULL,
	"unpack nothing; remove each ROOTFS, whoever owns its files, as "
	"--rootless says",
	OPTION_FLAG(remove)},
    PROGRESS_OPTIONS(progress),
    {"verbose", 'v', NULL, "print the names of the entries",
	OPTION_FLAG(verbose)},
    {0},
};

static const struct program program = {
    .name = "oci-unpack",
    .operands = "IMAGE [ROOTFS] | --remove ROOTFS... | --gc DIR...",
    .about = "Make the directory ROOTFS of the layers of IMAGE, which is "
	     "DIR[:TAG|@DIGEST] of an image layout, or - for a stream on "
	     "standard input.",
    .options = lines,
    .libraries = LIBRARIES,
    .min = 1,
    .max = REMOVED_MAX,
    .notes = "Exit status: 0 when ROOTFS is there and complete, or the list "
	     "is, 1 when it is as it was, 2 for wrong usage.",
};

/* Standard input can be read once. */
static void
keep_check(const struct option_list *keep)
{
	bool reads = false;

	for (size_t i = 0; i < keep->n; i++) {
		if (strcmp(keep->all[i], "-"))
			continue;
		if (reads)
			die_usage("--keep -: given twice");
		input_terminal_check("-", "oci-unpack --gc --keep - DIR");
		reads = true;
	}
}

/* What is done with operands that nothing is unpacked to; or nothing is. */
static void
operands_tidy(const struct options *o, const struct operands *operands)
{
	const char *about;

	if ((o->dry || o->keep.n) && !o->gc)
		die_usage("--%s needs --gc", o->dry ? "dry-run" : "keep");
	if (!o->gc && !o->remove)
		return;
	if (o->gc && o->remove)
		die_usage("--gc excludes --remove");
	if (o->list || o->share || o->objects || o->verbose ||
	    o->progress > PROGRESS_NEVER)
		die_usage("--%s excludes --list, --layers, --objects, "
			  "--verbose and --progress",
		    o->gc ? "gc" : "remove");
	if (o->format)
		die_usage("--format needs --list");
	about = image_options_given(&o->layers, o->keep.n > 0);
	if (about)
		die_usage("--%s excludes --%s, which is about an image",
		    o->gc ? "gc" : "remove", about);
	keep_check(&o->keep);
	if (o->gc)
		garbage_remove(&(struct garbage){.keep = &o->keep,
				   .platform = o->layers.platform,
				   .rootless = o->rootless,
				   .dry = o->dry},
		    operands->all, operands->n);
	if (o->remove)
		remove_all(operands->all, operands->n, o->rootless);
	else
		stdout_close();
	exit(0);
}

/* What there has to be beside the options, for what they ask for. */
static void
operands_check(const struct options *o, const struct operands *operands)
{
	if (o->list && (o->verbose || o->rootless))
		die_usage("--list excludes --verbose and --rootless");
	if (o->share && (o->list || o->verbose))
		die_usage("--layers excludes --list and --verbose");
	if (o->share && (o->layers.include.n || o->layers.exclude.n))
		die_usage("--layers excludes --include and --exclude, for it "
			  "makes whole layers");
	if (o->objects && (o->share || o->list))
		die_usage("--objects excludes --layers and --list");
	if (o->format && !o->list)
		die_usage("--format needs --list");
	if ((o->list || o->share) && operands->n > 1)
		die_usage("%s: one operand too many: --%s makes no ROOTFS",
		    operands->all[1], o->list ? "list" : "layers");
	if (o->list || o->share || operands->n == 2)
		return;
	if (o->rootless == ROOTLESS_AUTO)
		rootless_explain(operands->all[0]);
	if (operands->n > 2)
		die_usage("%s: one operand too many", operands->all[2]);
	die_usage("an operand is missing: IMAGE ROOTFS");
}

static struct options
options_parse(int argc, char **argv)
{
	struct options o = {.layers = IMAGE_OPTIONS_DEFAULT};
	struct operands operands;

	options_read(&program, argc, argv, &o, &operands);
	operands_tidy(&o, &operands);
	operands_check(&o, &operands);
	o.image = operands.all[0];
	image_options_check(&o.layers, o.image);
	o.rootfs = o.list || o.share ? NULL : operands.all[1];
	input_terminal_check(o.image, o.list    ? "oci-unpack --list -"
				      : o.share ? "oci-unpack --layers DIR -"
						: "oci-unpack - ROOTFS");
	if (!strcmp(o.image, "-"))
		o.progress = progress_reading(o.progress, STDIN_FILENO);
	/* Names at a terminal show it as well. */
	if ((o.verbose || o.list) && o.progress == PROGRESS_AUTO &&
	    isatty(STDOUT_FILENO))
		o.progress = PROGRESS_NEVER;
	return o;
}

static void
list(const struct options *o)
{
	bool table =
	    o->format ? o->format == FORMAT_TABLE : isatty(STDOUT_FILENO);
	struct input *in =
	    input_open(o->image, o->layers.platform, o->layers.spool);
	struct applying applying;

	image_begin(&applying, in, o->progress, &o->layers);
	applying.sink = image_sink(&o->layers, list_new(&in->manifest, table));
	image_apply(&applying, in);
	omissions_count();
	die_about(NULL);
	stdout_close();
	progress_end(&applying.progress, &applying.at);
}

static void
unpack(const struct options *o)
{
	struct applying applying;
	struct objects objects;
	struct input *in;
	struct tree tree;
	bool single;

	rootfs_open(o->rootfs);
	if (o->objects)
		objects_open(&objects, o->objects);
	single = rootless_enter(o->rootless);
	if (o->objects && single)
		rootless_look(); /* at what is shared, with its modes */
	in = input_open(o->image, o->layers.platform, o->layers.spool);
	umask(0);
	stop_begin();
	tree_init(&tree, rootfs_begin(), single);
	if (o->objects) {
		objects_begin(&objects, tree.root);
		tree.objects = &objects;
	}
	in->scratch = rootfs_scratch();
	image_begin(&applying, in, o->progress, &o->layers);
	applying.verbose = o->verbose;
	applying.sink = image_sink(&o->layers, &tree.sink);
	image_apply(&applying, in);
	applying.sink->verbs->finish(applying.sink);
	omissions_count();
	die_about(NULL);
	fflush(stdout);
	stop_check(); /* the last time: from here on it is done */
	stdout_close();
	rootfs_publish();
	progress_end(&applying.progress, &applying.at);
}

int
main(int argc, char **argv)
{
	struct options o;

	caller_settle();
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	o = options_parse(argc, argv);
	if (o.list)
		list(&o);
	else if (o.share)
		layers_unpack(&(struct layers){.image = o.image,
		    .dir = o.share,
		    .rootless = o.rootless,
		    .progress = o.progress,
		    .options = &o.layers});
	else
		unpack(&o);
	return 0;
}
