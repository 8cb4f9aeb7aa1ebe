/* SPDX-License-Identifier: ISC */
/*
 * oci-delete - remove what is left of a container
 *
 * Its cgroups with whatever is in them, and its directory.  What is done for
 * one goes by its state alone, so that it works whoever made the container and
 * however that ended.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/caller.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/statedir.h"
#include "run/container/container.h"
#include "run/log.h"
#include "run/process/capabilities.h"

struct options {
	struct global global;
	bool force;
};

static const struct option_line lines[] = {
    {"force", 'f', NULL,
	"kill it first when it runs; none of that name is no error",
	OPTION_FLAG(force)},
    GLOBAL_OPTIONS(global),
    {0},
};

static const struct program program = {
    .name = "oci-delete",
    .operands = "ID",
    .about = "Remove what is left of a container that has stopped, or was "
	     "never started.",
    .options = lines,
    .libraries = {json_library, capabilities_library},
    .min = 1,
    .max = 1,
    .notes = "Exit status: 0 done, 1 failed, 2 wrong usage.",
};

/*
 * What is left of a deletion that was cut short is an empty directory; of a
 * creator that was killed at once, one that hasn't got its name yet.
 */
static void
rest_remove(int root, const char *id)
{
	char *nameless = xasprintf(".%s", id);
	int dir = root < 0 ? -1 : state_try_lock(root, nameless);

	if (dir >= 0)
		state_remove(root, nameless, dir);
	if (root >= 0)
		unlinkat(root, id, AT_REMOVEDIR);
	free(nameless);
}

/*
 * Whoever has the lock may wait for the container, to start say, and it may
 * be stopped: its end is the end of that.
 */
static void
holder_free(int root, const char *id)
{
	int dir = root < 0 ? -1 : state_try_lock(root, id);
	struct container *c;

	if (dir >= 0)
		state_unlock(dir);
	if (dir >= 0 || errno != EWOULDBLOCK)
		return;
	c = container_try(root, id, false);
	if (c && c->pidfd >= 0)
		container_kill(c);
}

int
main(int argc, char **argv)
{
	struct options o = {0};
	struct operands operands;
	struct container *c;
	int root;

	caller_settle();
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	options_read(&program, argc, argv, &o, &operands);
	log_begin(&o.global);
	root = state_root(o.global.root, STATE_CHANGE);
	if (o.force && state_id_valid(operands.all[0])) {
		rest_remove(root, operands.all[0]);
		holder_free(root, operands.all[0]);
	}
	c = o.force ? container_try(root, operands.all[0], true)
		    : container_open(root, operands.all[0]);
	if (!c)
		return 0;
	if (!o.force && strcmp(c->state.status, "stopped") != 0 &&
	    strcmp(c->state.status, "created") != 0)
		die("%s: it is %s: stop it first (oci-kill), or give --force",
		    c->state.id, c->state.status);
	return container_delete(c) < 0;
}
