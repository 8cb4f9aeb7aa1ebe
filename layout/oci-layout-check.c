/* SPDX-License-Identifier: ISC */
/*
 * oci-layout-check LAYOUT: whether every blob has the digest that it is called
 * by, and everything that is named is there and is what it is said to be.
 *
 * The bytes are hashed first, without a lock, which takes as long as it takes.
 * Then the layout is locked, and what it names by then is held against what it
 * has by then; only what has come meanwhile is hashed under the lock.  So
 * writers don't wait, and what one of them does is never taken for damage.
 * Programs that write a blob in its place take no lock: what they may be at is
 * known by its age alone, and is not repaired.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "layout/inventory/age.h"
#include "layout/inventory/finding.h"
#include "layout/inventory/inventory.h"
#include "layout/inventory/leftover.h"
#include "layout/inventory/references.h"
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
	int64_t age;
	enum progress_mode progress;
};

static const struct option_line lines[] = {
    {"age", 0, "AGE",
	"repair no blob that is younger, for others write without a lock; 1h "
	"by default; s, m, h, d",
	OPTION_CALL(age, age_take)},
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

/*
 * Remove a damaged file.  By the time that it was hashed another program may
 * have begun to write to it in its place, so its times are looked at again.
 */
static bool
file_repair(int layout, const struct file *f, time_t before)
{
	struct stat st;

	return !fstatat(layout, f->path, &st, 0) && S_ISREG(st.st_mode) &&
	       !age_is_young(&st, before) && !unlinkat(layout, f->path, 0);
}

static const char *
damage(const struct file *f, time_t before)
{
	if (f->verdict == UNREADABLE)
		return "it can't be read";
	return age_is_young(&f->st, before)
		   ? "its bytes have another digest; it is young, and may be "
		     "being written"
		   : "its bytes have another digest";
}

/* Files that nothing names: whole ones are no fault, oci-layout-gc has them. */
static void
unneeded_find(struct findings *f, int layout, const struct inventory *v,
    time_t before, bool repair)
{
	const struct file *file;
	struct finding *one;

	for (size_t i = 0; i < v->n; i++) {
		file = &v->all[i];
		if (file->needed || file->verdict == WHOLE)
			continue;
		one = findings_file(
		    f, "damaged", file->path, damage(file, before));
		one->digest = xstrdup(file->digest);
		one->repaired = repair && file_repair(layout, file, before);
	}
	for (size_t i = 0; i < v->nstray; i++)
		findings_file(
		    f, "stray", v->stray[i], "it isn't called by a digest");
}

/*
 * Whether it is certain that nothing names what nothing is known to: all
 * documents can be read, each digest can be looked for, and no other layout
 * has the same blobs.  oci-layout-gc asks the same.
 */
static bool
is_all_known(const struct references *r, const struct inventory *v)
{
	return !r->unknown && !r->walk.nforeign && !v->linked;
}

int
main(int argc, char **argv)
{
	struct inventory before, now;
	struct findings found = {0};
	struct references references = {.findings = &found};
	struct operands operands;
	struct options o = {.age = AGE_DEFAULT};
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
	references_find(&references, layout, &now);
	unneeded_find(&found, layout, &now, age_before(o.age),
	    o.repair && is_all_known(&references, &now));
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
