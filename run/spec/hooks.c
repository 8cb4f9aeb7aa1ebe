/* SPDX-License-Identifier: ISC */
/* Reads "hooks" of config.json (config.md, "POSIX-platform Hooks"). */
#include <stdlib.h>

#include "lib/mem.h"
#include "run/spec/json.h"

#define HOOKS_MAX 1024 /* at a point */

static const char *const names[HOOK_POINTS] = {
    [HOOK_PRESTART] = "prestart",
    [HOOK_CREATE_RUNTIME] = "createRuntime",
    [HOOK_CREATE_CONTAINER] = "createContainer",
    [HOOK_START_CONTAINER] = "startContainer",
    [HOOK_POSTSTART] = "poststart",
    [HOOK_POSTSTOP] = "poststop",
};

const char *
spec_hook_name(enum hook_point point)
{
	return names[point];
}

static void
hook_read(const cJSON *json, const char *where, struct hook_spec *h)
{
	h->path = need_string(json, where, "path");
	if (*h->path != '/')
		spec_die(where, "path", "%s: must be absolute", h->path);
	h->args = get_strings(json, where, "args");
	if (!*h->args) {
		h->args = xcalloc(2, sizeof *h->args);
		h->args[0] = h->path;
	}
	h->env = get_strings(json, where, "env");
	h->timeout = get_int(json, where, "timeout", 1, INT32_MAX);
}

static void
hooks_read(const cJSON *json, const char *name, struct hook_list *list)
{
	const cJSON *item = get_objects(json, "hooks", name, &list->n);
	char *where = xasprintf("hooks.%s", name);

	if (list->n > HOOKS_MAX)
		spec_die("hooks", name, "more than %d", HOOKS_MAX);
	list->all = xcalloc(list->n, sizeof *list->all);
	for (size_t i = 0; item; item = item->next)
		hook_read(item, where, &list->all[i++]);
	free(where);
}

void
spec_hooks(const cJSON *root, struct hook_list lists[HOOK_POINTS])
{
	const cJSON *json = get_object(root, "", "hooks");

	for (int i = 0; i < HOOK_POINTS; i++)
		hooks_read(json, names[i], &lists[i]);
}
