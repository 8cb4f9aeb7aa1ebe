/* SPDX-License-Identifier: ISC */
/* All containers of a state directory. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/die.h"
#include "lib/mem.h"
#include "lib/state.h"
#include "lib/statedir.h"
#include "ps/list.h"

static int
name_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/*
 * The names that can be containers, sorted, owned.  Names with a dot before
 * them are containers that have no state yet.
 */
static char **
names_read(int root, size_t *n)
{
	char **names = NULL;
	struct dirent *e;
	DIR *d;
	int fd;

	*n = 0;
	fd = fcntl(root, F_DUPFD_CLOEXEC, 3);
	d = fd < 0 ? NULL : fdopendir(fd);
	if (!d)
		diesys("state directory");
	while (errno = 0, (e = readdir(d))) {
		if (e->d_type != DT_DIR && e->d_type != DT_UNKNOWN)
			continue;
		if (!state_id_valid(e->d_name))
			continue;
		if ((*n & (*n - 1)) == 0)
			names = xreallocarray(
			    names, *n ? *n * 2 : 1, sizeof(*names));
		names[(*n)++] = xstrdup(e->d_name);
	}
	if (errno)
		diesys("state directory");
	closedir(d);
	if (*n)
		qsort(names, *n, sizeof(*names), name_compare);
	return names;
}

void
list_read(int root, struct list *list)
{
	const char *why;
	char **names;
	size_t n;

	*list = (struct list){0};
	if (root < 0)
		return;
	names = names_read(root, &n);
	list->all = xcalloc(n, sizeof(*list->all));
	for (size_t i = 0; i < n; i++) {
		if (state_read(root, names[i], &list->all[list->n], &why) == 0)
			list->n++;
		else if (errno != ENOENT && errno != ENOTDIR) {
			warn("%s: %s", names[i], why);
			list->incomplete = true;
		}
		free(names[i]);
	}
	free(names);
}

void
list_free(struct list *list)
{
	for (size_t i = 0; i < list->n; i++)
		state_free(&list->all[i]);
	free(list->all);
	*list = (struct list){0};
}
