/* SPDX-License-Identifier: ISC */
/* The hooks of a container (config.md, "POSIX-platform Hooks"). */
#include <stdlib.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/procstat.h"
#include "lib/state.h"
#include "lib/statejson.h"
#include "run/container/signals.h"
#include "run/hooks/hook.h"
#include "run/hooks/hooks.h"

bool
hooks_any(const struct hook_list *lists, enum hook_point point)
{
	return lists[point].n > 0;
}

/* The status at each point, runtime.md, "Lifecycle". */
static const char *
point_status(enum hook_point point)
{
	switch (point) {
	case HOOK_START_CONTAINER:
		return "created";
	case HOOK_POSTSTART:
		return "running";
	case HOOK_POSTSTOP:
		return "stopped";
	default:
		return "creating";
	}
}

/* What a hook reads, owned. */
static char *
input_text(const struct state *state, enum hook_point point, pid_t pid)
{
	const char *status = point_status(point);
	struct state now = *state;
	char *text, *line;
	cJSON *json;

	/* Its program may be done already. */
	if (point == HOOK_POSTSTART && !procstat_lives(pid, state->start)) {
		status = point_status(HOOK_POSTSTOP);
		pid = 0;
	}
	now.status = (char *)status;
	now.pid = pid;
	json = state_json_public(&now);
	text = json_text(json);
	line = xasprintf("%s\n", text);
	cJSON_Delete(json);
	free(text);
	return line;
}

/* "config.json: hooks.prestart[0]: /bin/hook"; owned. */
static char *
hook_name(const struct hook_list *list, enum hook_point point, size_t i)
{
	return xasprintf("config.json: hooks.%s[%zu]: %s",
	    spec_hook_name(point), i, list->all[i].path);
}

static void
run_all(const struct hook_list *lists, enum hook_point point,
    const struct hook_way *way)
{
	const struct hook_list *list = &lists[point];
	enum hook_end how;
	char *why;

	for (size_t i = 0; i < list->n; i++) {
		how = hook_run(&list->all[i], way, &why);
		if (how == HOOK_INTERRUPTED)
			signals_end();
		if (how != HOOK_DONE)
			die("%s: %s", hook_name(list, point, i), why);
	}
}

void
hooks_run(const struct hook_list *lists, enum hook_point point,
    const struct state *state, pid_t pid, int pidfd)
{
	struct hook_way way = {.cwd = state->bundle, .process = pidfd};
	char *input;

	if (!hooks_any(lists, point))
		return;
	input = input_text(state, point, pid);
	way.input = input;
	run_all(lists, point, &way);
	free(input);
}

void
hooks_run_inside(const struct hook_list *lists, enum hook_point point,
    const struct state *state, bool bundle, void (*last)(const void *arg),
    const void *arg)
{
	struct hook_way way = {
	    .cwd = bundle ? state->bundle : NULL,
	    .last = last,
	    .arg = arg,
	    .in_container = true,
	    .process = -1,
	};
	char *input;

	if (!hooks_any(lists, point))
		return;
	input = input_text(state, point, getpid());
	way.input = input;
	run_all(lists, point, &way);
	free(input);
}

bool
hooks_poststop(const struct hook_list *lists, const struct state *state)
{
	const struct hook_list *list = &lists[HOOK_POSTSTOP];
	struct hook_way way = {.cwd = state->bundle, .process = -1};
	enum hook_end how = HOOK_DONE;
	char *input, *name, *why;

	/* A crash of the machine may have left nothing to be said. */
	if (!list->n || !state->bundle)
		return true;
	input = input_text(state, HOOK_POSTSTOP, 0);
	way.input = input;
	for (size_t i = 0; i < list->n && how != HOOK_INTERRUPTED; i++) {
		how = hook_run(&list->all[i], &way, &why);
		if (how == HOOK_DONE)
			continue;
		name = hook_name(list, HOOK_POSTSTOP, i);
		warn("%s: %s%s", name, why,
		    how == HOOK_INTERRUPTED ? "; oci-delete runs it again"
					    : "");
		free(name);
		free(why);
	}
	free(input);
	return how != HOOK_INTERRUPTED;
}
