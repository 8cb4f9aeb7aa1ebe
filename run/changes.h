/* SPDX-License-Identifier: ISC */
/* What the command line has in place of a process of config.json. */
#ifndef RUN_CHANGES_H
#define RUN_CHANGES_H

#include <stdint.h>

#include "lib/options.h"

struct process_spec;

struct user_option {
	int64_t uid, gid; /* -1: as config.json has it */
};

struct changes {
	char **command;         /* NULL: as config.json has it, as the others */
	struct option_list env; /* NAME=VALUE */
	const char *cwd;
	struct user_option user;
};

#define CHANGES_NONE                                                           \
	{                                                                      \
		.user = { -1, -1 }                                             \
	}

/* The lines in a table whose struct options has it as "changes". */
#define CHANGES_OPTIONS                                                        \
	{"env", 'e', "NAME=VALUE", "a variable, over config.json's",           \
	    OPTION_CALL(changes.env, changes_env)},                            \
	    {"cwd", 0, "DIR",                                                  \
		"where the process starts, in place of config.json's",         \
		OPTION_CALL(changes.cwd, changes_cwd)},                        \
	{                                                                      \
		"user", 'u', "UID[:GID]",                                      \
		    "who it is, in place of config.json's",                    \
		    OPTION_CALL(changes.user, changes_user)                    \
	}

const char *changes_env(void *env, char *text);
const char *changes_cwd(void *cwd, char *path);
const char *changes_user(void *user, char *text);

/* Dies of wrong usage: of a command that is none. */
void changes_check(const struct changes *c);

/* Make them, and have each variable once. */
void changes_apply(const struct changes *c, struct process_spec *p);

/* What programs expect at a terminal, if there is one. */
void changes_terminal(struct process_spec *p);

#endif
