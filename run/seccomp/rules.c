/* SPDX-License-Identifier: ISC */
/* The actions and rules of a bundle, told to libseccomp. */
#include <errno.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "lib/die.h"
#include "run/seccomp/rules.h"
#include "run/spec/spec.h"

#define DECIDED_MAX 4096 /* eight times what libseccomp knows by name */

static uint32_t
action_number(const char *name, int64_t errno_ret, const char *property)
{
	unsigned value = errno_ret == UNSET ? EPERM : (unsigned)errno_ret;

	if (strcmp(name, "SCMP_ACT_ALLOW") == 0)
		return SCMP_ACT_ALLOW;
	if (strcmp(name, "SCMP_ACT_ERRNO") == 0)
		return SCMP_ACT_ERRNO(value);
	if (strcmp(name, "SCMP_ACT_KILL") == 0 ||
	    strcmp(name, "SCMP_ACT_KILL_THREAD") == 0)
		return SCMP_ACT_KILL_THREAD;
	if (strcmp(name, "SCMP_ACT_KILL_PROCESS") == 0)
		return SCMP_ACT_KILL_PROCESS;
	if (strcmp(name, "SCMP_ACT_TRAP") == 0)
		return SCMP_ACT_TRAP;
	if (strcmp(name, "SCMP_ACT_TRACE") == 0)
		return SCMP_ACT_TRACE(value);
	if (strcmp(name, "SCMP_ACT_LOG") == 0)
		return SCMP_ACT_LOG;
	die("%s: %s is not supported", property, name);
}

static enum scmp_compare
comparison(const char *op)
{
	static const struct {
		const char *name;
		enum scmp_compare op;
	} ops[] = {
	    {"SCMP_CMP_NE", SCMP_CMP_NE},
	    {"SCMP_CMP_LT", SCMP_CMP_LT},
	    {"SCMP_CMP_LE", SCMP_CMP_LE},
	    {"SCMP_CMP_EQ", SCMP_CMP_EQ},
	    {"SCMP_CMP_GE", SCMP_CMP_GE},
	    {"SCMP_CMP_GT", SCMP_CMP_GT},
	    {"SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ},
	};

	for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
		if (strcmp(op, ops[i].name) == 0)
			return ops[i].op;
	die("linux.seccomp.syscalls.args.op: %s: no such comparison", op);
}

static _Noreturn void
die_of_rule(const char *name, int error)
{
	errno = -error;
	diesys("linux.seccomp.syscalls: %s", name);
}

/* The system calls that a rule without conditions is there for. */
struct decided {
	int number[DECIDED_MAX];
	bool used[DECIDED_MAX];
	unsigned n;
};

struct filter {
	scmp_filter_ctx ctx;
	struct decided decided;
};

/* Returns whether the number was there before; it is now, if there's room. */
static bool
decide(struct decided *d, int number)
{
	unsigned at = (unsigned)number * 2654435761u % DECIDED_MAX;

	while (d->used[at] && d->number[at] != number)
		at = (at + 1) % DECIDED_MAX;
	if (d->used[at])
		return true;
	if (d->n < DECIDED_MAX / 2) {
		d->n++;
		d->used[at] = true;
		d->number[at] = number;
	}
	return false;
}

/*
 * Of two rules without conditions libseccomp believes the first, but keeps
 * both, and goes through all that it keeps for each that is added.
 */
static void
add(struct filter *f, uint32_t action, const char *name, unsigned n,
    const struct scmp_arg_cmp *args)
{
	int number = seccomp_syscall_resolve_name(name), r;

	if (number == __NR_SCMP_ERROR)
		return; /* of another architecture, or newer than libseccomp */
	if (n == 0 && decide(&f->decided, number))
		return;
	r = seccomp_rule_add_array(f->ctx, action, number, n, args);
	/* EEXIST: said before. */
	if (r < 0 && r != -EEXIST)
		die_of_rule(name, r);
}

/*
 * Conditions on several arguments all have to hold.  A rule with two on the
 * same argument can't be told to libseccomp: as in other runtimes any of its
 * conditions is enough then.
 */
static void
rule_add(struct filter *f, uint32_t action, const struct seccomp_rule *r)
{
	struct scmp_arg_cmp args[6];
	unsigned used = 0;
	bool twice = false;

	if (r->nargs > 6)
		die("linux.seccomp.syscalls.args: more than six");
	for (size_t i = 0; i < r->nargs; i++) {
		if (r->args[i].index > 5)
			die("linux.seccomp.syscalls.args.index: %u",
			    r->args[i].index);
		args[i] = (struct scmp_arg_cmp){r->args[i].index,
		    comparison(r->args[i].op), r->args[i].value,
		    r->args[i].value_two};
		twice |= used >> r->args[i].index & 1;
		used |= 1u << r->args[i].index;
	}
	for (char **name = r->names; name && *name; name++)
		if (twice)
			for (size_t i = 0; i < r->nargs; i++)
				add(f, action, *name, 1, &args[i]);
		else
			add(f, action, *name, r->nargs, args);
}

static uint32_t
default_action(const struct seccomp_spec *spec)
{
	return action_number(spec->default_action, spec->default_errno,
	    "linux.seccomp.defaultAction");
}

scmp_filter_ctx
seccomp_default(const struct seccomp_spec *spec)
{
	scmp_filter_ctx ctx = seccomp_init(default_action(spec));

	if (!ctx)
		die("linux.seccomp: libseccomp can't begin a filter");
	return ctx;
}

void
seccomp_rules_add(scmp_filter_ctx ctx, const struct seccomp_spec *spec)
{
	uint32_t otherwise = default_action(spec), action;
	struct filter f = {.ctx = ctx};

	for (size_t i = 0; i < spec->nrules; i++) {
		action = action_number(spec->rules[i].action,
		    spec->rules[i].errno_ret, "linux.seccomp.syscalls.action");
		if (action != otherwise) /* which says nothing new */
			rule_add(&f, action, &spec->rules[i]);
	}
}
