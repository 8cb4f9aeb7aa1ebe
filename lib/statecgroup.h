/* SPDX-License-Identifier: ISC */
/*
 * The control groups of a container as its state.json has them, oci-state(5):
 * by name and by what tells whether the name still stands for the same one.
 */
#ifndef LIB_STATECGROUP_H
#define LIB_STATECGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cJSON;

enum cgroup_role {
	CGROUP_MADE,   /* for the container */
	CGROUP_TAKEN,  /* it was there, empty, and stays */
	CGROUP_PARENT, /* made above the container's: others may be in it */
};

struct state_cgroup {
	char *path;             /* absolute */
	uint64_t device, inode; /* 0: planned, and there may be none */
	enum cgroup_role role;
};

struct state_cgroups {
	char *claim; /* what this container marks its own with; NULL: nothing */
	struct state_cgroup *v;
	size_t n;
};

/* Append one; the path is copied. */
void state_cgroups_add(struct state_cgroups *list, const char *path,
    uint64_t device, uint64_t inode, enum cgroup_role role);

/* Say what has come of the one of that path, which must be in the list. */
void state_cgroups_made(struct state_cgroups *list, const char *path,
    uint64_t device, uint64_t inode, enum cgroup_role role);

/* Take those out that have only been planned. */
void state_cgroups_settle(struct state_cgroups *list);

/* Copy what the object of a state.json says: 0, or -1 with a reason. */
int state_cgroups_parse(
    const struct cJSON *state, struct state_cgroups *list, const char **why);

/* Add the members to the object. */
void state_cgroups_write(struct cJSON *state, const struct state_cgroups *list);

/*
 * Whether one of those that are the container's alone was told to freeze, by
 * whoever it was.
 */
bool state_cgroups_frozen(const struct state_cgroups *list);

/* Takes whatever state_cgroups_parse left. */
void state_cgroups_free(struct state_cgroups *list);

#endif
