/* SPDX-License-Identifier: ISC */
/* Reads "linux.seccomp" (config-linux.md, "Seccomp"). */
#include "lib/mem.h"
#include "run/spec/json.h"

#define RULES_MAX 16384
#define CONDITIONS_MAX 1024

static uint64_t
arg_value(const cJSON *json, const char *name)
{
	const cJSON *item = json_get(json, name);
	uint64_t n = 0;

	if (item && json_uint(item, UINT64_MAX, &n) < 0)
		spec_die(
		    "linux.seccomp.syscalls.args", name, "must be an integer");
	return n;
}

static void
rule_args(const cJSON *json, struct seccomp_rule *r)
{
	const char *const where = "linux.seccomp.syscalls.args";
	const cJSON *item =
	    get_objects(json, "linux.seccomp.syscalls", "args", &r->nargs);
	struct seccomp_arg *a;

	a = r->args = xcalloc(r->nargs, sizeof(*a));
	for (; item; item = item->next, a++) {
		a->index = need_int(item, where, "index", 0, 5);
		a->value = arg_value(item, "value");
		a->value_two = arg_value(item, "valueTwo");
		a->op = need_string(item, where, "op");
	}
}

static void
rules(const cJSON *json, struct seccomp_spec *s)
{
	const char *const where = "linux.seccomp.syscalls";
	const cJSON *item =
	    get_objects(json, "linux.seccomp", "syscalls", &s->nrules);
	struct seccomp_rule *r;

	if (s->nrules > RULES_MAX)
		spec_die("linux.seccomp", "syscalls", "more than %d rules",
		    RULES_MAX);
	r = s->rules = xcalloc(s->nrules, sizeof(*r));
	for (; item; item = item->next, r++) {
		r->names = get_strings(item, where, "names");
		r->action = need_string(item, where, "action");
		r->errno_ret = get_int(item, where, "errnoRet", 0, 4095);
		rule_args(item, r);
	}
}

static size_t
length(char **texts)
{
	size_t n = 0;

	while (texts[n])
		n++;
	return n;
}

/*
 * libseccomp takes eight times as long for twice the conditions on arguments,
 * and each is up to four instructions of the 4096 that the kernel takes, for
 * every system call and architecture that it is said of.
 */
static void
conditions_check(const struct seccomp_spec *s)
{
	size_t architectures = length(s->architectures), n = 0;

	for (size_t i = 0; i < s->nrules; i++)
		n += s->rules[i].nargs * length(s->rules[i].names);
	if (architectures > 1)
		n *= architectures;
	if (n > CONDITIONS_MAX)
		spec_die("linux.seccomp.syscalls", "args",
		    "more than %d conditions, each counted for every name and "
		    "architecture",
		    CONDITIONS_MAX);
}

struct seccomp_spec *
spec_seccomp(const cJSON *linux_)
{
	const char *const undone[] = {"listenerPath", "listenerMetadata", NULL};
	const cJSON *json = get_object(linux_, "linux", "seccomp");
	struct seccomp_spec *s;

	if (!json)
		return NULL;
	refuse(json, "linux.seccomp", undone);
	s = xcalloc(1, sizeof(*s));
	s->default_action = need_string(json, "linux.seccomp", "defaultAction");
	s->default_errno =
	    get_int(json, "linux.seccomp", "defaultErrnoRet", 0, 4095);
	s->architectures = get_strings(json, "linux.seccomp", "architectures");
	s->flags = get_strings(json, "linux.seccomp", "flags");
	rules(json, s);
	conditions_check(s);
	return s;
}
