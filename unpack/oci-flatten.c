/* SPDX-License-Identifier: ISC */
/*
 * oci-flatten: an image becomes one tar archive.
 *
 * Reads a layout or the image stream; writes to standard output what tar
 * would make of the root file system, without making one, so it needs neither
 * privilege nor a directory.  All layers are read, verified and their names
 * applied to a tree in memory; then those that have files in it are read once
 * more, and each file is written as it comes by, if anything of it is left.
 * The archive gets its end only when all that was written was verified again.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/caller.h"
#include "lib/die.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/options.h"
#include "unpack/apply/image.h"
#include "unpack/apply/omission.h"
#include "unpack/input/input.h"
#include "unpack/input/libraries.h"
#include "unpack/output/flatten.h"
#include "unpack/plan/plan.h"

struct options {
	const char *image;
	enum progress_mode progress;
	struct image_options layers;
};

static const struct option_line lines[] = {
    IMAGE_OPTIONS(layers),
    PROGRESS_OPTIONS(progress),
    {0},
};

static const struct program program = {
    .name = "oci-flatten",
    .operands = "IMAGE",
    .about = "Write the files of IMAGE, which is DIR[:TAG|@DIGEST] of an "
	     "image layout, or - for a stream on standard input, to standard "
	     "output as one tar archive.",
    .options = lines,
    .libraries = LIBRARIES,
    .min = 1,
    .max = 1,
    .notes = "Exit status: 0 when the archive is complete and has its end, 1 "
	     "when it failed, 2 for wrong usage.",
};

static struct options
options_parse(int argc, char **argv)
{
	struct options o = {.layers = IMAGE_OPTIONS_DEFAULT};
	struct operands operands;

	options_read(&program, argc, argv, &o, &operands);
	o.image = operands.all[0];
	image_options_check(&o.layers, o.image);
	input_terminal_check(o.image, "oci-flatten - >image.tar");
	if (isatty(STDOUT_FILENO))
		die_usage("standard output is a terminal, and gets no archive: "
			  "oci-flatten %s | tar -tv",
		    o.image);
	if (!strcmp(o.image, "-"))
		o.progress = progress_reading(o.progress, STDIN_FILENO);
	return o;
}

int
main(int argc, char **argv)
{
	struct applying applying;
	struct options o;
	struct input *in;
	struct plan plan;

	caller_settle();
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	o = options_parse(argc, argv);
	in = input_open(o.image, o.layers.platform, o.layers.spool);
	in->twice = true;
	plan_init(&plan);
	image_begin(&applying, in, o.progress, &o.layers);
	applying.sink = image_sink(&o.layers, &plan.sink);
	image_apply(&applying, in);
	flatten(&plan, in, &applying, STDOUT_FILENO);
	omissions_count();
	die_about(NULL);
	stdout_close();
	progress_end(&applying.progress, &applying.at);
	return 0;
}
