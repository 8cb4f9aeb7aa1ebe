/* SPDX-License-Identifier: ISC */
/*
 * Control groups of one container: it gets one in every hierarchy that is
 * mounted.  In a hierarchy where it had none, the root of its cgroup namespace
 * would be the cgroup of the runtime, and on cgroup v1, with CAP_SYS_ADMIN,
 * it would mount that and find the host's release_agent.
 *
 * The first is where the container is found, frozen and killed: v2's, also
 * beside v1, else the freezer's, else that of pids.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/mem.h"
#include "lib/statecgroup.h"
#include "run/cgroup/backend.h"
#include "run/cgroup/cgroup.h"
#include "run/cgroup/claim.h"
#include "run/cgroup/device.h"
#include "run/cgroup/dir.h"
#include "run/cgroup/plan.h"
#include "run/cgroup/reach.h"
#include "run/cgroup/setting.h"
#include "run/cgroup/tree.h"
#include "run/container/clone.h"
#include "run/spec/spec.h"

/* What a new cgroup is made from. */
struct plan {
	const struct spec *spec;
	const char *id;
	struct settings settings;
	bool privileged; /* over the machine, not a user namespace alone */
};

struct cgroup {
	struct plan plan;
	struct cgroup_tree tree;
	struct cgroup_dir *dirs;
	size_t ndirs;
	struct state_cgroups list;
};

static bool
is_refusal(int error)
{
	return error == EACCES || error == EPERM || error == EROFS;
}

static _Noreturn void
die_of_refusal(const struct setting *s, const char *path, bool privileged)
{
	diesys("%s: %s: the cgroup can't be made%s",
	    s ? s->property : "linux.cgroupsPath", path,
	    !is_refusal(errno) ? ""
	    : privileged       ? "; mount the cgroups writable"
			       : "; have it delegated to this user, or ask for "
				 "no limits and no path");
}

/* The directory can't be made: die unless the container can do without. */
static void
do_without(const struct plan *p, const struct hierarchy *h,
    const struct setting *s, bool first, const char *path)
{
	int error = errno;

	if (!is_refusal(error) || s || (first && p->spec->cgroups_path))
		die_of_refusal(s, path, p->privileged);
	if (!reach_of(p->spec, h))
		return;
	errno = error;
	diesys("linux.namespaces: %s: the cgroup can't be made, and without it "
	       "the container could change %s%s, where this process is; mount "
	       "the cgroups writable",
	    path, h->mount, h->own);
}

/* Make the directory in one hierarchy, and write its settings. */
static void
dir_add(struct cgroup *c, const struct hierarchy *h)
{
	const struct plan *p = &c->plan;
	const struct setting *s = setting_in(&p->settings, h);
	struct cgroup_dir *d;
	char *name;

	name = plan_name(h, p->spec, p->id);
	d = &c->dirs[c->ndirs];
	if (cgroup_dir_make(d, h, name, &c->list) < 0) {
		do_without(p, h, s, c->ndirs == 0, d->path);
		free(name);
		return;
	}
	c->ndirs++;
	free(name);
	h->backend->prepare(d, p->spec, &p->settings);
	settings_write(&p->settings, h, d->fd, d->path);
}

static const struct cgroup_dir *
dir_of(const struct cgroup *c, const char *controller)
{
	for (size_t i = 0; i < c->ndirs; i++)
		if (word_in(c->dirs[i].in->controllers, controller, ", \n"))
			return &c->dirs[i];
	return NULL;
}

static const struct cgroup_dir *
dir_v2(const struct cgroup *c)
{
	for (size_t i = 0; i < c->ndirs; i++)
		if (c->dirs[i].in->backend == &cgroup_v2)
			return &c->dirs[i];
	return NULL;
}

/* In a user namespace no device can be made, and no rule be given. */
static void
devices_set(const struct cgroup *c, const struct spec *spec)
{
	const struct cgroup_dir *d = dir_of(c, "devices");
	struct device_policy policy;

	device_policy_make(&policy, &spec->resources);
	if (!d && !cgroup_tree_find(&c->tree, "devices"))
		d = dir_v2(c);
	if (d)
		d->in->backend->devices(d, &policy);
	else if (!policy.allow || policy.n)
		die("linux.resources.devices: there is no cgroup here that can "
		    "be written to, and nothing else can hold a container to "
		    "its devices; mount /sys/fs/cgroup writable, or allow all "
		    "devices");
	free(policy.v);
}

