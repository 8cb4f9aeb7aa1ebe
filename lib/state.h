/* SPDX-License-Identifier: ISC */
/*
 * What is known of one container: the file state.json in its directory,
 * oci-state(5).  Where the directories are: lib/statedir.h.
 */
#ifndef LIB_STATE_H
#define LIB_STATE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/statecgroup.h"

struct cJSON;

struct state {
	char *version; /* ociVersion of the bundle */
	char *id;
	char *status;   /* as written: "creating", "created", "running" */
	pid_t pid;      /* of the container's first process; 0: none yet */
	uint64_t start; /* procstat_start of it */
	char *boot;     /* state_boot of the writer, or NULL: not known */
	char *bundle;   /* absolute */
	char *rootfs;   /* absolute */
	char *created;  /* RFC 3339, see state_time */
	struct state_cgroups cgroups;
	struct cJSON *annotations; /* an object of strings, or NULL */
	/* Not in the file: that of one that has ended, where it was kept. */
	bool exit_known;
	int exit_status;
	bool abandoned; /* not in the file: "creating", and nobody does */
};

/*
 * Read ID/state.json below the directory root, without a lock.  0; -1 with a
 * reason, and errno ENOENT when there is no such container.  Whatever the
 * file is, this neither hangs nor follows a link.
 */
int state_read(int root, const char *id, struct state *s, const char **why);

/* Replace the file in one step; dir is the container's, locked.  Dies. */
void state_write(int dir, const struct state *s);
void state_free(struct state *s);

/*
 * What the container is now (runtime-spec runtime.md, "State"): the status
 * as written, "stopped" when its process doesn't live, its creator died or the
 * machine was started again since, or "paused" when its cgroup is frozen.
 */
const char *state_status(const struct state *s);

/* Make status and pid those of now, 0 where there is no process any more. */
void state_judge(struct state *s);

/*
 * What this run of the machine is called, /proc/sys/kernel/random/boot_id;
 * "" where that isn't to be had.
 */
const char *state_boot(void);

/* Whether it was written in this run of the machine, as far as can be told. */
bool state_is_of_this_boot(const struct state *s);

/* The time as "created" gives it: UTC with nanoseconds, owned. */
char *state_time(void);

#endif
