/* SPDX-License-Identifier: ISC */
/* A process of this program becomes that of a bundle. */
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "run/container/become.h"
#include "run/container/parent.h"
#include "run/container/progress.h"
#include "run/container/reaper.h"
#include "run/process/capabilities.h"
#include "run/process/listen.h"
#include "run/process/process.h"
#include "run/process/program.h"
#include "run/process/user.h"
#include "run/seccomp/filter.h"
#include "run/spec/spec.h"

#define UMASK_DEFAULT 022

void
become_hidden(const struct become *b)
{
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	parent_watch(b->sync, b->progress);
}

/*
 * A filter needs CAP_SYS_ADMIN or no_new_privs.  With the latter it comes
 * last of all, and need not allow what is done here.
 */
static void
privileges_drop(const struct become *b)
{
	const struct process_spec *p = b->process;

	if (p->no_new_privileges && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		diesys("no_new_privs");
	if (b->seccomp && !p->no_new_privileges) {
		seccomp_apply(b->seccomp);
		parent_silence();
	}
	capabilities_bound(p);
	capabilities_keep();
	user_streams(p->uid);
	user_become(p, b->groups_denied);
	become_hidden(b);
	capabilities_apply(p);
	become_hidden(b);
}

/* Whether the working directory could be entered as who this process is. */
static bool
cwd_enter(const struct process_spec *p, bool again)
{
	uint64_t effective = capabilities_lower_magic();
	bool entered = process_cwd(p, again);

	capabilities_raise(effective);
	return entered;
}

void
become_user(const struct become *b)
{
	const struct process_spec *p = b->process;
	bool entered;

	b->progress->step = "its process was given its limits and its user";
	process_rlimits(p);
	entered = cwd_enter(p, false);
	privileges_drop(b);
	if (!entered)
		cwd_enter(p, true);
	umask(p->umask == UNSET ? UMASK_DEFAULT : p->umask);
}

/* With no_new_privs it comes last, and need not allow what went before. */
static void
filter_apply(const struct become *b)
{
	if (b->seccomp && b->process->no_new_privileges)
		seccomp_apply(b->seccomp);
}

void
become_confined(const struct become *b)
{
	capabilities_lower_magic();
	filter_apply(b);
}

/* Let a child become the program of the bundle, and this process its reaper. */
static void
reaper_split(const struct become *b)
{
	pid_t program;
	int executed;

	if (b->reaper < 0)
		return;
	program =
	    reaper_fork(b->process->terminal, parent_channel(), &executed);
	if (program == 0) {
		close(b->reaper);
		return;
	}
	filter_apply(b);
	reaper_become(b->reaper, program, executed, parent_channel());
}

void
become_program(const struct become *b)
{
	capabilities_lower_magic();
	reaper_split(b);
	listen_own(b->process);
	filter_apply(b);
	parent_died(program_exec(b->process));
}
