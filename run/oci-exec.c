/* SPDX-License-Identifier: ISC */
/*
 * oci-exec - run another process in a container
 *
 * The container is found by its state, and its first process held by a pidfd.
 * What the new process is comes from the config.json that was kept with the
 * state, changed by the command line.  run/container/join.c is how it gets into
 * the container; in the foreground this program then passes signals and the
 * terminal through and waits for it.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/caller.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/statedir.h"
#include "run/container/container.h"
#include "run/container/handoff.h"
#include "run/container/join.h"
#include "run/container/launch.h"
#include "run/container/pidfile.h"
#include "run/container/seal.h"
#include "run/container/signals.h"
#include "run/container/supervise.h"
#include "run/execoptions.h"
#include "run/log.h"
#include "run/process/descriptors.h"
#include "run/seccomp/cache.h"
#include "run/spec/spec.h"
#include "run/terminal/terminal.h"

#define STATUS_OWN_FAILURE 125

/* What there is of the container; dies unless it is one that can be joined. */
static const struct container *
container_find(const struct options *o, int root)
{
	const struct container *c = container_look(root, o->id);
	const char *status = c->state.status;

	if (strcmp(status, "creating") == 0)
		die("%s: container not running: it is being created",
		    c->state.id);
	if (c->pidfd < 0 || strcmp(status, "stopped") == 0)
		die("%s: container not running", c->state.id);
	return c;
}

static void
gids_add(const struct options *o, struct process_spec *p)
{
	p->gids = xreallocarray(p->gids, p->ngids + o->ngids, sizeof *p->gids);
	for (size_t i = 0; i < o->ngids; i++)
		p->gids[p->ngids++] = o->gids[i];
}

/*
 * Nobody but root keeps a capability over an exec unless it is ambient, which
 * the kernel wants to be inheritable, too.
 */
static void
capabilities_add(const struct options *o, struct process_spec *p)
{
	p->bounding |= o->capabilities;
	p->permitted |= o->capabilities;
	p->effective |= o->capabilities;
	if (p->uid == 0)
		return;
	p->inheritable |= o->capabilities;
	p->ambient |= o->capabilities;
}

/* The process: from a file or as the container's own, and what is said. */
static void
process_decide(const struct options *o, struct process_spec *p)
{
	struct affinity affinity = p->affinity;
	int64_t oom_score_adj = p->oom_score_adj;

	if (o->process)
		spec_process_read(o->process, p);
	else
		p->terminal = false;
	if (!p->affinity.said)
		p->affinity = affinity;
	/* Else it would have an engine's own, which nothing may kill. */
	if (p->oom_score_adj == UNSET)
		p->oom_score_adj = oom_score_adj;
	changes_apply(&o->changes, p);
	if (!*p->args || !**p->args)
		die("%s: process.args: must name a command", o->process);
	gids_add(o, p);
	capabilities_add(o, p);
	p->no_new_privileges |= o->no_new_privs;
	p->terminal |= o->tty;
	changes_terminal(p);
	if (p->terminal && o->detach && !o->console_socket)
		die("--detach: with a terminal it needs --console-socket");
	if (!p->terminal && o->console_socket)
		die("--console-socket: the process has no terminal, give "
		    "--tty");
}

/* What it takes to join the container; nothing has begun so far. */
static void
join_make(const struct options *o, const struct container *c, int root,
    struct join *j)
{
	struct spec *spec = spec_kept(c->dir);

	process_decide(o, &spec->process);
	*j = (struct join){
	    .container = c,
	    .spec = spec,
	    .become = {.process = &spec->process, .reaper = -1},
	    .new_keyring = !o->keep_keyring,
	    .preserve_fds = (unsigned)o->preserve_fds,
	};
	if (spec->seccomp)
		j->become.seccomp = seccomp_cached(root, spec->seccomp);
	cgroup_entries_open(
	    &j->cgroups, &c->state, c->pid, o->cgroups.all, o->cgroups.n);
	if (j->cgroups.frozen && !o->ignore_paused)
		die("%s: the container is paused; resume it first, or give "
		    "--ignore-paused to wait",
		    c->state.id);
	join_open(j);
}

/* The user's terminal is the process's while that runs. */
static int
run_in_foreground(struct launch *l)
{
	int status;

	if (l->master >= 0)
		terminal_resize(l->master);
	launch_go(l);
	pidfile_keep();
	status = supervise(
	    l->signals, l->container->pid, l->container->pidfd, l->master, -1);
	terminal_restore();
	return status;
}

int
main(int argc, char **argv)
{
	struct container joined;
	struct options o;
	struct launch l;
	struct join j;
	int root;

	caller_settle();
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	die_status = STATUS_OWN_FAILURE;
	options_parse(argc, argv, &o);
	descriptors_check(0, (unsigned)o.preserve_fds);
	log_begin(&o.global);
	seal_self(argv);
	root = state_root(o.global.root, STATE_CHANGE);
	join_make(&o, container_find(&o, root), root, &j);
	joined = *j.container;
	l = (struct launch){.container = &joined,
	    .spec = j.spec,
	    .become = &j.become,
	    .signals = signals_hold()};
	join_clone(&l, &j);
	if (o.console_socket) {
		handoff_send("--console-socket", o.console_socket, "/dev/ptmx",
		    l.master, l.signals);
		l.master = -1;
	}
	if (o.pidfd_socket)
		handoff_send("--pidfd-socket", o.pidfd_socket, "setns",
		    joined.pidfd, l.signals);
	if (o.pid_file)
		pidfile_write(o.pid_file, joined.pid);
	if (!o.detach)
		return run_in_foreground(&l);
	launch_go(&l);
	pidfile_keep();
	return 0;
}
