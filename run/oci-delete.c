/* SPDX-License-Identifier: ISC */
/*
 * oci-delete - remove what is left of a container
 *
 * The container's cgroups with whatever is in them, and its directory.  What is
 * done goes by the state alone, so that it works whoever made the container
 * and however that ended.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/caller.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/statedir.h"
#include "run/container/container.h"
#include "run/container/leftover.h"
#include "run/log.h"
#include "run/process/capabilities.h"

struct options {
	struct global global;
	bool force, verbose, stale, stopped;
};

static const struct option_line lines[] = {
    {"force", 'f', NULL,
	"kill it first when it runs; none of that name is no error",
	OPTION_FLAG(force)},
    {"all-stopped", 0, NULL, "all that have stopped, in place of an ID",
	OPTION_FLAG(stopped)},
    {"stale", 0, NULL,
	"what creators that were killed, or a restart, have left, in place of "
	"an ID",
	OPTION_FLAG(stale)},
    {"verbose", 'v', NULL, "print the name of each that is removed",
	OPTION_FLAG(verbose)},
    GLOBAL_OPTIONS(global),
    {0},
};

static const struct program program = {
    .name = "oci-delete",
    .operands = "ID | --all-stopped | --stale",
    .about = "Remove what is left of a container that has stopped, or was "
	     "never started.",
    .options = lines,
    .libraries = {json_library, capabilities_library},
    .max = 1,
    .notes = "Exit status: 0 done, 1 failed, 2 wrong usage.",
};

/*
 * A deletion that was cut short leaves an empty directory; a creator that was
 * killed at once a directory that hasn't got the container's name yet.
 */
static void
rest_remove(int root, const char *id)
{
	char *nameless = xasprintf(".%s", id);
	int dir = root < 0 ? -1 : state_try_lock(root, nameless);

	if (dir >= 0)
		state_remove_nameless(root, nameless, dir);
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

static void
name_print(const char *name)
{
	puts(name);
}

static void
name_pass_over(const char *name)
{
	(void)name;
}

static int
delete_all(const struct options *o, int root)
{
	int r = 0;

	if (root >= 0)
		r = leftover_remove(
		    root, o->stopped, o->verbose ? name_print : name_pass_over);
	stdout_close();
	return r < 0;
}

static int
delete_one(const struct options *o, int root, const char *id)
{
	struct container *c;

	if (o->force && state_id_valid(id)) {
		rest_remove(root, id);
		holder_free(root, id);
	}
	c = o->force ? container_try(root, id, true) : container_open(root, id);
	if (!c)
		return 0;
	if (!o->force && strcmp(c->state.status, "stopped") != 0 &&
	    strcmp(c->state.status, "created") != 0)
		die("%s: it is %s: stop it first (oci-kill), or give --force",
		    c->state.id, c->state.status);
	if (container_delete(c) < 0)
		return 1;
	if (o->verbose)
		puts(id);
	stdout_close();
	return 0;
}

static void
usage_check(const struct options *o, const struct operands *operands)
{
	bool all = o->stopped || o->stale;

	if (all && operands->n)
		die_usage("%s: --%s excludes an ID", operands->all[0],
		    o->stopped ? "all-stopped" : "stale");
	if (all && o->force)
		die_usage("--force needs an ID");
	if (!all && !operands->n)
		die_usage("an operand is missing: %s", program.operands);
}

int
main(int argc, char **argv)
{
	struct options o = {0};
	struct operands operands;
	int root;

	caller_settle();
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	options_read(&program, argc, argv, &o, &operands);
	usage_check(&o, &operands);
	log_begin(&o.global);
	root = state_root(o.global.root, STATE_CHANGE);
	return operands.n ? delete_one(&o, root, operands.all[0])
			  : delete_all(&o, root);
}
