/* SPDX-License-Identifier: ISC */
/* One hook: a program that is run to its end. */
#ifndef RUN_HOOKS_HOOK_H
#define RUN_HOOKS_HOOK_H

#include <stdbool.h>

struct hook_spec;

/* What is alike for all hooks of a point. */
struct hook_way {
	const char *input; /* for standard input */
	const char *cwd;   /* "/" where it can't be entered; NULL: as it is */
	void (*last)(const void *arg); /* in the hook before its exec; NULL */
	const void *arg;
	bool in_container; /* signals to this process are not looked for */
	int process; /* pidfd of who is waited for; -1: whether he ends or not
		      */
};

enum hook_end {
	HOOK_DONE,
	HOOK_FAILED,
	HOOK_VAIN,        /* the process has ended meanwhile */
	HOOK_INTERRUPTED, /* by SIGHUP, SIGINT, SIGQUIT or SIGTERM, pending */
};

/*
 * Run it, with its output taken, in a process group of its own, which is killed
 * when the time is over, the process of the way has ended, or a signal that
 * ends a program is pending here.  It doesn't outlive this process.  Nobody
 * waits for what it leaves behind, also when that has its output still.  Unless
 * it is done *why says what was wrong, owned.
 */
enum hook_end hook_run(
    const struct hook_spec *h, const struct hook_way *way, char **why);

#endif
