/* SPDX-License-Identifier: ISC */
/* A time namespace. */
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include "run/container/clocks.h"
#include "run/container/init.h"
#include "run/container/parent.h"
#include "run/spec/spec.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

/*
 * unshare(2) makes the namespace for children only, so that the clocks can be
 * set before anybody is in it.  That the parent does, who may have the rights
 * for it where this process, in a user namespace, can't open its own file.
 */
void
clocks_settle(const struct init *in)
{
	const struct namespace_spec *ns =
	    spec_namespace(in->spec, CLONE_NEWTIME);
	int fd;

	if (!ns || ns->path)
		return;
	if (unshare(CLONE_NEWTIME) < 0)
		diesys("config.json: linux.namespaces: time");
	if (in->spec->ntime_offsets) {
		init_show(in);
		parent_tell(SYNC_TIME, 0, -1);
		parent_says(SYNC_TIME);
		become_hidden(&in->become);
	}
	fd = open("/proc/self/ns/time_for_children", O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWTIME) < 0)
		diesys("config.json: linux.namespaces: time");
	close(fd);
}