/* Where the container is found, frozen and killed. */
static const struct hierarchy *
tracker(const struct cgroup_tree *t)
{
	const struct hierarchy *h = cgroup_tree_v2(t);

	if (!h)
		h = cgroup_tree_find(t, "freezer");
	return h ? h : cgroup_tree_find(t, "pids");
}

/* Open what is written to to enter it. */
static void
entrance_open(struct cgroup_dir *d)
{
	bool v2 = d->in->backend == &cgroup_v2;
	const char *file = v2 ? "cgroup.procs" : "tasks";

	d->procs = openat(d->fd, file, O_WRONLY | O_CLOEXEC);
	if (d->procs < 0)
		diesys("%s/%s", d->path, file);
}

/* The hierarchies in the order in which they are gone through. */
static const struct hierarchy *
hierarchy_at(const struct cgroup_tree *t, size_t i)
{
	const struct hierarchy *first = tracker(t);

	if (!first || i > (size_t)(first - t->v))
		return &t->v[i];
	return i == 0 ? first : &t->v[i - 1];
}

struct cgroup *
cgroup_plan(const struct spec *spec, const char *id, bool rootless)
{
	struct cgroup *c = xcalloc(1, sizeof *c);
	const struct hierarchy *h;
	char *name;

	c->plan = (struct plan){.spec = spec, .id = id};
	if (spec->cgroups_path)
		plan_path_check(spec->cgroups_path);
	c->plan.privileged = !rootless && !reach_is_limited();
	cgroup_tree_read(&c->tree);
	if (c->plan.privileged)
		reach_check_unmounted(spec, &c->tree);
	plan_settings(&c->tree, &spec->resources, &c->plan.settings);
	c->dirs = xcalloc(c->tree.n + 1, sizeof *c->dirs);
	c->list.claim = claim_new();
	for (size_t i = 0; i < c->tree.n; i++) {
		h = hierarchy_at(&c->tree, i);
		name = plan_name(h, spec, id);
		plan_list(&c->list, h->mount, name);
		free(name);
	}
	return c;
}

/* A fresh one of v2: see clone_is_lost about others. */
static bool
is_cloned_into(const struct cgroup_dir *d)
{
	return d->in->backend == &cgroup_v2 && d->made && clone3_is_there();
}

void
cgroup_devices(const struct cgroup *c)
{
	if (c->plan.privileged)
		devices_set(c, c->plan.spec);
}

void
cgroup_create(struct cgroup *c)
{
	for (size_t i = 0; i < c->tree.n; i++)
		dir_add(c, hierarchy_at(&c->tree, i));
	state_cgroups_settle(&c->list);
	if (!c->plan.spec->mounts_device)
		cgroup_devices(c);
	for (size_t i = 0; i < c->ndirs; i++)
		if (!is_cloned_into(&c->dirs[i]))
			entrance_open(&c->dirs[i]);
}

int
cgroup_clone_fd(const struct cgroup *c)
{
	const struct cgroup_dir *d = dir_v2(c);

	return d && d->procs < 0 ? d->fd : -1;
}

void
cgroup_clone_apart(struct cgroup *c)
{
	for (size_t i = 0; i < c->ndirs; i++)
		if (c->dirs[i].procs < 0)
			entrance_open(&c->dirs[i]);
}

void
cgroup_enter(const struct cgroup *c)
{
	for (size_t i = 0; i < c->ndirs; i++)
		if (c->dirs[i].procs >= 0 &&
		    write(c->dirs[i].procs, "0", 1) != 1)
			diesys(
			    "%s: the cgroup can't be entered", c->dirs[i].path);
}

void
cgroup_check(const struct cgroup *c)
{
	for (size_t i = 0; i < c->ndirs; i++)
		if (!claim_is(c->dirs[i].fd, c->list.claim, NULL))
			die("linux.cgroupsPath: %s: another container has "
			    "taken it at the same time",
			    c->dirs[i].path);
}

const struct state_cgroups *
cgroup_list(const struct cgroup *c)
{
	return &c->list;
}

const struct cgroup_dir *
cgroup_dirs(const struct cgroup *c, size_t *n)
{
	*n = c->ndirs;
	return c->dirs;
}

const struct cgroup_tree *
cgroup_tree(const struct cgroup *c)
{
	return &c->tree;
}
