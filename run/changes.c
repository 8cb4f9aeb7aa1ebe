/* SPDX-License-Identifier: ISC */
/* What the command line has in place of a process of config.json. */
#include "run/changes.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "run/process/environment.h"
#include "run/spec/spec.h"

const char *
changes_env(void *env, char *text)
{
	struct option_list *list = env;

	if (!strchr(text, '=') || *text == '=')
		return "must be NAME=VALUE";
	options_list_add(list, text);
	return NULL;
}

const char *
changes_cwd(void *cwd, char *path)
{
	*(const char **)cwd = path;
	return *path == '/' ? NULL : "must be an absolute path";
}

/* The digits at *text, which moves behind them; -1: no number of a user. */
static int64_t
id_take(char **text)
{
	int64_t n = -1;

	if (**text >= '0' && **text <= '9')
		n = strtoll(*text, text, 10);
	return n < UINT32_MAX ? n : -1;
}

const char *
changes_user(void *at, char *text)
{
	struct user_option *user = at;
	bool good;

	user->uid = id_take(&text);
	user->gid = -1;
	good = user->uid >= 0;
	if (good && *text == ':') {
		text++;
		user->gid = id_take(&text);
		good = user->gid >= 0;
	}
	return good && !*text ? NULL : "must be UID or UID:GID";
}

void
changes_check(const struct changes *c)
{
	if (c->command && !**c->command)
		die_usage("the command after -- is empty");
}

void
changes_apply(const struct changes *c, struct process_spec *p)
{
	if (c->command)
		p->args = c->command;
	for (size_t i = 0; i < c->env.n; i++)
		environment_add(&p->env, (char *)c->env.all[i]);
	environment_settle(p->env);
	if (c->cwd)
		p->cwd = (char *)c->cwd;
	if (c->user.uid >= 0)
		p->uid = (uid_t)c->user.uid;
	if (c->user.gid >= 0)
		p->gid = (gid_t)c->user.gid;
}

void
changes_terminal(struct process_spec *p)
{
	if (p->terminal && !environment_get(p->env, "TERM"))
		environment_add(&p->env, xstrdup("TERM=xterm"));
}
