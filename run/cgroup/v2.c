/* SPDX-License-Identifier: ISC */
/* cgroup v2 (Documentation/admin-guide/cgroup-v2.rst): one hierarchy. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "run/cgroup/backend.h"
#include "run/cgroup/device.h"
#include "run/cgroup/dir.h"
#include "run/cgroup/freeze.h"
#include "run/cgroup/kill.h"
#include "run/cgroup/setting.h"
#include "run/cgroup/tree.h"
#include "run/spec/spec.h"

#define FILE_MAX (1 << 20)

struct enabling {
	const struct cgroup_dir *dir;
	const struct settings *list;
	const char *available; /* in dir before anything was enabled */
};

static _Noreturn void
die_of_enabling(const struct setting *s, const char *path)
{
	switch (errno) {
	case EBUSY:
		die("%s: the controller %s can't be enabled below %s while "
		    "there are processes in that cgroup; move them to one "
		    "below it, or name another place in linux.cgroupsPath",
		    s->property, s->controller, path);
	case EACCES:
	case EPERM:
	case EROFS:
		die("%s: the controller %s isn't delegated to this user (%s/"
		    "cgroup.subtree_control: %s); under systemd, Delegate=yes "
		    "of the user's manager does that",
		    s->property, s->controller, path, strerror(errno));
	default:
		diesys("%s: the controller %s can't be enabled below %s",
		    s->property, s->controller, path);
	}
}

static void
enable(int dirfd, const char *path, void *arg)
{
	const struct enabling *e = arg;
	const struct setting *s;
	char *enabled, *word;

	if (strcmp(path, e->dir->path) == 0)
		return; /* enabled for the container's children by itself */
	enabled = io_slurp_at(dirfd, "cgroup.subtree_control", FILE_MAX, NULL);
	for (size_t i = 0; i < e->list->n; i++) {
		s = &e->list->v[i];
		if (s->optional ||
		    !word_in(e->dir->in->controllers, s->controller, " \n") ||
		    word_in(e->available, s->controller, " \n") ||
		    (enabled && word_in(enabled, s->controller, " \n")))
			continue;
		word = xasprintf("+%s", s->controller);
		if (control_write(dirfd, "cgroup.subtree_control", word) < 0)
			die_of_enabling(s, path);
		free(word);
	}
	free(enabled);
}

/*
 * A container that makes cgroups of its own, in a namespace and a mount of
 * its own, has to own the directory and the few files by which the kernel
 * delegates; limits stay ours (config-linux.md, "Cgroup ownership").
 */
static bool
is_delegated(const struct spec *spec)
{
	const struct namespace_spec *ns = spec_namespace(spec, CLONE_NEWCGROUP);
	const struct mount_spec *m;

	if (!ns || ns->path)
		return false;
	for (size_t i = 0; i < spec->nmounts; i++) {
		m = &spec->mounts[i];
		if (strcmp(m->type, "cgroup") != 0 ||
		    strcmp(m->destination, "/sys/fs/cgroup") != 0)
			continue;
		for (char **o = m->options; o && *o; o++)
			if (strcmp(*o, "ro") == 0)
				return false;
		return true;
	}
	return false;
}

static uid_t
host_uid(const struct spec *spec)
{
	uid_t uid = spec->process.uid;

	for (size_t i = 0; i < spec->nuid_map; i++)
		if (uid - spec->uid_map[i].inside < spec->uid_map[i].count)
			return uid - spec->uid_map[i].inside +
			       spec->uid_map[i].outside;
	return uid;
}

static void
delegate(const struct cgroup_dir *d, uid_t uid)
{
	char *files = io_slurp_at(
	    AT_FDCWD, "/sys/kernel/cgroup/delegate", FILE_MAX, NULL);
	char *rest, *file;

	if (!files)
		files = xstrdup("cgroup.procs\ncgroup.subtree_control\n"
				"cgroup.threads\n");
	if (fchown(d->fd, uid, -1) < 0)
		diesys("%s: it can't be given to user %u", d->path, uid);
	rest = files;
	while ((file = strsep(&rest, "\n")))
		if (*file && !strchr(file, '/') &&
		    fchownat(d->fd, file, uid, -1, AT_SYMLINK_NOFOLLOW) < 0 &&
		    errno != ENOENT)
			diesys("%s/%s: it can't be given to user %u", d->path,
			    file, uid);
	free(files);
}

static void
v2_prepare(const struct cgroup_dir *d, const struct spec *spec,
    const struct settings *list)
{
	struct enabling e = {d, list, NULL};
	char *available, *type;

	type = io_slurp_at(d->fd, "cgroup.type", FILE_MAX, NULL);
	if (type && strncmp(type, "domain invalid", 14) == 0)
		die("linux.cgroupsPath: %s: the cgroup above it is threaded, "
		    "and a container needs one that isn't",
		    d->path);
	free(type);
	if (list->n) {
		available =
		    io_slurp_at(d->fd, "cgroup.controllers", FILE_MAX, NULL);
		e.available = available ? available : "";
		cgroup_dir_descend(d, enable, &e);
		free(available);
	}
	if (is_delegated(spec) && host_uid(spec) != geteuid())
		delegate(d, host_uid(spec));
}

static void
v2_devices(const struct cgroup_dir *d, const struct device_policy *p)
{
	if (device_program_attach(d->fd, p) < 0)
		diesys("linux.resources.devices: the filter can't be loaded "
		       "for %s",
		    d->path);
}

/* There is no cgroup.kill before Linux 5.14, nor in a threaded cgroup. */
static void
v2_kill(int dirfd)
{
	if (control_write(dirfd, "cgroup.kill", "1") < 0)
		cgroup_kill(dirfd);
}

const struct cgroup_backend cgroup_v2 = {
    cgroup_v2_settings, v2_prepare, v2_devices, v2_kill, freeze_v2};
