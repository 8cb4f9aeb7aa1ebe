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

/*
 * Its own can't be joined, and then the container is in no other: engines name
 * it for one that is to share the host's.
 */
static void
own_user_drop(struct spec *spec)
{
	const struct namespace_spec *user = spec_namespace(spec, CLONE_NEWUSER);
	size_t i = user ? user - spec->namespaces : 0;
	struct stat own, its;

	if (!user || !user->path || stat("/proc/self/ns/user", &own) < 0 ||
	    stat(user->path, &its) < 0 || own.st_dev != its.st_dev ||
	    own.st_ino != its.st_ino)
		return;
	memmove(&spec->namespaces[i], &spec->namespaces[i + 1],
	    (--spec->nnamespaces - i) * sizeof *spec->namespaces);
	spec->nuid_map = spec->ngid_map = 0;
}

void
namespaces_open(struct namespaces *n, struct spec *spec)
{
	const struct namespace_spec *user;

	own_user_drop(spec);
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
