/* SPDX-License-Identifier: ISC */
/*
 * Capability sets (capabilities(7); config.md, "process.capabilities").
 *
 * A container may ask for what its runtime doesn't have itself: it gets the
 * rest, and a warning.  The sets are masks, bit n for capability n, so they
 * are given to the kernel as they are; libcap knows the names.
 */
#include <linux/capability.h>
#include <stdbool.h>
#include <stdint.h>
#include <strings.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/die.h"
#include "run/process/capabilities.h"
#include "run/spec/spec.h"

#define CAPABILITIES_MAX 64

struct sets {
	uint64_t effective, permitted, inheritable;
};

#define TEXT(x) #x
#define NUMBER(x) TEXT(x)

const char *
capabilities_library(void)
{
#ifdef LIBCAP_MAJOR
	return "libcap/" NUMBER(LIBCAP_MAJOR) "." NUMBER(LIBCAP_MINOR);
#else
	return "libcap/unknown"; /* before 2.47, which can't be asked either */
#endif
}

int
capability_number(const char *name)
{
	cap_value_t number;

	/* libcap takes plain numbers as well. */
	if (strncasecmp(name, "CAP_", 4) != 0)
		return -1;
	return cap_from_name(name, &number) == 0 ? number : -1;
}

static bool
has(uint64_t set, int number)
{
	return set >> number & 1;
}

void
capabilities_bound(const struct process_spec *p)
{
	for (int n = 0; n < CAPABILITIES_MAX; n++) {
		/* 1: in the bounding set, 0: not; -1: beyond the last one */
		int in = prctl(PR_CAPBSET_READ, n, 0, 0, 0);

		if (in < 0)
			break;
		if (in && !has(p->bounding, n) &&
		    prctl(PR_CAPBSET_DROP, n, 0, 0, 0) < 0)
			diesys("process.capabilities.bounding: capability %d "
			       "can't be dropped",
			    n);
	}
}

void
capabilities_keep(void)
{
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		diesys("the capabilities can't be kept for another user");
}

static void
sets_get(struct sets *s)
{
	struct __user_cap_header_struct header = {
	    _LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct d[2];

	if (syscall(SYS_capget, &header, d) < 0)
		diesys("capget");
	s->effective = d[0].effective | (uint64_t)d[1].effective << 32;
	s->permitted = d[0].permitted | (uint64_t)d[1].permitted << 32;
	s->inheritable = d[0].inheritable | (uint64_t)d[1].inheritable << 32;
}

static void
sets_set(const struct sets *s)
{
	struct __user_cap_header_struct header = {
	    _LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct d[2] = {
	    {s->effective, s->permitted, s->inheritable},
	    {s->effective >> 32, s->permitted >> 32, s->inheritable >> 32}};

	if (syscall(SYS_capset, &header, d) < 0)
		diesys("process.capabilities: they can't be set");
}

static uint64_t
bounding_get(void)
{
	uint64_t set = 0;
	int in;

	for (int n = 0; n < CAPABILITIES_MAX; n++) {
		in = prctl(PR_CAPBSET_READ, n, 0, 0, 0);
		if (in < 0)
			break;
		if (in)
			set |= (uint64_t)1 << n;
	}
	return set;
}

/* One line for all capabilities of a set, none when it is empty. */
static void
warn_of(uint64_t set, const char *property, const char *why)
{
	struct buf names = {0};
	char *name;

	if (!set)
		return;
	for (int n = 0; n < CAPABILITIES_MAX; n++)
		if (has(set, n) && (name = cap_to_name(n))) {
			buf_addf(&names, " %s", name);
			cap_free(name);
		}
	warn("%s:%s: %s", property, names.data, why);
	buf_free(&names);
}

/* A thread's ambient set is within what is both permitted and inheritable. */
static void
ambient_set(uint64_t set, const struct sets *s)
{
	uint64_t can = s->permitted & s->inheritable;

	warn_of(set & ~can, "process.capabilities.ambient",
	    "not in the permitted and the inheritable set, passed over");
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		diesys("process.capabilities.ambient: it can't be cleared");
	for (int n = 0; n < CAPABILITIES_MAX; n++)
		if (has(set & can, n) &&
		    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, n, 0, 0) < 0)
			diesys("process.capabilities.ambient: capability %d "
			       "can't be raised",
			    n);
}

void
capabilities_apply(const struct process_spec *p)
{
	struct sets now, to;
	uint64_t bounding = bounding_get();

	sets_get(&now);
	to.permitted = p->permitted & now.permitted;
	to.effective = p->effective & to.permitted;
	/* What is added must be permitted and in the bounding set. */
	to.inheritable =
	    p->inheritable & (now.inheritable | (now.permitted & bounding));
	warn_of((p->bounding & ~bounding) | (p->permitted & ~to.permitted) |
		    (p->effective & ~to.effective) |
		    (p->inheritable & ~to.inheritable),
	    "process.capabilities", "can't be granted here, passed over");
	sets_set(&to);
	ambient_set(p->ambient, &to);
}

static uint64_t
lower(uint64_t which)
{
	uint64_t effective;
	struct sets s;

	sets_get(&s);
	effective = s.effective;
	s.effective &= ~which;
	sets_set(&s);
	return effective;
}

uint64_t
capabilities_lower(void)
{
	return lower(~(uint64_t)0);
}

uint64_t
capabilities_lower_magic(void)
{
	return lower((uint64_t)1 << CAP_SYS_ADMIN |
		     (uint64_t)1 << CAP_SYS_PTRACE |
		     (uint64_t)1 << CAP_CHECKPOINT_RESTORE);
}

void
capabilities_raise(uint64_t effective)
{
	struct sets s;

	sets_get(&s);
	s.effective = effective;
	sets_set(&s);
}
