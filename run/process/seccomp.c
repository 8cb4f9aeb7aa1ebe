/* SPDX-License-Identifier: ISC */
/*
 * Seccomp filters (config-linux.md, "Seccomp").  libseccomp knows the system
 * calls of every architecture and compiles; the kernel is given the program
 * by the child, in one system call.
 */
#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "run/process/seccomp.h"
#include "run/process/seccomp_newer.h"
#include "run/spec/spec.h"

#define PROGRAM_MAX (BPF_MAXINSNS * sizeof(struct sock_filter))
#define DECIDED_MAX 4096 /* eight times what libseccomp knows by name */
#define TREE_FROM 32 /* rules from which a balanced tree is worth its time */

const char *
seccomp_library(void)
{
	const struct scmp_version *v = seccomp_version();
	static char text[48];

	snprintf(text, sizeof text, "libseccomp/%u.%u.%u", v->major, v->minor,
	    v->micro);
	return text;
}

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

uint32_t
seccomp_arch_token(const char *name)
{
	static const char prefix[] = "SCMP_ARCH_";
	const size_t n = sizeof prefix - 1;
	uint32_t token;
	char *lower;

	if (strncmp(name, prefix, n) != 0)
		return 0;
	lower = xstrdup(name + n);
	for (char *c = lower; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c += 'a' - 'A';
	token = seccomp_arch_resolve_name(lower);
	free(lower);
	return token;
}

/*
 * The specification's, but not yet libseccomp's: no machine that this runs on
 * executes programs of theirs.
 */
static bool
is_newer(const char *name)
{
	static const char *const newer[] = {"SCMP_ARCH_LOONGARCH64",
	    "SCMP_ARCH_M68K", "SCMP_ARCH_SH", "SCMP_ARCH_SHEB", NULL};
	const char *const *n = newer;

	while (*n && strcmp(*n, name) != 0)
		n++;
	return *n != NULL;
}

static void
architectures_add(scmp_filter_ctx ctx, char **names)
{
	uint32_t token;
	int r;

	for (; names && *names; names++) {
		token = seccomp_arch_token(*names);
		if (!token && !is_newer(*names))
			die("linux.seccomp.architectures: %s: libseccomp "
			    "doesn't know it",
			    *names);
		if (!token)
			continue;
		r = seccomp_arch_add(ctx, token);
		/* EDOM: of the other byte order, which can't be run here. */
		if (r < 0 && r != -EEXIST && r != -EDOM) {
			errno = -r;
			diesys("linux.seccomp.architectures: %s", *names);
		}
	}
}

static unsigned
flag_bits(char **names)
{
	unsigned bits = 0;

	for (; names && *names; names++)
		if (strcmp(*names, "SECCOMP_FILTER_FLAG_LOG") == 0)
			bits |= SECCOMP_FILTER_FLAG_LOG;
		else if (strcmp(*names, "SECCOMP_FILTER_FLAG_SPEC_ALLOW") == 0)
			bits |= SECCOMP_FILTER_FLAG_SPEC_ALLOW;
		else if (strcmp(*names, "SECCOMP_FILTER_FLAG_TSYNC") != 0 &&
			 strcmp(*names,
			     "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV") != 0)
			/*
			 * A process of one thread needs no TSYNC, and nobody
			 * waits in a filter that asks no listener.
			 */
			die("linux.seccomp.flags: %s is not supported", *names);
	return bits;
}

static scmp_filter_ctx
context_make(const struct seccomp_spec *spec)
{
	uint32_t otherwise = action_number(spec->default_action,
	    spec->default_errno, "linux.seccomp.defaultAction");
	scmp_filter_ctx ctx = seccomp_init(otherwise);
	struct filter f = {.ctx = ctx};
	uint32_t action;

	if (!ctx)
		die("linux.seccomp: libseccomp can't begin a filter");
	architectures_add(ctx, spec->architectures);
	if (spec->nrules >= TREE_FROM)
		seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	for (size_t i = 0; i < spec->nrules; i++) {
		action = action_number(spec->rules[i].action,
		    spec->rules[i].errno_ret, "linux.seccomp.syscalls.action");
		if (action != otherwise) /* which says nothing new */
			rule_add(&f, action, &spec->rules[i]);
	}
	return ctx;
}

struct seccomp_filter *
seccomp_compile(const struct seccomp_spec *spec)
{
	struct seccomp_filter *f = xcalloc(1, sizeof *f);
	scmp_filter_ctx ctx;
	size_t len;
	int fd, r;

	f->flags = flag_bits(spec->flags);
	ctx = context_make(spec);
	fd = memfd_create("seccomp", MFD_CLOEXEC);
	if (fd < 0)
		diesys("linux.seccomp: memfd");
	r = seccomp_export_bpf(ctx, fd);
	if (r < 0) {
		errno = -r;
		diesys("linux.seccomp: libseccomp can't compile the filter");
	}
	seccomp_release(ctx);
	if (lseek(fd, 0, SEEK_SET) < 0)
		diesys("linux.seccomp: memfd");
	f->program.filter = (void *)io_slurp(fd, PROGRAM_MAX, &len);
	if (!f->program.filter)
		diesys("linux.seccomp: the filter is too long");
	f->program.len = len / sizeof(struct sock_filter);
	close(fd);
	seccomp_newer(spec, &f->program);
	return f;
}

void
seccomp_apply(const struct seccomp_filter *filter)
{
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, filter->flags,
		&filter->program) < 0)
		diesys("linux.seccomp: the kernel doesn't take the filter");
}
