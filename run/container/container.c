/* SPDX-License-Identifier: ISC */
/* A container as this program holds it. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/json.h"
#include "lib/mem.h"
#include "lib/procstat.h"
#include "lib/state.h"
#include "lib/statedir.h"
#include "run/cgroup/cgroup.h"
#include "run/container/container.h"
#include "run/container/exit.h"
#include "run/spec/spec.h"

/* What the end of this process takes with it. */
static struct container *held;

static char *
absolute(const char *path)
{
	char real[PATH_MAX];

	if (!realpath(path, real))
		diesys("%s", path);
	return xstrdup(real);
}

/*
 * Whether the container that has the ID may make room; locked: nobody else is
 * at it, so that one that is "creating" has lost its creator.
 */
static bool
is_over(int root, const char *id, struct state *old, bool locked)
{
	const char *why, *status;

	*old = (struct state){0};
	if (state_read(root, id, old, &why) < 0)
		return state_is_torn(root, id);
	status = state_status(old);
	if (strcmp(status, "stopped") == 0 ||
	    (locked && strcmp(status, "creating") == 0))
		return true;
	state_free(old);
	return false; /* state_claim knows what to say */
}

/*
 * A container that has stopped makes room for a new one of its name.  Its
 * cgroup may still hold processes that its program had started.
 */
static void
stopped_delete(int root, const char *id)
{
	struct state old;
	int dir;

	if (!is_over(root, id, &old, false))
		return;
	state_free(&old);
	dir = state_lock(root, id);
	if (dir < 0)
		return;
	/* Another one may have been quicker while this one waited. */
	if (!is_over(root, id, &old, true)) {
		state_unlock(dir);
		return;
	}
	if (state_is_of_this_boot(&old))
		cgroup_destroy(&old.cgroups);
	state_remove(root, id, dir);
	state_free(&old);
}

static cJSON *
annotations(char **pairs)
{
	cJSON *json = cJSON_CreateObject();

	for (; pairs && *pairs; pairs += 2)
		cJSON_AddStringToObject(json, pairs[0], pairs[1]);
	return json;
}

static void
held_delete(void)
{
	if (held)
		container_delete(held);
}

struct container *
container_create(
    int root, const char *id, const char *bundle, const struct spec *spec)
{
	struct container *c = xcalloc(1, sizeof *c);

	*c = (struct container){.root = root, .pidfd = -1};
	stopped_delete(root, id);
	c->state = (struct state){
	    .version = xstrdup(spec->version),
	    .id = xstrdup(id),
	    .status = xstrdup("creating"),
	    .bundle = absolute(bundle),
	    .rootfs = xstrdup(spec->root),
	    .created = state_time(),
	    .boot = xstrdup(state_boot()),
	    .annotations = annotations(spec->annotations),
	};
	c->dir = state_claim(root, &c->state);
	held = c;
	atexit(held_delete);
	cgroup_create(&c->cgroup, spec, id, geteuid() != 0);
	c->state.cgroups = *cgroup_list(c->cgroup);
	/* If this program is killed now, the next run knows what to remove. */
	state_write(c->dir, &c->state);
	return c;
}

void
container_start(struct container *c)
{
	cgroup_check(c->cgroup);
	free(c->state.status);
	c->state.status = xstrdup("running");
	c->state.pid = c->pid;
	c->state.start = procstat_start(c->pid);
	state_write(c->dir, &c->state);
	flock(c->dir, LOCK_UN);
}

void
container_release(struct container *c)
{
	held = NULL;
	state_unlock(c->dir);
}

/*
 * While its directory was unlocked, another run may have found this container
 * stopped, deleted it, and made its own of that name.
 */
static bool
is_still_there(const struct container *c)
{
	struct stat st;

	return flock(c->dir, LOCK_EX) == 0 && fstat(c->dir, &st) == 0 &&
	       st.st_nlink > 0;
}

void
container_delete(struct container *c)
{
	held = NULL;
	if (c->pidfd >= 0 &&
	    syscall(SYS_pidfd_send_signal, c->pidfd, SIGKILL, NULL, 0) == 0)
		exit_reap(c->pidfd);
	if (!is_still_there(c))
		return;
	if (c->cgroup)
		cgroup_destroy(cgroup_list(c->cgroup));
	state_remove(c->root, c->state.id, c->dir);
}
