/* SPDX-License-Identifier: ISC */
/* Servers that want to be left alone for a while. */
#include "fetch/registry/pause.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fetch/registry/address.h"
#include "lib/mem.h"

struct pause {
	struct pause *next;
	char *host, *port;
	int64_t until;
};

int64_t
clock_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static struct pause *
find(const struct pause *list, const struct address *a)
{
	while (list && (strcmp(list->host, a->host) != 0 ||
			   strcmp(list->port, a->port) != 0))
		list = list->next;
	return (struct pause *)list;
}

void
pause_set(struct pause **list, const struct address *a, int64_t until)
{
	struct pause *p = find(*list, a);

	if (!p) {
		p = xmalloc(sizeof *p);
		*p = (struct pause){
		    *list, xstrdup(a->host), xstrdup(a->port), 0};
		*list = p;
	}
	if (until > p->until)
		p->until = until;
}

int64_t
pause_end(const struct pause *list, const struct address *a)
{
	const struct pause *p = find(list, a);

	return p ? p->until : 0;
}

void
pause_free(struct pause *list)
{
	struct pause *next;

	for (; list; list = next) {
		next = list->next;
		free(list->host);
		free(list->port);
		free(list);
	}
}
