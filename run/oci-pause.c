/* SPDX-License-Identifier: ISC */
/*
 * oci-pause - freeze all processes of a container
 *
 * By the freezer of its cgroup, which is also where its state is looked up:
 * nothing is written down that somebody else's thawing could make wrong.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "run/cgroup/kept.h"
#include "run/container/container.h"
#include "run/named.h"

static const struct named named = {
    "oci-pause", "Freeze all processes of a container.", "none of them runs"};

int
main(int argc, char **argv)
{
	struct container *c = named_open(&named, argc, argv);
	const char *why;

	if (strcmp(c->state.status, "paused") == 0)
		die("%s: container is paused already", c->state.id);
	if (c->pidfd < 0)
		die("%s: container not running", c->state.id);
	if (kept_freeze(&c->state.cgroups, true, &why) < 0)
		die("%s: %s", c->state.id, why);
	return 0;
}
