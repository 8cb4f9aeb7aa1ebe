/* SPDX-License-Identifier: ISC */
/* Socket activation. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/mem.h"
#include "run/process/environment.h"
#include "run/process/listen.h"
#include "run/spec/spec.h"

#define MOST 65536
#define PID_NAME "LISTEN_PID="
#define PID_ROOM 12

/* A number and no more, or -1. */
static long
number(const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	return *text >= '0' && *text <= '9' && !*end ? n : -1;
}

static unsigned
count(void)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
	long n;

	/* A parent's, who didn't mean its children. */
	if (!pid || !fds || number(pid) != getpid())
		return 0;
	n = number(fds);
	if (n < 0 || n > MOST)
		die("LISTEN_FDS: %s: must be a number from 0 to %d", fds, MOST);
	return (unsigned)n;
}

/* Once: with a keeper the rest is done by a child. */
unsigned
listen_count(void)
{
	static bool counted;
	static unsigned n;

	if (!counted)
		n = count();
	counted = true;
	return n;
}

void
listen_pass(struct process_spec *p, unsigned n)
{
	const char *names = getenv("LISTEN_FDNAMES");

	if (n == 0)
		return;
	p->listen_pid = xcalloc(1, sizeof PID_NAME + PID_ROOM);
	sprintf(p->listen_pid, PID_NAME "1");
	environment_add(&p->env, xasprintf("LISTEN_FDS=%u", n));
	environment_add(&p->env, p->listen_pid);
	if (names)
		environment_add(&p->env, xasprintf("LISTEN_FDNAMES=%s", names));
	environment_settle(p->env);
}

void
listen_own(const struct process_spec *p)
{
	if (p->listen_pid)
		sprintf(p->listen_pid, PID_NAME "%d", (int)getpid());
}
