/* SPDX-License-Identifier: ISC */
/* The mounts of config.json. */
#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/syscalls.h"
#include "run/cgroup/cgroup.h"
#include "run/rootfs/anchor.h"
#include "run/rootfs/copyup.h"
#include "run/rootfs/mount.h"
#include "run/rootfs/mount_old.h"
#include "run/rootfs/mount_options.h"
#include "run/rootfs/mounts.h"
#include "run/rootfs/path.h"
#include "run/rootfs/root.h"
#include "run/spec/spec.h"

/*
 * Where the mount goes.  A link that the image put at /proc or /sys would
 * make these pass for something else: for them no component may be one.
 */
static int
target_open(const struct mount_spec *m, const struct root *root, bool directory)
{
	struct stat st;
	int fd;

	fd = path_make(root, m->destination, directory);
	if (fd >= 0 &&
	    (strcmp(m->type, "proc") == 0 || strcmp(m->type, "sysfs") == 0)) {
		close(fd);
		fd = path_open_plain(root, m->destination);
	}
	if (fd < 0 || fstat(fd, &st) < 0)
		diesys("config.json: mounts: %s", m->destination);
	if (root_same(fd, root->fd))
		die("config.json: mounts: %s: would cover the root file "
		    "system, which is not supported",
		    m->destination);
	if (directory != S_ISDIR(st.st_mode))
		die("config.json: mounts: %s: %s", m->destination,
		    directory
			? "is not a directory in the image, but the source is"
			: "is a directory in the image, but the source is not");
	return fd;
}

/* What the error of mapping the ids of a mount may mean. */
static const char *
idmap_hint(int error)
{
	return error == EINVAL
		   ? " (can this file system map ids? not all can yet)"
	       : error == EPERM
		   ? " (the file system belongs to another user namespace, or "
		     "its ids are mapped already)"
		   : "";
}

/*
 * To map ids takes rights over the file system, which the user namespace of
 * the container hasn't: the clone comes from the parent.
 */
static int
idmapped_open(const struct mount_spec *m, const struct spec *spec,
    const struct root *root, bool *directory)
{
	struct stat st;
	int fd;

	if (!m->nuid_map && !spec_namespace(spec, CLONE_NEWUSER))
		die("config.json: mounts: %s: option idmap needs uidMappings "
		    "and gidMappings, or a user namespace",
		    m->destination);
	fd = root->opener(m - spec->mounts);
	if (fd < 0 || fstat(fd, &st) < 0)
		diesys("config.json: mounts: %s: mapped ids of %s%s",
		    m->destination, m->source, idmap_hint(errno));
	*directory = S_ISDIR(st.st_mode);
	return fd;
}

static int
bind_open(const struct mount_spec *m, const struct mount_options *o,
    const struct spec *spec, const struct root *root, bool *directory)
{
	struct stat st;
	int fd, clone;

	if (o->idmap)
		return idmapped_open(m, spec, root, directory);
	fd = root_open_outside(root, m->source, m - spec->mounts, 0);
	if (fd < 0 || fstat(fd, &st) < 0)
		diesys("config.json: mounts: %s: source %s", m->destination,
		    m->source);
	clone = mount_clone(fd, o->recursive);
	if (clone < 0)
		diesys("config.json: mounts: %s: bind of %s", m->destination,
		    m->source);
	close(fd);
	*directory = S_ISDIR(st.st_mode);
	return clone;
}

/*
 * A tmpfs whose mode isn't said gets that of the directory that it covers, as
 * other runtimes have it: what the image keeps from others stays so.  Where
 * there is none yet, everybody may write to it, and nothing is copied up.
 */
static void
tmpfs_prepare(const struct mount_spec *m, const struct root *root,
    struct mount_options *o)
{
	int fd = path_open(root, m->destination);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISDIR(st.st_mode))
		o->copyup = false;
	else if (!o->copyup && !mount_options_give(o, "mode="))
		mount_options_add(o, xasprintf("mode=%o", st.st_mode & 07777));
	if (fd >= 0)
		close(fd);
}

/*
 * Whether a new tmpfs becomes read-only at the end only: a mount in it, or a
 * device if it is on /dev, needs a place there first.  If so, o says nothing of
 * read-only any more.
 */
static bool
protects_late(const struct mount_spec *m, struct mount_options *o)
{
	const uint64_t ro = (o->set | o->tree_set) & MOUNT_ATTR_RDONLY;

	if (o->bind || strcmp(m->type, "tmpfs") != 0)
		return false;
	o->set &= ~ro;
	o->tree_set &= ~ro;
	return ro;
}

