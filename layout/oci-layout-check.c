/* SPDX-License-Identifier: ISC */
/*
 * oci-layout-check LAYOUT: whether every blob has the digest that it is called
 * by, and everything that is named is there and is what it is said to be.
 *
 * The bytes are hashed first, without a lock, which takes as long as it takes.
 * Then the layout is locked, and what it names by then is held against what it
 * has by then; only what has come meanwhile is hashed under the lock.  So
 * writers don't wait, and what one of them does is never taken for damage.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "layout/finding.h"
#include "layout/inventory.h"
#include "layout/leftover.h"
#include "layout/references.h"
#include "lib/caller.h"
#include "lib/die.h"
#include "lib/directory.h"
#include "lib/json.h"
#include "lib/layout.h"
#include "lib/mem.h"
#include "lib/options.h"

struct options {
	const char *dir;
	bool repair;
	enum progress_mode progress;
};

static const struct option_line lines[] = {
    {"repair", 0, NULL,
	"remove what dead writers left and damaged blobs that nothing names",
	OPTION_FLAG(repair)},
    PROGRESS_OPTIONS(progress),
    {0},
};

static const struct program program = {
    .name = "oci-layout-check",
    .operands = "LAYOUT",
    .about = "Verify every blob of an image layout, and all that it names.",
    .options = lines,
    .libraries = {json_library, digest_library},
    .min = 1,
    .max = 1,
    .notes = "Prints what is wrong as JSON, an object a line.\n"
	     "Exit status: 0 when nothing is wrong, or is any more, 1 when "
	     "something is, 2 for wrong usage.",
};

/* Files that nothing names: whole ones are no fault, oci-layout-gc has them. */
static void
unneeded_find(
    struct findings *f, int layout, const struct inventory *v, bool repair)
{
	const struct file *file;
	struct finding *one;

	for (size_t i = 0; i < v->n; i++) {
		file = &v->all[i];
		if (file->needed || file->verdict == WHOLE)
			continue;
		one = findings_file(f, "damaged", file->path,
		    file->verdict == DAMAGED ? "its bytes have another digest"
					     : "it can't be read");
		one->digest = xstrdup(file->digest);
		if (repair && S_ISREG(file->st.st_mode))
			one->repaired = !unlinkat(layout, file->path, 0);
	}
	for (size_t i = 0; i < v->nstray; i++)
		findings_file(
		    f, "stray", v->stray[i], "it isn't called by a digest");
}

int
main(int argc, char **argv)
{
	struct inventory before, now;
	struct findings found = {0};
	struct references references;
	struct operands operands;
	struct options o = {0};
	int layout;
	bool left;

	caller_settle();
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	options_read(&program, argc, argv, &o, &operands);
	o.dir = operands.all[0];
	layout = layout_open(o.dir);
	inventory_read(&before, layout);
	inventory_hash(&before, layout, o.progress);

	if (o.repair)
		directory_lock(layout, o.dir);
	else
		directory_lock_shared(layout, o.dir);
	inventory_read(&now, layout);
	inventory_keep(&now, &before);
	inventory_hash(&now, layout, PROGRESS_NEVER);
	references_find(&references, layout, &now, &found);
	/* What an unreadable index names may be any of them. */
	unneeded_find(&found, layout, &now, o.repair && !references.unknown);
	leftovers_find(&found, layout, o.repair);

	left = findings_print(&found);
	stdout_close();
	references_end(&references);
	findings_free(&found);
	inventory_free(&before);
	inventory_free(&now);
	close(layout);
	return left;
}
