/* SPDX-License-Identifier: ISC */
/* What a container could reach of a hierarchy where it has no cgroup. */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "run/cgroup/reach.h"
#include "run/cgroup/tree.h"
#include "run/spec/spec.h"

#define MAP_MAX 65536

bool
reach_is_limited(void)
{
	char *map = io_slurp_at(AT_FDCWD, "/proc/self/uid_map", MAP_MAX, NULL);
	unsigned long inside, outside, count;
	bool initial;

	initial = !map ||
		  (sscanf(map, "%lu %lu %lu", &inside, &outside, &count) == 3 &&
		      inside == 0 && outside == 0 && count == 0xffffffff);
	free(map);
	return !initial;
}

static bool
has_new(const struct spec *spec, int flag)
{
	const struct namespace_spec *ns = spec_namespace(spec, flag);

	return ns && !ns->path;
}

/*
 * Nothing comes of mounting it where the files belong to somebody else: what
 * this process may not write a container may not, which has no ids but this
 * process's.  access(2) looks at the owner before it looks at the mount, so
 * that EROFS, of files of one's own on a read-only mount, is no protection:
 * the container's mount is another.
 */
bool
reach_of(const struct spec *spec, const struct hierarchy *h)
{
	char *procs;
	bool denied;

	if (!has_new(spec, CLONE_NEWCGROUP) &&
	    !spec_namespace(spec, CLONE_NEWUSER))
		return false;
	procs = xasprintf("%s%s/cgroup.procs", h->mount, h->own);
	denied = faccessat(AT_FDCWD, procs, W_OK, AT_EACCESS) < 0 &&
		 (errno == EACCES || errno == EPERM);
	free(procs);
	return !denied;
}

/* Whether some user of the container is the host's root. */
static bool
is_host_root(const struct spec *spec)
{
	if (!spec_namespace(spec, CLONE_NEWUSER))
		return true;
	for (size_t i = 0; i < spec->nuid_map; i++)
		if (spec->uid_map[i].outside == 0)
			return true;
	return false;
}

/* The kernel makes new hierarchies in the first cgroup namespace only. */
void
reach_check_unmounted(const struct spec *spec, const struct cgroup_tree *t)
{
	if (!t->unmounted || !has_new(spec, CLONE_NEWCGROUP) ||
	    !is_host_root(spec) ||
	    !(spec->process.bounding >> CAP_SYS_ADMIN & 1))
		return;
	die("linux.namespaces: cgroup: there is a cgroup v1 hierarchy \"%s\" "
	    "that isn't mounted here, so that the container can't get a "
	    "cgroup of its own in it, and with CAP_SYS_ADMIN it could mount "
	    "the host's; mount it (mount -t cgroup -o %s none DIRECTORY), or "
	    "take CAP_SYS_ADMIN away",
	    t->unmounted, t->unmounted);
}
