/* SPDX-License-Identifier: ISC */
/*
 * oci-run - run a container from a bundle
 *
 * Reads BUNDLE/config.json, makes the container's state directory and cgroup,
 * clones its first process into new namespaces (run/container/init.c is what
 * happens there), and when that process is ready writes the state and lets it
 * go.  In the foreground it then passes signals and the terminal through,
 * waits, and undoes what it made: nothing is left of the container but its
 * rootfs.
 */
#include <stdbool.h>
#include <stdlib.h>

#include "lib/caller.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "run/container/container.h"
#include "run/container/keeper.h"
#include "run/container/launch.h"
#include "run/container/notify.h"
#include "run/container/pidfile.h"
#include "run/container/supervise.h"
#include "run/hooks/hooks.h"
#include "run/options.h"
#include "run/spec/spec.h"
#include "run/terminal/terminal.h"

#define STATUS_OWN_FAILURE 125

/* Whether the process gets a terminal, and what programs expect then. */
static void
terminal_decide(const struct options *o, struct process_spec *p)
{
	if (o->tty != TTY_AUTO)
		p->terminal = o->tty == TTY_YES;
	else if (!p->terminal_said && !o->detach)
		p->terminal = terminal_is_here();
	else
		return;
	changes_terminal(p);
}

static void
terminal_check(const struct options *o, const struct spec *spec)
{
	bool terminal = spec->process.terminal;

	if (terminal && o->detach && !o->creation.console_socket)
		die("%s: with --detach, a terminal needs --console-socket",
		    o->tty == TTY_YES ? "--tty yes"
				      : "config.json: process.terminal");
	if (!terminal && o->creation.console_socket)
		die("--console-socket: config.json asks for no terminal "
		    "(process.terminal); --tty yes gives one");
}

static void
poststart(const struct container *c)
{
	hooks_run(c->hooks, HOOK_POSTSTART, &c->state, c->pid, -1);
}

/* The user's terminal is the container's while that runs. */
static int
run_in_foreground(struct launch *l)
{
	int status;

	if (l->master >= 0)
		terminal_resize(l->master);
	launch_go(l);
	poststart(l->container);
	pidfile_keep();
	status = supervise(l->signals, l->container->pid, l->container->pidfd,
	    l->master, l->notify);
	terminal_restore();
	container_delete(l->container);
	return status;
}

int
main(int argc, char **argv)
{
	struct options o;
	struct launch l;
	struct spec *spec;

	caller_settle();
	cJSON_InitHooks(&(cJSON_Hooks){xmalloc, free});
	die_status = STATUS_OWN_FAILURE;
	options_parse(argc, argv, &o);
	spec = creation_read(&o.creation, argv);
	changes_apply(&o.changes, &spec->process);
	if (!*spec->process.args || !**spec->process.args)
		die("config.json: process.args: must name a command, because "
		    "none is given after --");
	terminal_decide(&o, &spec->process);
	terminal_check(&o, spec);
	creation_make(&o.creation, spec, argv[0], true, &l);
	if (!o.detach)
		return run_in_foreground(&l);
	launch_go(&l);
	poststart(l.container);
	notify_await(l.notify, l.container->pid, l.container->pidfd);
	pidfile_keep();
	container_release(l.container);
	keeper_leave(l.container->pid);
	return 0;
}
