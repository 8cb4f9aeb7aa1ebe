/* SPDX-License-Identifier: ISC */
/* Marks on a cgroup. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/xattr.h>

#include "lib/cgroupmark.h"

const struct cgroupmark cgroupmark_container = {
    "trusted.oci.container", "user.oci.container"};
const struct cgroupmark cgroupmark_oom_kill = {
    "trusted.oci.oom_kill", "user.oci.oom_kill"};

static bool
is_not_for_us(int error)
{
	return error == EPERM || error == EACCES || error == ENOTSUP;
}

int
cgroupmark_set(int dir, const struct cgroupmark *m, const char *value)
{
	size_t n = strlen(value);
	int r = fsetxattr(dir, m->trusted, value, n, 0);

	if (r < 0 && is_not_for_us(errno))
		r = fsetxattr(dir, m->user, value, n, 0);
	return r;
}

void
cgroupmark_get(int dir, const struct cgroupmark *m, char *value, size_t size)
{
	ssize_t n = fgetxattr(dir, m->trusted, value, size - 1);

	if (n < 0)
		n = fgetxattr(dir, m->user, value, size - 1);
	value[n < 0 ? 0 : n] = '\0';
}

void
cgroupmark_drop(int dir, const struct cgroupmark *m)
{
	fremovexattr(dir, m->trusted);
	fremovexattr(dir, m->user);
}
