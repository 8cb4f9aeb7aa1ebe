/* SPDX-License-Identifier: ISC */
/* The object process: what runs, as whom, where, and with which rights. */
#include "bundle/process.h"

#include <stdbool.h>
#include <stdlib.h>

#include "bundle/capability.h"
#include "bundle/env.h"
#include "bundle/idmap.h"
#include "bundle/imageconfig.h"
#include "bundle/options.h"
#include "bundle/path.h"
#include "bundle/user.h"
#include "lib/die.h"
#include "lib/json.h"

static void
words_add(cJSON *array, const cJSON *words)
{
	const cJSON *word;

	cJSON_ArrayForEach(word, words)
	    cJSON_AddItemToArray(array, cJSON_CreateString(word->valuestring));
}

/* [""] is how a Dockerfile takes the entrypoint of its base image away. */
static const cJSON *
image_entrypoint(const struct image_config *image)
{
	const cJSON *first =
	    image->entrypoint ? image->entrypoint->child : NULL;

	return first && !first->next && !*first->valuestring
		   ? NULL
		   : image->entrypoint;
}

/*
 * Entrypoint and Cmd.  A command of the user's takes the place of Cmd; so
 * does an entrypoint, for Cmd was written for the image's.
 */
static cJSON *
args_make(const struct options *o, const struct image_config *image)
{
	cJSON *args = cJSON_CreateArray();

	if (!o->entrypoint)
		words_add(args, image_entrypoint(image));
	else if (*o->entrypoint)
		cJSON_AddItemToArray(args, cJSON_CreateString(o->entrypoint));
	if (o->command)
		for (char **word = o->command; *word; word++)
			cJSON_AddItemToArray(args, cJSON_CreateString(*word));
	else if (!o->entrypoint)
		words_add(args, image->cmd);
	if (!args->child || !*args->child->valuestring)
		die("%s: there is no command to run; give one after --",
		    o->image ? o->image : o->bundle);
	return args;
}

static void
mapped_or_die(const struct id_map *map, const char *what, int64_t id)
{
	if (!id_is_mapped(map, id))
		die("%s %lld: outside the user namespace; add subordinate ids "
		    "(subuid(5), subgid(5)) or give --user 0",
		    what, (long long)id);
}

/*
 * The primary group comes first, as engines have it: a process that isn't in
 * it by its supplementary groups too could get past what is denied to the
 * group by changing its gid (CVE-2022-36109).
 */
static cJSON *
groups_make(const struct user *u, const struct idmap *ids)
{
	cJSON *groups = cJSON_CreateArray();

	cJSON_AddItemToArray(groups, cJSON_CreateNumber((double)u->gid));
	for (size_t i = 0; i < u->ngroups; i++)
		if (u->groups[i] != u->gid &&
		    id_is_mapped(&ids->gids, u->groups[i]))
			cJSON_AddItemToArray(
			    groups, cJSON_CreateNumber((double)u->groups[i]));
	return groups;
}

static cJSON *
user_make(const struct user *u, const struct idmap *ids)
{
	cJSON *user = cJSON_CreateObject();

	mapped_or_die(&ids->uids, "user", u->uid);
	mapped_or_die(&ids->gids, "group", u->gid);
	json_add_int(user, "uid", u->uid);
	json_add_int(user, "gid", u->gid);
	/* With a single id there is no setgroups(2). */
	if (ids->gids.n != 1)
		cJSON_AddItemToObject(
		    user, "additionalGids", groups_make(u, ids));
	return user;
}

/*
 * The inheritable and ambient sets stay empty: what is in them would pass
 * through the exec of a program that has no such file capability.
 */
static void
capabilities_add(cJSON *process, uint64_t set)
{
	static const char *const names[] = {
	    "bounding", "effective", "permitted"};
	cJSON *sets = cJSON_AddObjectToObject(process, "capabilities");

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		cJSON_AddItemToObject(sets, names[i], capabilities_json(set));
}

cJSON *
process_make(const struct options *o, const struct image_config *image,
    const struct idmap *ids, int root)
{
	const char *dir = o->workdir ? o->workdir : image->workdir;
	const char *name = o->user ? o->user : image->user;
	cJSON *process = cJSON_CreateObject(), *env;
	struct user user;

	user_resolve(root, name ? name : "", &user);
	env = env_make(image->env, o->env);
	env_default(env, "HOME", user.home ? user.home : "/");
	if (o->tty == TTY_YES)
		env_default(env, "TERM", "xterm");
	workdir_check(root, dir ? dir : "/");

	/* Left out, a runtime takes it for false, and oci-run looks around. */
	if (o->tty)
		cJSON_AddBoolToObject(process, "terminal", o->tty == TTY_YES);
	cJSON_AddItemToObject(process, "user", user_make(&user, ids));
	cJSON_AddItemToObject(process, "args", args_make(o, image));
	cJSON_AddItemToObject(process, "env", env);
	cJSON_AddStringToObject(process, "cwd", dir ? dir : "/");
	capabilities_add(process, o->capabilities);
	if (o->rlimits->child)
		cJSON_AddItemToObject(
		    process, "rlimits", cJSON_Duplicate(o->rlimits, true));
	cJSON_AddBoolToObject(process, "noNewPrivileges", !o->new_privileges);
	free(user.home);
	free(user.groups);
	return process;
}
