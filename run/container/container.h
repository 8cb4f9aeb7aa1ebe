/* SPDX-License-Identifier: ISC */
/*
 * A container as this program holds it: its state directory, its cgroup and
 * its first process.  What was made is unmade when the program dies, until
 * container_release.
 */
#ifndef RUN_CONTAINER_CONTAINER_H
#define RUN_CONTAINER_CONTAINER_H

#include <sys/types.h>

struct spec;
struct cgroup;

struct container {
	const char *id;
	pid_t pid;
	int pidfd;
	struct cgroup *cgroup;
};

/*
 * Take the ID: a container of that name that is stopped is removed first;
 * one that isn't is an error.  root: the state directory, which stays open.
 * There is one container in a process.  Dies.
 */
struct container *container_claim(
    int root, const char *id, const char *bundle, const struct spec *spec);

/* Make its cgroup. */
void container_cgroup(struct container *c, const struct spec *spec);

/* Write down that its process runs, and let others at it. */
void container_running(struct container *c);

/* Leave it to itself. */
void container_release(void);

/* Kill what is left of it and remove all that was made for it. */
void container_remove(void);

#endif
