/* SPDX-License-Identifier: ISC */
/*
 * oci-create - make a container that waits to be started
 *
 * Does all that oci-run does up to the exec of the container's program: what
 * the bundle's config.json asks for is there, and the container's first
 * process waits in its namespaces and cgroup for oci-start.
 */
#include <stdlib.h>

#include "lib/caller.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/options.h"
#include "run/container/container.h"
#include "run/container/keeper.h"
#include "run/container/launch.h"
#include "run/container/pidfile.h"
#include "run/creation.h"
#include "run/process/capabilities.h"
#include "run/seccomp/library.h"
#include "run/spec/spec.h"

struct options {
	struct creation creation;
};

static const struct option_line lines[] = {CREATION_OPTIONS, {0}};

static const struct program program = {
    .name = "oci-create",
    .operands = "ID",
    .about = "Make the container of a bundle, named ID; oci-start ID starts "
	     "its program.",
    .options = lines,
    .libraries = {json_library, seccomp_library, capabilities_library},
    .min = 1,
    .max = 1,
    .notes =
	"Exit status: 0 done, 1 failed, 126 and 127 when the program can't "
	"be executed or found; 2 wrong usage.",
};

static void
spec_check(const struct creation *c, const struct spec *spec)
{
	if (!*spec->process.args || !**spec->process.args)
		die("config.json: process.args: must name a command");
	if (spec->process.terminal && !c->console_socket)
		die("config.json: process.terminal: needs --console-socket");
	if (!spec->process.terminal && c->console_socket)
		die("--console-socket: config.json asks for no terminal "
		    "(process.terminal)");
}

int
main(int argc, char **argv)
{
	struct options o = {.creation.bundle = "."};
	struct operands operands;
	struct launch l;
	struct spec *spec;

	caller_settle();
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	options_read(&program, argc, argv, &o, &operands);
	o.creation.id = operands.all[0];
	creation_check(&o.creation);
	spec = creation_read(&o.creation, argv);
	spec_check(&o.creation, spec);
	creation_make(&o.creation, spec, argv[0], false, &l);
	launch_leave(&l);
	pidfile_keep();
	container_release(l.container);
	keeper_leave(l.container->pid);
	return 0;
}
