/* SPDX-License-Identifier: ISC */
/*
 * The state directory, one directory a container, and the file state.json in
 * it: oci-state(5).  Written by the programs that change a container, read by
 * those that look.
 */
#ifndef LIB_STATE_H
#define LIB_STATE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct cJSON;

struct state {
	char *version; /* ociVersion of the bundle */
	char *id;
	char *status;   /* as written: "creating", "created", "running" */
	pid_t pid;      /* 0: none yet */
	uint64_t start; /* of that process: /proc/PID/stat, field 22 */
	char *bundle;   /* absolute */
	char *rootfs;   /* absolute */
	char *created;  /* RFC 3339 with nanoseconds, UTC */
	char *cgroup;   /* directories, separated by ':'; may be "" */
	struct cJSON *annotations; /* an object, or NULL */
};

/*
 * The directory of all containers: root if not NULL; /run/oci for root;
 * $XDG_RUNTIME_DIR/oci or /tmp/oci-UID for others.  Opens it; make creates it
 * (mode 0700).  Dies when it can't or when it belongs to somebody else; -1
 * when it isn't there and make is false.
 */
int state_root(const char *root, bool make);

/* Whether id is a name a container can have: [A-Za-z0-9_+.-]{1,255}. */
bool state_id_valid(const char *id);

/*
 * Read ID/state.json.  0; -1 with a reason (no such container, not ours to
 * read, not a state file).
 */
int state_read(int root, const char *id, struct state *s, const char **why);

/* Write it in one step; dies. dir is the container's directory. */
void state_write(int dir, const struct state *s);
void state_free(struct state *s);

/*
 * What the container is now: the status as written, or "stopped" when its
 * process is gone, is a zombie, or has another start time (the pid was used
 * again).
 */
const char *state_status(const struct state *s);

/* Start time of a process in clock ticks since boot; 0: there is none. */
uint64_t process_start(pid_t pid);

#endif
