/* SPDX-License-Identifier: ISC */
/*
 * oci-wait - wait for the end of a container, and end as it did
 *
 * With a keeper (run/container/keeper.h) the status is what that writes, now or
 * long ago.  Without one there is only what the kernel tells those who waited.
 * The directory and the process of the container are held open: it may be
 * removed meanwhile, and another container have its name.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "lib/caller.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/statedir.h"
#include "run/container/container.h"
#include "run/container/exit.h"
#include "run/container/keeper.h"
#include "run/log.h"
#include "run/process/capabilities.h"

#define STATUS_OWN_FAILURE 125

struct options {
	struct global global;
};

static const struct option_line lines[] = {
    GLOBAL_OPTIONS(global),
    {0},
};

static const struct program program = {
    .name = "oci-wait",
    .operands = "ID",
    .about = "Wait until a container has ended, and end with its exit status.",
    .options = lines,
    .libraries = {json_library, capabilities_library},
    .min = 1,
    .max = 1,
    .notes = "Exit status: the container's; 128+N when signal N ended it; 125 "
	     "when oci-wait failed, or the status isn't known; 2 for wrong "
	     "usage.",
};

/* Whoever creates it has the lock until there is something to wait for. */
static struct container *
wait_open(int root, const char *id)
{
	struct container *c = container_look(root, id);

	if (strcmp(c->state.status, "creating") != 0)
		return c;
	c = container_open(root, id);
	flock(c->dir, LOCK_UN);
	return c;
}

/* The exit status, or -1: it has ended, and that is all there is to know. */
static int
wait_end(const struct container *c)
{
	int kept = c->dir < 0 ? -1 : keeper_open(c->dir), status = -1;

	if (kept >= 0)
		status = keeper_wait(kept);
	if (status < 0 && c->pidfd >= 0)
		status = exit_watch(c->pidfd);
	return status;
}

int
main(int argc, char **argv)
{
	struct options o = {0};
	struct operands operands;
	struct container *c;
	int status;

	caller_settle();
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	die_status = STATUS_OWN_FAILURE;
	options_read(&program, argc, argv, &o, &operands);
	log_begin(&o.global);
	c = wait_open(state_root(o.global.root, STATE_LOOK), operands.all[0]);
	status = wait_end(c);
	if (status < 0)
		die("%s: it has ended, with what status isn't known; "
		    "oci-run -d and oci-create keep it with --keep-status",
		    c->state.id);
	return status;
}
