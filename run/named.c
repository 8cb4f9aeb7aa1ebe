/* SPDX-License-Identifier: ISC */
/* The command line of programs that change one container, and take no more. */
#include <stdlib.h>

#include "lib/caller.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/statedir.h"
#include "run/container/container.h"
#include "run/log.h"
#include "run/named.h"
#include "run/process/capabilities.h"

struct options {
	struct global global;
};

static const struct option_line lines[] = {
    GLOBAL_OPTIONS(global),
    {0},
};

struct container *
named_open(const struct named *named, int argc, char **argv)
{
	struct program program = {
	    .name = named->name,
	    .operands = "ID",
	    .about = named->about,
	    .options = lines,
	    .libraries = {json_library, capabilities_library},
	    .min = 1,
	    .max = 1,
	    .notes = xasprintf(
		"Exit status: 0 %s, 1 failed, 2 wrong usage.", named->status),
	};
	struct options o = {0};
	struct operands operands;

	caller_settle();
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	options_read(&program, argc, argv, &o, &operands);
	log_begin(&o.global);
	return container_open(
	    state_root(o.global.root, STATE_CHANGE), operands.all[0]);
}
