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

#include "lib/io.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/procstat.h"
#include "lib/state.h"
#include "lib/statedir.h"
#include "run/cgroup/cgroup.h"
#include "run/cgroup/kept.h"
#include "run/container/container.h"
#include "run/container/exit.h"
#include "run/container/signals.h"
#include "run/hooks/hooks.h"
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

/* hooks NULL: they are in the config.json that was kept in dir. */
static bool
poststop(const struct state *s, int dir, const struct hook_list *hooks)
{
	struct hook_list kept[HOOK_POINTS];

	if (hooks)
		return hooks_poststop(hooks, s);
	spec_hooks_kept(dir, kept);
	return hooks_poststop(kept, s);
}

static cJSON *
annotations(char **pairs)
{
	cJSON *json = cJSON_CreateObject();

	for (; pairs && *pairs; pairs += 2)
		cJSON_AddStringToObject(json, pairs[0], pairs[1]);
	return json;
}

/* What made this program give up isn't to end the hooks that clean up, too. */
static void
held_delete(void)
{
	if (!held)
		return;
	signals_forget();
	container_delete(held);
}

void
container_hold(struct container *c)
{
	static bool registered;

	held = c;
	if (c && !registered)
		atexit(held_delete);
	registered |= c != NULL;
}

struct container *
container_create(
    int root, const char *id, const char *bundle, const struct spec *spec)
{
	struct container *c = xcalloc(1, sizeof *c);

	*c =
	    (struct container){.root = root, .pidfd = -1, .hooks = spec->hooks};
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
	/* If this program is killed, the next run knows what to remove. */
	c->cgroup = cgroup_plan(spec, id, geteuid() != 0);
	c->state.cgroups = *cgroup_list(c->cgroup);
	c->dir = state_claim(root, &c->state);
	container_hold(c);
	/* The bundle may be moved or changed while the container is there. */
	if (io_replace_unsynced(
		c->dir, "config.json", spec->text, spec->text_len, 0600) < 0)
		diesys("%s: config.json of the state", id);
	cgroup_create(c->cgroup);
	c->state.cgroups = *cgroup_list(c->cgroup);
	state_write(c->dir, &c->state);
	return c;
}

/* What a crash of the machine has left of one. */
static void
state_empty(const char *id, struct state *s)
{
	*s = (struct state){.id = xstrdup(id), .status = xstrdup("stopped")};
}

struct container *
container_try(int root, const char *id, bool lock)
{
	struct container *c = xcalloc(1, sizeof *c);
	const char *why = NULL;

	state_id_check(id);
	*c = (struct container){.root = root, .dir = -1, .pidfd = -1};
	errno = ENOENT;
	if (root >= 0)
		c->dir = lock ? state_lock(root, id) : state_open(root, id);
	if (c->dir < 0 && errno != ENOENT)
		diesys("%s", id);
	if (c->dir >= 0 && state_is_torn(root, id))
		state_empty(id, &c->state);
	else if (c->dir < 0 || state_read(root, id, &c->state, &why) < 0) {
		if (errno != ENOENT)
			die("%s: %s", id, why);
		if (c->dir >= 0)
			close(c->dir);
		free(c);
		return NULL;
	}
	/* Nobody else has the lock: its creator is gone. */
	if (lock && strcmp(c->state.status, "creating") == 0)
		c->state.abandoned = true;
	state_judge(&c->state);
	c->pid = c->state.pid;
	if (c->pid)
		c->pidfd = procstat_open(c->state.pid, c->state.start);
	return c;
}

static struct container *
container_need(int root, const char *id, bool lock)
{
	struct container *c = container_try(root, id, lock);

	if (!c)
		die("%s: container does not exist", id);
	return c;
}

struct container *
container_open(int root, const char *id)
{
	return container_need(root, id, true);
}

struct container *
container_look(int root, const char *id)
{
	return container_need(root, id, false);
}

void
container_begin(struct container *c)
{
	if (c->state.pid != c->pid)
		c->state.start = procstat_start(c->pid);
	c->state.pid = c->pid;
	state_write(c->dir, &c->state);
}

void
container_write(struct container *c, const char *status)
{
	if (c->cgroup)
		cgroup_check(c->cgroup);
	free(c->state.status);
	c->state.status = xstrdup(status);
	container_begin(c);
	flock(c->dir, LOCK_UN);
}

void
container_release(struct container *c)
{
	container_hold(NULL);
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

static const struct state_cgroups *
cgroups_of(const struct container *c)
{
	return c->cgroup ? cgroup_list(c->cgroup) : &c->state.cgroups;
}

bool
container_kill(const struct container *c)
{
	if (syscall(SYS_pidfd_send_signal, c->pidfd, SIGKILL, NULL, 0) < 0)
		return false;
	kept_signal(cgroups_of(c), SIGKILL); /* it may be frozen */
	return true;
}

/* Whether it has ended; a signal that ends this program ends the wait. */
static bool
end_await(const struct container *c)
{
	int signals = signals_ending();
	bool ended = exit_reap_killed(c->pidfd, signals);

	if (signals >= 0)
		close(signals);
	return ended;
}

/* Whether the process and its cgroups are gone, as far as this is told here. */
static bool
is_undone(const struct container *c, bool ended)
{
	if (state_is_of_this_boot(&c->state) &&
	    cgroup_destroy(cgroups_of(c)) < 0)
		return false;
	/* The end of its cgroups may have been what it waited for. */
	if (ended || end_await(c))
		return true;
	warn("%s: its process was killed and doesn't end; oci-delete tries it "
	     "again",
	    c->state.id);
	return false;
}

int
container_delete(struct container *c)
{
	bool ended = true;

	held = NULL;
	if (c->pidfd >= 0 && container_kill(c))
		ended = end_await(c);
	if (!is_still_there(c))
		return 0;
	/* The state is what is left of it is known by. */
	if (!is_undone(c, ended) || !poststop(&c->state, c->dir, c->hooks)) {
		state_unlock(c->dir);
		return -1;
	}
	return state_remove(c->root, c->state.id, c->dir);
}
