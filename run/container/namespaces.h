/* SPDX-License-Identifier: ISC */
/* Namespaces, new and joined (namespaces(7); config-linux.md). */
#ifndef RUN_CONTAINER_NAMESPACES_H
#define RUN_CONTAINER_NAMESPACES_H

#include <stdbool.h>
#include <sys/types.h>

struct spec;

struct namespaces {
	const struct spec *spec;
	int *joined; /* those to join, beside spec->namespaces; -1: a new one */
	bool outside;     /* some are joined before the clone, by the parent */
	bool user_joined; /* so all are joined by a process of its own */
};

/*
 * In the parent: look at what the specification asks for, open the namespaces
 * that are to be joined, and join that of processes, which counts for
 * children only.  Of a user namespace that is joined the specification is
 * given the id maps; one that is this process's own is taken out of it, and
 * so is a mount namespace.  Dies on a combination that can't be had.
 */
void namespaces_open(struct namespaces *n, struct spec *spec);

/*
 * Clone the container's process into its new namespaces, and into the cgroup
 * of the descriptor cgroup unless that is -1.  Returns as fork(2) does, in
 * the parent with a pidfd; the child has all signal handlers reset.  Dies.
 */
pid_t namespaces_clone(const struct namespaces *n, int cgroup, int *pidfd);

/*
 * With a user namespace that is joined: join all, in a process that is to
 * clone that of the container with namespaces_split.  Dies.
 */
void namespaces_join(const struct namespaces *n);

/* Likewise: the clone, as a child of this one's parent. */
pid_t namespaces_split(const struct namespaces *n, int *pidfd);

/*
 * In the child: join the others, then a new cgroup namespace, if asked for.
 * Without a new mount namespace the child has one all the same from here on, a
 * copy; the descriptor that is returned is of the one which it is to be in when
 * the root file system is made there (run/rootfs/detach.h), else -1.  Dies.
 */
int namespaces_enter(const struct namespaces *n);

/* In the child: host name, domain name, and the loopback device up. */
void namespaces_settle(const struct namespaces *n);

#endif
