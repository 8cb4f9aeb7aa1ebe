/* SPDX-License-Identifier: ISC */
/*
 * oci-start - start the program of a container that oci-create made
 *
 * The container's first process waits at its gate (run/container/gate.h); it
 * tells this program what hinders it, or, by the channel's end, that its
 * program runs.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/caller.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/procstat.h"
#include "lib/statedir.h"
#include "run/container/container.h"
#include "run/container/gate.h"
#include "run/container/sync.h"
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
    .name = "oci-start",
    .operands = "ID",
    .about = "Start the program of a container that oci-create made.",
    .options = lines,
    .libraries = {json_library, capabilities_library},
    .min = 1,
    .max = 1,
    .notes = "Exit status: 0 it runs, 1 failed, 2 wrong usage.",
};

/* Returns when the program runs; what hinders it is printed as it comes. */
static void
start(struct container *c)
{
	int channel = gate_open(c->dir), signal = 0;
	enum sync_message m;

	if (channel < 0)
		diesys("%s: its process can't be told to start", c->state.id);
	m = sync_receive(channel, &signal, NULL);
	if (m == SYNC_DIED && signal > 0)
		die("%s: killed by signal %d (%s) before its program ran",
		    c->state.id, signal, strsignal(signal));
	if (m != SYNC_END)
		die_said(die_status);
	if (!procstat_has_executed(c->pid))
		die("%s: its process was killed before its program ran",
		    c->state.id);
}

int
main(int argc, char **argv)
{
	struct options o = {0};
	struct operands operands;
	struct container *c;

	caller_settle();
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	options_read(&program, argc, argv, &o, &operands);
	log_begin(&o.global);
	c = container_open(state_root(o.global.root, false), operands.all[0]);
	if (strcmp(c->state.status, "created") != 0)
		die("%s: cannot start a container that is %s", c->state.id,
		    c->state.status);
	start(c);
	gate_remove(c->dir);
	container_write(c, "running");
	return 0;
}
