/* SPDX-License-Identifier: ISC */
/*
 * oci-pause - freeze all processes of a container
 *
 * By the freezer of its cgroup, which is also where its state is looked up:
 * nothing is written down that somebody else's thawing could make wrong.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/caller.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/statedir.h"
#include "run/cgroup/kept.h"
#include "run/container/container.h"
#include "run/log.h"
#include "run/process/capabilities.h"

struct options {
	struct global global;
};

static const struct option_line lines[] = {
    GLOBAL_OPTIONS(global),
    {0},
};

static const struct program program = {
    .name = "oci-pause",
    .operands = "ID",
    .about = "Freeze all processes of a container.",
    .options = lines,
    .libraries = {json_library, capabilities_library},
    .min = 1,
    .max = 1,
    .notes = "Exit status: 0 none of them runs, 1 failed, 2 wrong usage.",
};

int
main(int argc, char **argv)
{
	struct options o = {0};
	struct operands operands;
	struct container *c;
	const char *why;

	caller_settle();
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	options_read(&program, argc, argv, &o, &operands);
	log_begin(&o.global);
	c = container_open(state_root(o.global.root, false), operands.all[0]);
	if (strcmp(c->state.status, "paused") == 0)
		die("%s: container is paused already", c->state.id);
	if (c->pidfd < 0)
		die("%s: container not running", c->state.id);
	if (kept_freeze(&c->state.cgroups, true, &why) < 0)
		die("%s: %s", c->state.id, why);
	return 0;
}
