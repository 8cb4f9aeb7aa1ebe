/* SPDX-License-Identifier: ISC */
/* Taking away what is at a name, with all that is in it. */
#include "unpack/tree/removal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "unpack/tree/walk.h"

static int
each(struct walk *w, int dir, const char *name, int type)
{
	(void)w;
	if (type == DT_DIR)
		return 1;
	if (unlinkat(dir, name, 0) == 0)
		return 0;
	return errno == EISDIR ? 1 : -1;
}

static int
leave(struct walk *w, int dir, const char *name)
{
	(void)w;
	return unlinkat(dir, name, AT_REMOVEDIR);
}

int
removal(int dir, const char *name)
{
	struct walk w = {.each = each, .leave = leave};
	int r = each(&w, dir, name, DT_UNKNOWN);

	return r > 0 ? walk_at(&w, dir, name) : r;
}

int
removal_empty(int fd)
{
	struct walk w = {.each = each, .leave = leave};

	return walk_in(&w, fd);
}
