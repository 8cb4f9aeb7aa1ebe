/* SPDX-License-Identifier: ISC */
/*
 * oci-layout-gc LAYOUT: remove the blobs that no image of a layout needs.
 *
 * It has the layout's lock from the look at index.json to the last removal, so
 * that no writer of these programs publishes in between; a writer that relies
 * on a blob has a second link to it.  Readers hold the manifests that they go
 * by, and are never waited for.  What other programs are about to write, which
 * take no lock, is known by its age alone.  See oci-layout(5).
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "layout/inventory/age.h"
#include "layout/inventory/garbage.h"
#include "layout/inventory/leftover.h"
#include "layout/inventory/referrers.h"
#include "layout/store/staging.h"
#include "layout/store/store.h"
#include "lib/caller.h"
#include "lib/die.h"
#include "lib/digest.h"
#include "lib/directory.h"
#include "lib/json.h"
#include "lib/layout.h"
#include "lib/mem.h"
#include "lib/options.h"

struct options {
	const char *dir;
	int64_t age;
	bool dry, referrers;
};

static const struct option_line lines[] = {
    {"age", 0, "AGE",
	"keep what is younger, for others write without a lock; 1h by default; "
	"s, m, h, d",
	OPTION_CALL(age, age_take)},
    {"dry-run", 'n', NULL, "say what would be removed, and remove nothing",
	OPTION_FLAG(dry)},
    {"referrers", 0, NULL,
	"also what is about an image that nothing names, as signatures",
	OPTION_FLAG(referrers)},
    {0},
};

static const struct program program = {
    .name = "oci-layout-gc",
    .operands = "LAYOUT",
    .about = "Remove the blobs of an image layout that no image needs.",
    .options = lines,
    .libraries = {json_library, digest_library},
    .min = 1,
    .max = 1,
    .notes = "Prints each blob that is removed as JSON, an object a line.\n"
	     "Exit status: 0 done, 1 failed, 2 for wrong usage.",
};

static void
gone_print(const struct file *f)
{
	printf("{\"digest\":\"%s\",\"size\":%" PRId64 "}\n", f->digest,
	    (int64_t)f->st.st_size);
}

static void
leftovers_remove(int layout, time_t before)
{
	int blobs = openat(
	    layout, "blobs", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (blobs >= 0) {
		staging_clean(blobs, NULL);
		close(blobs);
	}
	leftovers_parts(layout, before);
}

int
main(int argc, char **argv)
{
	struct referrers referrers = {0};
	struct options o = {.age = AGE_DEFAULT};
	struct operands operands;
	struct store store;
	struct garbage g;

	caller_settle();
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	options_read(&program, argc, argv, &o, &operands);
	o.dir = operands.all[0];
	g = (struct garbage){.dir = o.dir,
	    .layout = layout_open(o.dir),
	    .before = age_before(o.age),
	    .dry = o.dry,
	    .gone = gone_print};
	referrers.before = g.before;
	if (o.referrers)
		g.references.referrers = &referrers;
	if (o.referrers && !o.dry) {
		store_open(&store, o.dir);
		g.store = &store;
	}
	directory_lock(g.layout, o.dir);
	if (!o.dry)
		leftovers_remove(g.layout, g.before);
	garbage_remove(&g);
	close(g.layout); /* and the lock goes with it */
	if (g.store)
		store_close(&store);

	stdout_close();
	if (g.young)
		warn("%s: %zu blobs (%" PRId64 " bytes) that nothing names "
		     "stay, for they are younger than --age",
		    o.dir, g.young, g.young_bytes);
	references_end(&g.references);
	referrers_free(&referrers);
	inventory_free(&g.files);
	return g.failed;
}
