/* SPDX-License-Identifier: ISC */
/* The control groups of a container as its state.json has them. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/statecgroup.h"

static const char *const roles[] = {
    [CGROUP_MADE] = "made",
    [CGROUP_TAKEN] = "taken",
    [CGROUP_PARENT] = "parent",
};

#define N_ROLES (sizeof roles / sizeof *roles)

void
state_cgroups_add(struct state_cgroups *list, const char *path, uint64_t device,
    uint64_t inode, enum cgroup_role role)
{
	list->v = xreallocarray(list->v, list->n + 1, sizeof *list->v);
	list->v[list->n++] = (struct state_cgroup){
	    .path = xstrdup(path),
	    .device = device,
	    .inode = inode,
	    .role = role,
	};
}

void
state_cgroups_made(struct state_cgroups *list, const char *path,
    uint64_t device, uint64_t inode, enum cgroup_role role)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->v[i].path, path) == 0) {
			list->v[i].device = device;
			list->v[i].inode = inode;
			list->v[i].role = role;
		}
}

void
state_cgroups_settle(struct state_cgroups *list)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].inode)
			list->v[n++] = list->v[i];
		else
			free(list->v[i].path);
	list->n = n;
}

static int
entry_parse(const cJSON *item, struct state_cgroups *list)
{
	const char *path = json_string(item, "path");
	const char *role = json_string(item, "role");
	uint64_t device, inode;

	if (!path || *path != '/' || !role ||
	    json_uint(json_get(item, "device"), UINT64_MAX, &device) < 0 ||
	    json_uint(json_get(item, "inode"), UINT64_MAX, &inode) < 0)
		return -1;
	for (size_t i = 0; i < N_ROLES; i++)
		if (strcmp(role, roles[i]) == 0) {
			state_cgroups_add(list, path, device, inode, i);
			return 0;
		}
	return -1;
}

int
state_cgroups_parse(
    const cJSON *state, struct state_cgroups *list, const char **why)
{
	const cJSON *array = json_get(state, "cgroups"), *item;
	const char *claim = json_string(state, "claim");

	*list = (struct state_cgroups){.claim = claim ? xstrdup(claim) : NULL};
	*why = "state.json has cgroups of no use";
	if (array && !cJSON_IsArray(array))
		return -1;
	cJSON_ArrayForEach(item, array)
	{
		if (!cJSON_IsObject(item) || entry_parse(item, list) < 0)
			return -1;
	}
	return 0;
}

void
state_cgroups_write(cJSON *state, const struct state_cgroups *list)
{
	cJSON *array = cJSON_CreateArray(), *item;
	struct buf paths = {0};

	for (size_t i = 0; i < list->n; i++) {
		const struct state_cgroup *c = &list->v[i];

		buf_addf(&paths, "%s%s", i ? ":" : "", c->path);
		item = cJSON_CreateObject();
		cJSON_AddItemToArray(array, item);
		cJSON_AddStringToObject(item, "path", c->path);
		json_add_uint(item, "device", c->device);
		json_add_uint(item, "inode", c->inode);
		cJSON_AddStringToObject(item, "role", roles[c->role]);
	}
	cJSON_AddStringToObject(state, "cgroup", paths.data ? paths.data : "");
	if (list->claim)
		cJSON_AddStringToObject(state, "claim", list->claim);
	cJSON_AddItemToObject(state, "cgroups", array);
	buf_free(&paths);
}

/* Whether the directory still is the cgroup that it was. */
static bool
is_named(const struct state_cgroup *c)
{
	struct stat st;

	return lstat(c->path, &st) == 0 && S_ISDIR(st.st_mode) &&
	       c->device == st.st_dev && c->inode == st.st_ino;
}

static bool
file_is_one(const char *path, const char *file)
{
	char *name = xasprintf("%s/%s", path, file), first = '0';
	int fd = open(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0 && read(fd, &first, 1) < 0)
		first = '0';
	if (fd >= 0)
		close(fd);
	free(name);
	return first == '1';
}

bool
state_cgroups_frozen(const struct state_cgroups *list)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct state_cgroup *c = &list->v[i];

		if (c->role != CGROUP_PARENT &&
		    (file_is_one(c->path, "freezer.self_freezing") ||
			file_is_one(c->path, "cgroup.freeze")) &&
		    is_named(c))
			return true;
	}
	return false;
}

void
state_cgroups_free(struct state_cgroups *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->v[i].path);
	free(list->v);
	free(list->claim);
	*list = (struct state_cgroups){0};
}
