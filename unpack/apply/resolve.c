/* SPDX-License-Identifier: ISC */
/* Names with symbolic links in them: one component after the other. */
#include "unpack/apply/resolve.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/die.h"
#include "lib/mem.h"

#define LINKS_MAX 40 /* the kernel's limit, too */

/* Put the target of a link before the rest. */
static void
way_link(struct way *w, const char *target)
{
	char *rest;

	w->bytes += strlen(target);
	if (++w->links > LINKS_MAX || w->bytes >= PATH_MAX)
		die("%s: too many symbolic links", w->name);
	if (*target == '/')
		w->steps->top(w);
	rest = xasprintf("%s/%s", target, w->rest + w->next);
	free(w->rest);
	w->rest = rest;
	w->next = 0;
}

/* One component; false when it isn't there. */
static bool
way_step(struct way *w, const char *name, enum enter how)
{
	char target[PATH_MAX];
	enum step step = w->steps->down(w, name, target);

	if (step == STEP_LINK)
		way_link(w, target);
	if (step == STEP_DOWN || step == STEP_LINK)
		return true;
	if (how != ENTER_MAKE)
		return false;
	w->steps->make(w, name, step == STEP_OTHER);
	return true;
}

/* Take the next component off the rest. */
static void
way_take(struct way *w, char component[NAME_MAX + 1])
{
	const char *rest = w->rest + w->next;
	size_t n = strcspn(rest, "/");

	if (n > NAME_MAX) {
		errno = ENAMETOOLONG;
		diesys("%.60s...", rest);
	}
	memcpy(component, rest, n);
	component[n] = 0;
	w->next += n + strspn(rest + n, "/");
}

bool
resolve(struct way *w, enum enter how)
{
	char component[NAME_MAX + 1];
	bool there = true;

	w->rest = xstrdup(w->name);
	w->steps->top(w);
	while (there && w->rest[w->next]) {
		way_take(w, component);
		if (!strcmp(component, ".."))
			w->steps->up(w);
		else if (*component && strcmp(component, "."))
			there = way_step(w, component, how);
	}
	free(w->rest);
	return there;
}
