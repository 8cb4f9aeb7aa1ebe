/* SPDX-License-Identifier: ISC */
/* Who uses which of the layers that images share. */
#include "lib/layeruse.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "lib/die.h"
#include "lib/directory.h"
#include "lib/mem.h"

int
layeruse_lock(int layers, const char *path, int exclusive)
{
	int fd = openat(layers, LAYERS_LOCK,
	    O_RDONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);

	/* A copy without that file, where nobody removes anything. */
	if (fd < 0 && errno == EROFS && !exclusive)
		return openat(layers, ".", O_PATH | O_CLOEXEC);
	if (fd < 0)
		diesys("%s/" LAYERS_LOCK, path);
	if (exclusive)
		directory_lock(fd, path);
	else
		directory_lock_shared(fd, path);
	return fd;
}

char *
layeruse_name(const char *layer, const char *behind)
{
	int n = (int)strcspn(layer, "/");

	return xasprintf(LAYERS_USED "/%.*s-%s%s", n, layer,
	    layer + n + (layer[n] == '/'), behind);
}
