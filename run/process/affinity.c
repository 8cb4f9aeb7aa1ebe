/* SPDX-License-Identifier: ISC */
/* On which processors a process that joins a container runs. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/die.h"
#include "run/process/affinity.h"

#define MOST 65536 /* processors: many more than Linux takes */

/* Reads a number at *text and goes behind it; -1: there is none. */
static long
number(char **text)
{
	char *at = *text + strspn(*text, " ");
	long n;

	if (*at < '0' || *at > '9')
		return -1;
	n = strtol(at, text, 10);
	*text += strspn(*text, " ");
	return n;
}

static void
processors_none(struct processors *p)
{
	p->set = CPU_ALLOC(MOST);
	p->size = CPU_ALLOC_SIZE(MOST);
	if (!p->set)
		die("out of memory");
	CPU_ZERO_S(p->size, p->set);
}

const char *
processors_parse(struct processors *p, const char *list)
{
	char *at = (char *)list;
	long first, last;

	processors_none(p);
	do {
		first = last = number(&at);
		if (first >= 0 && *at == '-') {
			at++;
			last = number(&at);
		}
		if (first < 0 || last < first || (*at && *at != ','))
			return "must be a list of processors, as 0-3,7";
		if (last >= MOST)
			return "has a processor that no machine has";
		for (; first <= last; first++)
			CPU_SET_S(first, p->size, p->set);
	} while (*at++);
	return NULL;
}

static void
set(const struct processors *p, const char *name)
{
	if (sched_setaffinity(0, p->size, p->set) == 0)
		return;
	if (errno == EINVAL)
		die("process.execCPUAffinity.%s: none of these processors may "
		    "be used here",
		    name);
	diesys("process.execCPUAffinity.%s", name);
}

void
affinity_begin(const struct affinity *a)
{
	if (a->initial.set)
		set(&a->initial, "initial");
}

void
affinity_finish(const struct affinity *a)
{
	struct processors all;

	if (!a->said)
		return;
	if (a->final.set) {
		set(&a->final, "final");
		return;
	}
	processors_none(&all);
	memset(all.set, 0xff, all.size);
	set(&all, "final");
}
