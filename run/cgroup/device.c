/* SPDX-License-Identifier: ISC */
/* Which devices a container may use. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/die.h"
#include "lib/mem.h"
#include "run/cgroup/device.h"

#define RULES_MAX 1024

/*
 * A container may use these, unless it may use all but a few.  Nodes of any
 * device can be made, not used: image builders unpack them.  net/tun has always
 * been in the lists of other runtimes, and programs for private networks count
 * on it.
 */
static const struct device_rule defaults[] = {
    {true, 'c', -1, -1, "m"}, {true, 'b', -1, -1, "m"},
    {true, 'c', 1, 3, "rwm"},    /* null */
    {true, 'c', 1, 5, "rwm"},    /* zero */
    {true, 'c', 1, 7, "rwm"},    /* full */
    {true, 'c', 1, 8, "rwm"},    /* random */
    {true, 'c', 1, 9, "rwm"},    /* urandom */
    {true, 'c', 5, 0, "rwm"},    /* tty */
    {true, 'c', 5, 1, "rwm"},    /* console */
    {true, 'c', 5, 2, "rwm"},    /* ptmx */
    {true, 'c', 136, -1, "rwm"}, /* pts */
    {true, 'c', 10, 200, "rwm"}, /* net/tun */
};

#define N_DEFAULTS (sizeof defaults / sizeof *defaults)

static bool
covers(int64_t wide, int64_t narrow)
{
	return wide == -1 || wide == narrow;
}

/* Whether a speaks of every device that b speaks of. */
static bool
contains(const struct device_rule *a, const struct device_rule *b)
{
	return a->type == b->type && covers(a->major, b->major) &&
	       covers(a->minor, b->minor);
}

static bool
overlaps(const struct device_rule *a, const struct device_rule *b)
{
	return a->type == b->type &&
	       (covers(a->major, b->major) || covers(b->major, a->major)) &&
	       (covers(a->minor, b->minor) || covers(b->minor, a->minor));
}

/* Take the letters of less away, or add those of more. */
static void
access_change(char access[4], const char *less, const char *more)
{
	char out[4] = "";
	size_t n = 0;

	for (const char *c = "rwm"; *c; c++)
		if ((strchr(access, *c) && !strchr(less, *c)) ||
		    strchr(more, *c))
			out[n++] = *c;
	memcpy(access, out, sizeof out);
}

static bool
same_letter(const char *a, const char *b)
{
	return strpbrk(a, b) != NULL;
}

static void
exception_add(struct device_policy *p, const struct device_rule *r)
{
	for (size_t i = 0; i < p->n; i++)
		if (contains(&p->v[i], r) && contains(r, &p->v[i])) {
			access_change(p->v[i].access, "", r->access);
			return;
		}
	if (p->n == RULES_MAX)
		die("linux.resources.devices: more than %d rules", RULES_MAX);
	p->v = xreallocarray(p->v, p->n + 1, sizeof *p->v);
	p->v[p->n] = *r;
	access_change(p->v[p->n++].access, "", "");
}

/* A rule of the policy's own kind: the exceptions that it covers end. */
static void
exception_remove(struct device_policy *p, const struct device_rule *r)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->n; i++) {
		struct device_rule *e = &p->v[i];

		if (contains(r, e))
			access_change(e->access, r->access, "");
		else if (overlaps(r, e) && same_letter(r->access, e->access))
			die("linux.resources.devices: \"%s\" is to be %s, but "
			    "an earlier rule about \"%s\" says otherwise of "
			    "more than that, and cgroups have no order of "
			    "rules: list what to %s instead",
			    device_rule_text(r),
			    r->allow ? "allowed" : "denied",
			    device_rule_text(e), r->allow ? "deny" : "allow");
		if (*e->access)
			p->v[kept++] = *e;
	}
	p->n = kept;
}

static void
rule_apply(struct device_policy *p, const struct device_rule *r)
{
	struct device_rule half = *r;

	if (r->type == 'a' && r->major == -1 && r->minor == -1 &&
	    strlen(r->access) == 3) {
		p->allow = r->allow;
		p->n = 0;
	} else if (r->type == 'a') {
		half.type = 'b';
		rule_apply(p, &half);
		half.type = 'c';
		rule_apply(p, &half);
	} else if (r->allow == p->allow) {
		exception_remove(p, r);
	} else {
		exception_add(p, r);
	}
}

void
device_policy_make(struct device_policy *p, const struct resources *r)
{
	*p = (struct device_policy){0};
	for (size_t i = 0; i < r->ndevices; i++)
		rule_apply(p, &r->devices[i]);
	for (size_t i = 0; !p->allow && i < N_DEFAULTS; i++)
		rule_apply(p, &defaults[i]);
}

static const char *
number(int64_t n, char text[24])
{
	if (n < 0)
		return "*";
	snprintf(text, 24, "%" PRId64, n);
	return text;
}

char *
device_rule_text(const struct device_rule *r)
{
	char major[24], minor[24];

	return xasprintf("%c %s:%s %s", r->type, number(r->major, major),
	    number(r->minor, minor), r->access);
}
