/* SPDX-License-Identifier: ISC */
/* The name of a container that its user gave none. */
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/statedir.h"
#include "run/container/id.h"

#define NAME_MOST 243 /* of an ID's 254 bytes: a pid has seven at most */

/* Others may have our pid in a namespace of theirs, or had it before us. */
static bool
is_taken(int root, const char *id)
{
	return faccessat(root, id, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool
fits(char c, bool first)
{
	return c == '.' || c == '-' ? !first
				    : state_id_valid((char[]){c, '\0'});
}

char *
id_make(int root, const char *bundle)
{
	char path[PATH_MAX], *name, *id;

	if (!realpath(bundle, path))
		diesys("%s", bundle);
	name = strrchr(path, '/') + 1;
	name[strnlen(name, NAME_MOST)] = '\0';
	for (char *p = name; *p; p++)
		if (!fits(*p, p == name))
			*p = '_';
	if (!*name)
		strcpy(name, "_"); /* of the bundle / */
	id = xasprintf("%s-%d", name, (int)getpid());
	for (int n = 2; is_taken(root, id); n++) {
		free(id);
		id = xasprintf("%s-%d.%d", name, (int)getpid(), n);
	}
	return id;
}