/* Whether the user namespace that this process is in owns its network. */
static bool
network_is_own(void)
{
	int net = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	int owner = net < 0 ? -1 : ioctl(net, NS_GET_USERNS);
	struct stat its, own;
	bool is = owner >= 0 && fstat(owner, &its) == 0 &&
		  stat("/proc/self/ns/user", &own) == 0 &&
		  its.st_dev == own.st_dev && its.st_ino == own.st_ino;

	if (net >= 0)
		close(net);
	if (owner >= 0)
		close(owner);
	return is;
}

/*
 * A sysfs shows the devices of a network namespace, and is to be had in the
 * user namespace of that alone.  With another's network, the host's maybe, the
 * host's is there in its place; -1 when that isn't the cause.
 */
static int
sysfs_of_host(const struct mount_spec *m, const struct spec *spec)
{
	int at, clone = -1;

	if (strcmp(m->type, "sysfs") != 0 ||
	    !spec_namespace(spec, CLONE_NEWUSER) || network_is_own())
		return -1;
	at = open("/sys", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (at >= 0) {
		clone = mount_clone(at, true);
		close(at);
	}
	if (clone < 0)
		diesys("config.json: mounts: %s: /sys of the host",
		    m->destination);
	return clone;
}

static int
fresh_open(
    const struct mount_spec *m, const struct mount_options *o, int target)
{
	bool ro = (o->set | o->tree_set) & MOUNT_ATTR_RDONLY;

	if (o->iversion || mount_old_is_needed(o->data))
		return mount_old(m->type, m->source, o->data,
		    (o->iversion ? MS_I_VERSION : 0) | (ro ? MS_RDONLY : 0),
		    target, m->destination);
	return mount_new(m->type, m->source, o->data,
	    ro ? MOUNT_ATTR_RDONLY : 0, m->destination);
}

/*
 * The flags go on before the mount is attached, so that nobody ever sees it
 * without them; propagation after it, for a detached mount has no peers.
 */
static void
mount_make(
    const struct mount_spec *m, const struct spec *spec, struct root *root)
{
	struct mount_options o;
	bool directory = true, late;
	int fd = -1, target;

	mount_options_parse(m, &o);
	if (o.propagation == MS_UNBINDABLE && root->mounts_in >= 0)
		die("config.json: mounts: %s: unbindable needs a mount "
		    "namespace of the container's own",
		    m->destination);
	late = protects_late(m, &o);
	if (!o.bind && strcmp(m->type, "tmpfs") == 0)
		tmpfs_prepare(m, root, &o);
	if (o.bind)
		fd = bind_open(m, &o, spec, root, &directory);
	target = target_open(m, root, directory);
	if (!o.bind)
		fd = sysfs_of_host(m, spec);
	if (!o.bind && fd >= 0) {
		o.bind = true;
		o.tree_set |= o.set & MOUNT_ATTR_RDONLY;
	} else if (!o.bind) {
		fd = fresh_open(m, &o, target);
	}
	if (o.copyup)
		copyup(target, fd, &o, m->destination);
	if (mount_change(fd, true, o.tree_set, o.tree_clear, 0) < 0 ||
	    mount_change(fd, false, o.set, o.clear, 0) < 0)
		diesys("config.json: mounts: %s: options", m->destination);
	if (mount_attach(fd, target) < 0)
		diesys("config.json: mounts: %s", m->destination);
	if (mount_change(fd, o.propagate_tree, 0, 0, o.propagation) < 0)
		diesys("config.json: mounts: %s: propagation", m->destination);
	root_add(root, fd, !o.bind);
	if (late)
		root_protect_late(root, fd);
	anchor_add(root, spec, m->destination, fd);
	close(target);
	close(fd);
	free(o.data);
}

static void
mount_cgroup(const struct mount_spec *m, const struct spec *spec,
    const struct cgroup *cgroup, const struct root *root)
{
	const struct namespace_spec *ns = spec_namespace(spec, CLONE_NEWCGROUP);
	struct mount_options o;
	int target;

	mount_options_parse(m, &o);
	target = target_open(m, root, true);
	cgroup_mount(cgroup, target, o.set, ns != NULL);
	close(target);
	free(o.data);
}

void
mounts_make(
    const struct spec *spec, const struct cgroup *cgroup, struct root *root)
{
	const struct mount_spec *m = spec->mounts;

	for (; m < spec->mounts + spec->nmounts; m++)
		if (strcmp(m->type, "cgroup") == 0 ||
		    strcmp(m->type, "cgroup2") == 0)
			mount_cgroup(m, spec, cgroup, root);
		else
			mount_make(m, spec, root);
}
