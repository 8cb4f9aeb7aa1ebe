/* SPDX-License-Identifier: ISC */
/*
 * oci-kill - send a signal to a container
 *
 * The container's first process is held by a pidfd, so that the signal reaches
 * no process that has its pid by now; all of the container's processes are
 * those of its cgroup.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/caller.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/statedir.h"
#include "run/cgroup/kept.h"
#include "run/container/container.h"
#include "run/container/signalname.h"
#include "run/log.h"
#include "run/process/capabilities.h"
#include "run/spec/spec.h"

struct options {
	struct global global;
	bool all;
};

static const struct option_line lines[] = {
    {"all", 'a', NULL, "to all processes of the container", OPTION_FLAG(all)},
    GLOBAL_OPTIONS(global),
    {0},
};

static const struct program program = {
    .name = "oci-kill",
    .operands = "ID [SIGNAL]",
    .about = "Send a signal, TERM unless another is named, to the first "
	     "process of a container.",
    .options = lines,
    .libraries = {json_library, capabilities_library},
    .min = 1,
    .max = 2,
    .notes = "Exit status: 0 sent, 1 failed, 2 wrong usage.",
};

/*
 * In a pid namespace of its own the end of the first process is the end of
 * all.  A container that is being deleted needn't say any more what it has.
 */
static bool
ends_alone(const struct container *c)
{
	const struct namespace_spec *pid;

	if (faccessat(c->dir, "config.json", F_OK, AT_SYMLINK_NOFOLLOW) < 0)
		return true;
	pid = spec_namespace(spec_kept(c->dir), CLONE_NEWPID);
	return !pid || pid->path;
}

static void
kill_first(const struct container *c, int signal)
{
	if (c->pidfd < 0)
		die("%s: container not running", c->state.id);
	if (syscall(SYS_pidfd_send_signal, c->pidfd, signal, NULL, 0) < 0)
		diesys("%s: signal %d", c->state.id, signal);
}

int
main(int argc, char **argv)
{
	struct options o = {0};
	struct operands operands;
	struct container *c;
	const char *why;
	int signal = SIGTERM;
	bool others;

	caller_settle();
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	options_read(&program, argc, argv, &o, &operands);
	log_begin(&o.global);
	if (operands.n > 1) {
		signal = signal_number(operands.all[1]);
		if (!signal)
			die_usage("%s: not the name or number of a signal",
			    operands.all[1]);
	}
	c = container_look(
	    state_root(o.global.root, STATE_CHANGE), operands.all[0]);
	if (o.all) {
		if (kept_signal(&c->state.cgroups, signal) < 0)
			kill_first(c, signal);
		return 0;
	}
	others = signal == SIGKILL && ends_alone(c);
	/* They may have outlived it, and then they are the container. */
	if (!others || c->pidfd >= 0 || !kept_is_populated(&c->state.cgroups))
		kill_first(c, signal);
	if (others)
		kept_signal(&c->state.cgroups, signal);
	/* Frozen, the process would never see it (v1). */
	if (signal == SIGKILL && strcmp(c->state.status, "paused") == 0)
		kept_freeze(&c->state.cgroups, false, &why);
	return 0;
}
