/* SPDX-License-Identifier: ISC */
/* That a bundle uses layers, said where they are. */
#include "bundle/uses.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/layeruse.h"
#include "lib/mem.h"

int
uses_lock(const char *store)
{
	int dir = open(store, O_RDONLY | O_DIRECTORY | O_CLOEXEC), lock = -1;
	struct stat st;

	if (dir < 0)
		return -1;
	if (fstat(dir, &st))
		diesys("%s", store);
	if (st.st_uid == geteuid() && !(st.st_mode & 022) &&
	    !faccessat(dir, LAYERS_ABOUT, F_OK, AT_SYMLINK_NOFOLLOW))
		lock = layeruse_lock(dir, store, 0);
	close(dir);
	return lock;
}

/* Whether it is there; in a file system that is read-only it may not be. */
static bool
make(int store, const char *name)
{
	int fd = openat(
	    store, name, O_RDONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0 && errno != EROFS)
		diesys("%s", name);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* In place of what a copied bundle has, which is no link. */
static void
note(int rootfs, int store, const char *layer)
{
	char *name = layeruse_name(layer, "");
	char *pinned = layeruse_name(layer, LAYERS_PINNED);
	const char *own = strchr(name, '/') + 1;
	char *at = xasprintf("used/%s", own);

	unlinkat(rootfs, at, 0);
	if (make(store, name) && linkat(store, name, rootfs, at, 0)) {
		if (errno != EXDEV && errno != EMLINK)
			diesys("rootfs of the bundle: %s", at);
		make(store, pinned);
	}
	free(at);
	free(pinned);
	free(name);
}

void
uses_note(int rootfs, const char *store, const char *names)
{
	int dir = open(store, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool marked;
	char *layer;
	size_t n;

	if (dir < 0)
		diesys("%s", store);
	marked = !mkdirat(dir, LAYERS_USED, 0700) || errno == EEXIST;
	if ((!marked && errno != EROFS) ||
	    (mkdirat(rootfs, "used", 0755) && errno != EEXIST))
		diesys("rootfs of the bundle: used");
	for (; marked && *names; names += n + (names[n] == '\n')) {
		n = strcspn(names, "\n");
		layer = xstrndup(names, n);
		note(rootfs, dir, layer);
		free(layer);
	}
	close(dir);
}
