/* SPDX-License-Identifier: ISC */
/*
 * oci-resume - let go of a container that oci-pause froze
 *
 * Of all of its cgroups that have a freezer, whoever froze them.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "run/cgroup/kept.h"
#include "run/container/container.h"
#include "run/named.h"

static const struct named named = {"oci-resume",
    "Let go of a container that oci-pause froze.", "they run again"};

int
main(int argc, char **argv)
{
	struct container *c = named_open(&named, argc, argv);
	const char *why;

	if (strcmp(c->state.status, "paused") != 0)
		die("%s: container not paused", c->state.id);
	if (kept_freeze(&c->state.cgroups, false, &why) < 0)
		die("%s: %s", c->state.id, why);
	return 0;
}
