/* SPDX-License-Identifier: ISC */
/*
 * Marks on a cgroup, extended attributes of its directory: oci-state(5), "How a
 * cgroup is known" and "What a cgroup leaves".  Whoever has the directory open
 * can read them when it is removed, too.
 */
#ifndef LIB_CGROUPMARK_H
#define LIB_CGROUPMARK_H

#include <sys/types.h>

/*
 * The first of each pair can be set with privilege over the machine only, so
 * that no container with a user namespace of its own takes it off, to whom the
 * directory may be delegated.  The second is for ordinary users.
 */
struct cgroupmark {
	const char *trusted, *user;
};

/* Whose it is; and how many processes in it were killed for want of memory. */
extern const struct cgroupmark cgroupmark_container, cgroupmark_oom_kill;

/* 0, or -1 with errno. */
int cgroupmark_set(int dir, const struct cgroupmark *m, const char *value);

/* At most size - 1 bytes and a 0; "" when there is none. */
void cgroupmark_get(
    int dir, const struct cgroupmark *m, char *value, size_t size);

/* Take it off; that it isn't there, or can't be, is no matter. */
void cgroupmark_drop(int dir, const struct cgroupmark *m);

#endif
