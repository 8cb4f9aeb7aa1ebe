/* SPDX-License-Identifier: ISC */
/* The state of a container as JSON: in its file, and for others. */
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/state.h"
#include "lib/statejson.h"

#define PID_MAX_LIMIT (1 << 22)

static int
wrong(const char **why, const char *reason)
{
	*why = reason;
	return -1;
}

/* A member that must be a string; NULL when it isn't. */
static char *
string_copy(const cJSON *json, const char *name)
{
	const char *text = json_string(json, name);

	return text ? xstrdup(text) : NULL;
}

static bool
strings_only(const cJSON *obj)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, obj)
	{
		if (!cJSON_IsString(item))
			return false;
	}
	return true;
}

int
state_parse(const cJSON *json, struct state *s, const char **why)
{
	const cJSON *annotations = json_get(json, "annotations");
	int64_t pid;

	s->version = string_copy(json, "ociVersion");
	s->id = string_copy(json, "id");
	s->status = string_copy(json, "status");
	s->bundle = string_copy(json, "bundle");
	s->rootfs = string_copy(json, "rootfs");
	s->created = string_copy(json, "created");
	s->boot = string_copy(json, "boot");
	if (!s->version || !s->id || !s->status || !s->bundle || !s->rootfs ||
	    !s->created || !json_string(json, "cgroup"))
		return wrong(why, "state.json lacks a property");
	if (*s->bundle != '/' || *s->rootfs != '/')
		return wrong(why, "state.json has a path that isn't absolute");
	if (json_int(json_get(json, "pid"), 0, PID_MAX_LIMIT, &pid) < 0 ||
	    json_uint(json_get(json, "start"), UINT64_MAX, &s->start) < 0)
		return wrong(why, "state.json has no good pid and start");
	s->pid = pid;
	if (state_cgroups_parse(json, &s->cgroups, why) < 0)
		return -1;
	if (annotations &&
	    (!cJSON_IsObject(annotations) || !strings_only(annotations)))
		return wrong(why, "state.json has annotations of no use");
	if (annotations)
		s->annotations = cJSON_Duplicate(annotations, true);
	return 0;
}

/* What both have; a pid of 0 is only for the file. */
static cJSON *
common(const struct state *s, bool pid)
{
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "ociVersion", s->version);
	cJSON_AddStringToObject(json, "id", s->id);
	if (pid)
		json_add_int(json, "pid", s->pid);
	cJSON_AddStringToObject(json, "status", s->status);
	cJSON_AddStringToObject(json, "bundle", s->bundle);
	cJSON_AddStringToObject(json, "rootfs", s->rootfs);
	cJSON_AddStringToObject(json, "created", s->created);
	if (s->annotations && s->annotations->child)
		cJSON_AddItemReferenceToObject(
		    json, "annotations", s->annotations);
	return json;
}

cJSON *
state_json(const struct state *s)
{
	cJSON *json = common(s, true);

	json_add_uint(json, "start", s->start);
	if (s->boot)
		cJSON_AddStringToObject(json, "boot", s->boot);
	state_cgroups_write(json, &s->cgroups);
	return json;
}

cJSON *
state_json_public(const struct state *s)
{
	cJSON *json = common(s, s->pid != 0);

	if (strcmp(s->status, "stopped") == 0 && s->exit_known)
		json_add_int(json, "exitStatus", s->exit_status);
	return json;
}
