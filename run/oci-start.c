/* SPDX-License-Identifier: ISC */
/*
 * oci-start - start the program of a container that oci-create made
 *
 * The container's first process waits at its gate (run/container/gate.h); it
 * tells this program what hinders it, or, by the channel's end, that its
 * program runs.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/procstat.h"
#include "run/container/container.h"
#include "run/container/exit.h"
#include "run/container/gate.h"
#include "run/container/notify.h"
#include "run/container/signals.h"
#include "run/container/sync.h"
#include "run/hooks/hooks.h"
#include "run/named.h"

static const struct named named = {"oci-start",
    "Start the program of a container that oci-create made.", "it runs"};

/* With hooks there is something to undo: a signal is not to end this alone. */
static int
hooks_prepare(struct container *c)
{
	static struct hook_list hooks[HOOK_POINTS];

	spec_hooks_kept(c->dir, hooks);
	c->hooks = hooks;
	return hooks_any(hooks, HOOK_START_CONTAINER) ||
		       hooks_any(hooks, HOOK_POSTSTART)
		   ? signals_hold()
		   : -1;
}

/* The next that its process says that isn't of its death. */
static enum sync_message
hear(const struct container *c, int channel, int signals)
{
	enum sync_message m;
	int signal = 0;

	signals_wait(signals, channel);
	m = sync_receive(channel, &signal, NULL);
	if (m == SYNC_DIED && signal > 0)
		die("%s: killed by signal %d (%s) before its program ran",
		    c->state.id, signal, strsignal(signal));
	if (m == SYNC_DIED) {
		exit_reap(c->pidfd); /* the next to look finds it stopped */
		die_said(die_status);
	}
	return m;
}

/* Hooks in the container come first; the failure of one is its end. */
static void
hooks_await(struct container *c, int channel, int signals)
{
	if (!hooks_any(c->hooks, HOOK_START_CONTAINER))
		return;
	if (hear(c, channel, signals) != SYNC_HOOKED)
		die("%s: its process was killed while its hooks ran",
		    c->state.id);
	container_hold(NULL);
}

/*
 * The exec closes the channel, but so does an end without one, at the gate or
 * when it was through.  Who reaps the process may be quicker than this one:
 * then it is known only how it ended.  Of a program that a signal ended as
 * quickly the same is said.
 */
static void
execution_check(const struct container *c, bool through)
{
	bool executed = through && procstat_has_executed(c->pid);
	int signal = 0;

	if (procstat_start(c->pid) != c->state.start) {
		signal = exit_signal_told(c->pidfd);
		executed = through && signal == 0;
	}
	if (!executed && signal)
		die("%s: killed by signal %d (%s) before its program ran, or "
		    "at once",
		    c->state.id, signal, strsignal(signal));
	if (!executed)
		die("%s: its process was killed before its program ran",
		    c->state.id);
}

/*
 * Whether it came through.  Its hooks may run before that is heard: a signal
 * which comes first ends the container already.
 */
static bool
is_through(struct container *c, int channel, int signals)
{
	bool through;

	if (hooks_any(c->hooks, HOOK_START_CONTAINER))
		container_hold(c);
	through = hear(c, channel, signals) == SYNC_THROUGH;
	if (!through)
		container_hold(NULL);
	return through;
}

/* Returns when the program runs; what hinders it is printed as it comes. */
static void
start(struct container *c, int signals)
{
	int channel = gate_open(c->dir);
	bool through;

	if (channel < 0)
		diesys("%s: its process can't be told to start", c->state.id);
	through = is_through(c, channel, signals);
	if (through)
		hooks_await(c, channel, signals);
	if (through && hear(c, channel, signals) != SYNC_END)
		die("%s: its process was killed before its program ran",
		    c->state.id);
	execution_check(c, through);
}

static void
poststart(struct container *c)
{
	container_hold(c);
	hooks_run(c->hooks, HOOK_POSTSTART, &c->state, c->pid, -1);
	container_hold(NULL);
}

int
main(int argc, char **argv)
{
	struct container *c = named_open(&named, argc, argv);
	int signals, notify;

	if (strcmp(c->state.status, "created") != 0)
		die("%s: cannot start a container that is %s", c->state.id,
		    c->state.status);
	signals = hooks_prepare(c);
	notify = notify_open(c->dir);
	start(c, signals);
	gate_remove(c->dir);
	container_write(c, "running");
	poststart(c);
	notify_await(notify, c->pid, c->pidfd);
	return 0;
}
