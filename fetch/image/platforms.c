/* SPDX-License-Identifier: ISC */
/* The platforms that the user named. */
#include "fetch/image/platforms.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

/* Add a platform, unless it is there; it becomes the list's. */
static void
add(struct platforms *list, struct platform *p)
{
	char *text = platform_text(p), *other;
	bool is_new = true;

	for (size_t i = 0; i < list->n && is_new; i++) {
		other = platform_text(&list->all[i]);
		is_new = strcmp(text, other) != 0;
		free(other);
	}
	free(text);
	if (!is_new) {
		platform_free(p);
		return;
	}
	list->all = xreallocarray(list->all, list->n + 1, sizeof *list->all);
	list->all[list->n++] = *p;
}

const char *
platforms_take(void *at, char *text)
{
	static const char wrong[] =
	    "must be OS/ARCH[/VARIANT], or several with commas between them";
	char *copy = xstrdup(text), *word, *next;
	const char *why = NULL;
	struct platform p;

	for (word = copy; word && !why; word = next) {
		next = strchr(word, ',');
		if (next)
			*next++ = '\0';
		if (platform_parse(word, &p) < 0)
			why = wrong;
		else
			add(at, &p);
	}
	free(copy);
	return why;
}
