/* SPDX-License-Identifier: ISC */
/* The namespaces that config.json asks for, before any is made or joined. */
#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/syscalls.h"
#include "run/container/idmap.h"
#include "run/container/namespaces.h"
#include "run/hooks/hooks.h"
#include "run/spec/spec.h"

static void
combination_check(const struct spec *spec)
{
	const struct namespace_spec *mount = spec_namespace(spec, CLONE_NEWNS);
	const struct namespace_spec *user = spec_namespace(spec, CLONE_NEWUSER);

	if (!mount && user)
		die("config.json: linux.namespaces: with a user namespace a "
		    "mount namespace must be among them");
	if ((!mount || mount->path) &&
	    spec->root_propagation & (MS_SHARED | MS_UNBINDABLE))
		die("config.json: linux.rootfsPropagation: needs a mount "
		    "namespace of the container's own");
	/* They would be looked up in the image of whoever made it. */
	if (mount && mount->path &&
	    hooks_any(spec->hooks, HOOK_CREATE_CONTAINER))
		die("config.json: hooks.createContainer: with the path of a "
		    "mount namespace their programs would be those found "
		    "there; use createRuntime");
	if (!user && geteuid() != 0)
		die("config.json: linux.namespaces: an ordinary user needs a "
		    "user namespace; make the bundle with oci-mkbundle "
		    "--rootless");
	if ((spec->hostname || spec->domainname) &&
	    !spec_namespace(spec, CLONE_NEWUTS))
		die("config.json: hostname: needs a uts namespace, or it "
		    "would be the host's");
}

/* A descriptor of the namespace at ns->path. */
static int
namespace_open(const struct namespace_spec *ns)
{
	/* Whatever else it may be, a FIFO is not waited for. */
	int fd = open(ns->path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		diesys("config.json: linux.namespaces: %s", ns->path);
	if (ioctl(fd, NS_GET_NSTYPE) != ns->flag)
		die("config.json: linux.namespaces: %s: not a namespace of "
		    "that type",
		    ns->path);
	return fd;
}

/* Whether the path of a namespace, NULL is none, is of this program's own. */
static bool
is_own(const struct namespace_spec *ns, const char *own_path)
{
	struct stat own, its;

	return ns && ns->path && stat(own_path, &own) == 0 &&
	       stat(ns->path, &its) == 0 && own.st_dev == its.st_dev &&
	       own.st_ino == its.st_ino;
}

static void
drop(struct spec *spec, const struct namespace_spec *ns)
{
	size_t i = ns - spec->namespaces;

	memmove(&spec->namespaces[i], &spec->namespaces[i + 1],
	    (--spec->nnamespaces - i) * sizeof *spec->namespaces);
}

/*
 * This program's own user namespace can't be joined, and a container without a
 * user namespace is in it anyway: engines name it for a container that is to
 * share the host's.  The same goes for the mount namespace, except that a user
 * namespace has to have one of its own.
 */
static void
own_drop(struct spec *spec)
{
	const struct namespace_spec *ns = spec_namespace(spec, CLONE_NEWUSER);

	if (is_own(ns, "/proc/self/ns/user")) {
		drop(spec, ns);
		spec->nuid_map = spec->ngid_map = 0;
	}
	ns = spec_namespace(spec, CLONE_NEWNS);
	if (!spec_namespace(spec, CLONE_NEWUSER) &&
	    is_own(ns, "/proc/self/ns/mnt"))
		drop(spec, ns);
}

void
namespaces_open(struct namespaces *n, struct spec *spec)
{
	const struct namespace_spec *user;

	own_drop(spec);
	combination_check(spec);
	user = spec_namespace(spec, CLONE_NEWUSER);
	*n = (struct namespaces){.spec = spec};
	n->user_joined = user && user->path;
	n->outside = geteuid() == 0 && user && !user->path;
	n->joined = xcalloc(spec->nnamespaces, sizeof *n->joined);
	for (size_t i = 0; i < spec->nnamespaces; i++) {
		const struct namespace_spec *ns = &spec->namespaces[i];

		n->joined[i] = ns->path ? namespace_open(ns) : -1;
		if (ns->path && ns->flag == CLONE_NEWUSER)
			idmaps_read(spec, n->joined[i], ns->path);
	}
}
