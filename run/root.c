/* SPDX-License-Identifier: ISC */
/* The root file system of a container. */
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/die.h"
#include "run/mount.h"
#include "run/root.h"
#include "run/spec.h"

/*
 * Mounts of the host are to be seen in the container's namespace at most
 * (slave), and never the other way round; "shared" is for the container's own
 * root, which is made so when it is in place.
 */
static unsigned long
host_propagation(const struct spec *spec)
{
	if (spec->root_propagation & MS_PRIVATE)
		return MS_PRIVATE;
	return MS_SLAVE;
}

int
root_prepare(const struct spec *spec)
{
	int at, root;

	if (mount(NULL, "/", NULL, host_propagation(spec) | MS_REC, NULL) < 0)
		diesys("mount propagation of /");
	at = open(spec->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (at < 0)
		diesys("%s", spec->root);
	/* A mount of its own: pivot_root(2) wants one. */
	root = mount_clone(at, true);
	if (root < 0 || mount_attach(root, at) < 0)
		diesys("%s: bind on itself", spec->root);
	close(at);
	return root;
}

void
root_enter(const struct spec *spec, int root)
{
	unsigned long p = spec->root_propagation;

	if (fchdir(root) < 0 || syscall(SYS_pivot_root, ".", ".") < 0)
		diesys("%s: pivot_root", spec->root);
	/* The old root now lies on top of the new one, at ".". */
	if (umount2(".", MNT_DETACH) < 0 || chdir("/") < 0)
		diesys("leaving the host's root");
	if (p & (MS_SHARED | MS_UNBINDABLE) &&
	    mount(NULL, "/", NULL, p, NULL) < 0)
		diesys("config.json: linux.rootfsPropagation");
	if (spec->root_readonly &&
	    mount_change(root, false, MOUNT_ATTR_RDONLY, 0, 0) < 0)
		diesys("config.json: root.readonly");
	close(root);
}
