/* SPDX-License-Identifier: ISC */
/* Extended attributes that an object has, and those that it should have. */
#include "unpack/objects/attrs.h"

#include <errno.h>
#include <string.h>
#include <sys/xattr.h>

#include "lib/tarentry.h"
#include "unpack/tree/owner.h"

#define XATTR_MAX 65536 /* the kernel's, of a value and of all names */

static char names[XATTR_MAX], value[XATTR_MAX], other[XATTR_MAX];

/* What the kernel or the host's policy gives a file by itself. */
static bool
is_the_hosts(const char *name)
{
	return !strcmp(name, "security.selinux") ||
	       !strcmp(name, "security.ima") || !strcmp(name, "security.evm");
}

static bool
is_named(const struct tar_entry *e, const char *name)
{
	for (size_t i = 0; i < e->nxattrs; i++)
		if (!strcmp(e->xattrs[i].name, name))
			return true;
	return false;
}

static bool
has_value(int fd, const struct tar_xattr *x)
{
	ssize_t n = fgetxattr(fd, x->name, value, sizeof value);

	return n >= 0 && x->len == (size_t)n &&
	       !memcmp(x->value, value, x->len);
}

/* Of both, the names in names; -1 with errno. */
static ssize_t
names_list(int fd)
{
	ssize_t n = flistxattr(fd, names, sizeof names);

	return n < 0 && errno == ENOTSUP ? 0 : n;
}

bool
attrs_said(const struct tree *t, const struct tar_entry *e, int fd)
{
	ssize_t n = names_list(fd);

	for (const char *p = names; p < names + n; p += strlen(p) + 1)
		if (!is_the_hosts(p) && !owner_is(t, p) && !is_named(e, p))
			return false;
	for (size_t i = 0; i < e->nxattrs; i++) {
		const struct tar_xattr *x = &e->xattrs[i];

		if (!is_the_hosts(x->name) && !owner_is(t, x->name) &&
		    !has_value(fd, x))
			return false;
	}
	return n >= 0;
}

/* Whether b has all of what a has. */
static bool
has_all(int a, int b)
{
	ssize_t n = names_list(a), k;

	for (const char *p = names; p < names + n; p += strlen(p) + 1) {
		if (is_the_hosts(p))
			continue;
		k = fgetxattr(a, p, value, sizeof value);
		if (k < 0 || fgetxattr(b, p, other, sizeof other) != k ||
		    memcmp(value, other, (size_t)k))
			return false;
	}
	return n >= 0;
}

bool
attrs_alike(int a, int b)
{
	return has_all(a, b) && has_all(b, a);
}
